//! Fetching the discovery document (OIDC Discovery §4).

use url::Url;

use super::answer::{Answer, FetchError, NotAnObject};
use super::fetcher::Fetcher;
use super::member::MemberType;
use super::metadata::Metadata;

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// What came from the address of a discovery document.
#[derive(Debug)]
pub struct Discovery {
    /// The answer.
    pub answer: Answer,
    /// The document in it.
    pub document: Result<DiscoveryDocument, NotAnObject>,
}

/// A discovery document.
#[derive(Debug)]
pub struct DiscoveryDocument {
    /// Its members.
    pub metadata: Metadata,
    /// How its issuer compares with the configured one.
    pub issuer: IssuerMatch,
}

/// How the issuer of a document compares with the configured one (OIDC
/// Discovery §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerMatch {
    /// They are the same.
    Same,
    /// Only one ends with a slash.
    SlashDiffers,
    /// They differ.
    Differs,
    /// The document has none, or one of this type.
    NotText(MemberType),
}

/// Returns the address of the document for an issuer URL (OIDC Discovery §4.1).
/// A full address stays as it is.
pub fn discovery_address(configured: &str) -> String {
    if configured.contains("/.well-known/") {
        return configured.to_owned();
    }
    format!("{}{WELL_KNOWN}", configured.trim_end_matches('/'))
}

/// Fetches the document at `address`, and compares its issuer with the
/// `configured` URL.
pub async fn discover(fetcher: Fetcher<'_>, address: &str, configured: &str) -> Result<Discovery, FetchError> {
    let answer = fetcher.get(address).await?;
    let document = answer.object().map(Metadata).map(|metadata| {
        let issuer = IssuerMatch::of(configured, &metadata);
        DiscoveryDocument { metadata, issuer }
    });
    Ok(Discovery { answer, document })
}

impl IssuerMatch {
    /// The issuer is the configured URL without the suffix. For a URL with the
    /// suffix, a slash before it belongs to either.
    fn of(configured: &str, metadata: &Metadata) -> Self {
        let found = MemberType::of(metadata.0.get("issuer"));
        if found != MemberType::Text {
            return Self::NotText(found);
        }
        let normal = |text: &str| Url::parse(text).map_or_else(|_| text.to_owned(), String::from);
        let base = configured.split_once("/.well-known/").map(|(base, _)| base);
        let (own, expected) = (normal(metadata.text("issuer")), normal(base.unwrap_or(configured)));
        if own == expected {
            return Self::Same;
        }
        match (own.trim_end_matches('/') == expected.trim_end_matches('/'), base) {
            (true, Some(_)) => Self::Same,
            (true, None) => Self::SlashDiffers,
            (false, _) => Self::Differs,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    #[rstest]
    #[case("https://h", json!("https://h/"), IssuerMatch::Same)]
    #[case("https://h/a", json!("https://h/a"), IssuerMatch::Same)]
    #[case("https://h/a", json!("https://h/a/"), IssuerMatch::SlashDiffers)]
    #[case("https://h/a", json!("https://h/b"), IssuerMatch::Differs)]
    #[case("https://h/a/.well-known/openid-configuration", json!("https://h/a/"), IssuerMatch::Same)]
    #[case("https://h/a/.well-known/openid-configuration", json!("https://evil/a/"), IssuerMatch::Differs)]
    #[case("https://h", json!(["https://h"]), IssuerMatch::NotText(MemberType::List))]
    #[case("https://h", json!(""), IssuerMatch::NotText(MemberType::EmptyText))]
    fn compares_issuers(#[case] configured: &str, #[case] issuer: Value, #[case] expected: IssuerMatch) {
        let metadata = Metadata([("issuer".to_owned(), issuer)].into_iter().collect());
        assert_eq!(IssuerMatch::of(configured, &metadata), expected);
    }
}

//! The provider's discovery document, and where it is (OIDC Discovery §3, §4).

use serde_json::{Map, Value};
use url::Url;

/// A discovery document.
#[derive(Debug, Clone, Default)]
pub struct Metadata(pub Map<String, Value>);

impl Metadata {
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }

    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// OIDC Discovery §4.1; a full address is taken as it stands.
pub fn discovery_url(configured: &str) -> String {
    if configured.contains("/.well-known/") {
        return configured.to_owned();
    }
    format!("{}{WELL_KNOWN}", configured.trim_end_matches('/'))
}

/// OIDC Discovery §4.3: the issuer is the address without the suffix. For an
/// address with the suffix, a slash before it belongs to either.
pub fn is_issuer_of(configured: &str, document: &str) -> bool {
    let normal = |text: &str| Url::parse(text).map_or_else(|_| text.to_owned(), String::from);
    match configured.split_once("/.well-known/") {
        Some((base, _)) => normal(document).trim_end_matches('/') == normal(base).trim_end_matches('/'),
        None => normal(document) == normal(configured),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://h", "https://h/", true)]
    #[case("https://h/a", "https://h/a", true)]
    #[case("https://h/a", "https://h/a/", false)]
    #[case("https://h/a/.well-known/openid-configuration", "https://h/a/", true)]
    #[case("https://h/a/.well-known/openid-configuration", "https://evil/a/", false)]
    fn compares_issuers(#[case] configured: &str, #[case] document: &str, #[case] same: bool) {
        assert_eq!(is_issuer_of(configured, document), same);
    }
}

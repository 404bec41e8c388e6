//! Which product a provider is, and what to change there. A product is known by
//! the paths of its endpoints, as its profile has them.

use mock_idp::{PROFILES, Profile, Url, profile};
use serde_json::Value;

use crate::relying_party::Metadata;

/// A recognised product.
#[derive(Debug, Clone, Copy)]
pub struct Product(pub &'static Profile);

/// What to change at a product.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProductRemedy {
    /// The name of the profile.
    product: &'static str,
    /// The cause, as a check names it.
    cause: &'static str,
    /// What to change.
    change: &'static str,
    /// Where that is written.
    source: &'static str,
}

const fn remedy(
    product: &'static str,
    cause: &'static str,
    change: &'static str,
    source: &'static str,
) -> ProductRemedy {
    ProductRemedy { product, cause, change, source }
}

static REMEDIES: &[ProductRemedy] = &[
    remedy(
        "authentik",
        "hs256-only",
        "In authentik's provider: Signing Key → a certificate, such as “authentik Self-signed Certificate”.",
        "https://goauthentik.io/integrations/services/immich/",
    ),
    remedy(
        "authentik",
        "no-keys",
        "In authentik's provider: Signing Key → a certificate, such as “authentik Self-signed Certificate”.",
        "https://goauthentik.io/integrations/services/immich/",
    ),
    remedy(
        "authentik",
        "id-token-algorithm",
        "In authentik's provider: Signing Key → a certificate, such as “authentik Self-signed Certificate”.",
        "https://goauthentik.io/integrations/services/immich/",
    ),
    remedy(
        "authelia",
        "method-not-offered",
        "In Authelia's client: `token_endpoint_auth_method` → the method that Immich uses.",
        "https://www.authelia.com/integration/openid-connect/clients/immich/",
    ),
    remedy(
        "authelia",
        "method-refused",
        "In Authelia's client: `token_endpoint_auth_method` → the method that Immich uses.",
        "https://www.authelia.com/integration/openid-connect/clients/immich/",
    ),
    remedy(
        "kanidm",
        "algorithm-not-offered",
        "In Kanidm, for RS256 instead: `kanidm system oauth2 warning-enable-legacy-crypto CLIENT`.",
        "https://kanidm.github.io/kanidm/stable/integrations/oauth2.html",
    ),
    remedy(
        "kanidm",
        "id-token-algorithm",
        "In Kanidm, for RS256 instead: `kanidm system oauth2 warning-enable-legacy-crypto CLIENT`.",
        "https://kanidm.github.io/kanidm/stable/integrations/oauth2.html",
    ),
];

impl Product {
    /// Returns the product whose paths the document has.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        let mut fitting = PROFILES.iter().filter_map(|name| profile(name).ok()).filter(|it| has_paths(it, metadata));
        let first = fitting.next()?;
        // Paths that two products share tell nothing.
        fitting.next().is_none().then_some(Self(first))
    }

    /// Returns what to change there, and where that is written.
    pub(super) fn remedy(self, cause: &str) -> Option<(&'static str, &'static str)> {
        let known = REMEDIES.iter().find(|row| row.product == self.0.name && row.cause == cause);
        known.map(|row| (row.change, row.source))
    }
}

/// Returns what to change for a cause at each product, and where that is written.
pub fn product_remedies(cause: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    REMEDIES.iter().filter(move |row| row.cause == cause).map(|row| (row.change, row.source))
}

/// The settings of a profile that name a path, and the members that hold it.
const PATHS: &[(&str, &str)] = &[
    ("authorization", "authorization_endpoint"),
    ("token", "token_endpoint"),
    ("userinfo", "userinfo_endpoint"),
    ("jwks", "jwks_uri"),
];

/// Stands for a segment that an administrator chose.
const ANY: &str = "any-segment";

fn has_paths(profile: &Profile, metadata: &Metadata) -> bool {
    let settings = profile.settings(ANY, ANY);
    let Some(paths) = settings.get("paths").and_then(Value::as_object) else { return false };
    PATHS.iter().all(|(setting, member)| {
        let expected = paths.get(*setting).and_then(Value::as_str).unwrap_or_default();
        let found = Url::parse(metadata.text(member)).map(|url| url.path().to_owned()).unwrap_or_default();
        !expected.is_empty() && ends_with(&found, expected)
    })
}

/// Returns whether a path ends in the segments of another.
fn ends_with(path: &str, end: &str) -> bool {
    let (path, end): (Vec<_>, Vec<_>) = (path.rsplit('/').collect(), end.trim_start_matches('/').rsplit('/').collect());
    path.len() > end.len() && path.iter().zip(&end).all(|(found, expected)| found == expected || *expected == ANY)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("/application/o/token/", "/application/o/token/", true)]
    #[case("/auth/v1/oidc/token", "oidc/token", true)]
    #[case("/realms/staff/certs", "/realms/any-segment/certs", true)]
    #[case("/token", "/oauth/token", false)]
    #[case("", "/token", false)]
    fn paths_end_alike_or_not(#[case] path: &str, #[case] end: &str, #[case] expected: bool) {
        assert_eq!(ends_with(path, end), expected);
    }

    #[test]
    fn a_product_is_known_by_its_paths() {
        let of = |paths: [&str; 4]| {
            let members = PATHS
                .iter()
                .zip(paths)
                .map(|((_, name), path)| ((*name).to_owned(), json!(format!("https://h{path}"))));
            Product::of(&Metadata(members.collect())).map(|product| product.0.name.as_str())
        };
        let rauthy =
            ["/auth/v1/oidc/authorize", "/auth/v1/oidc/token", "/auth/v1/oidc/userinfo", "/auth/v1/oidc/certs"];
        assert_eq!(of(rauthy), Some("rauthy"));
        assert_eq!(of(["/authorize", "/token", "/userinfo", "/jwks"]), None);
    }

    #[test]
    fn every_remedy_is_of_a_profile_and_a_cause() {
        for row in REMEDIES {
            profile(row.product).unwrap();
            let is_known =
                crate::doctor::CHECKS.iter().any(|check| check.causes.iter().any(|(cause, _)| *cause == row.cause));
            assert!(is_known && row.source.starts_with("https://"), "{row:?}");
        }
    }
}

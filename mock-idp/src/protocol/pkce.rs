//! Proof Key for Code Exchange (RFC 7636).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::{OAuthError, is_same_secret};

/// How a challenge is made from a verifier (RFC 7636 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CodeChallengeMethod {
    /// The challenge is the verifier.
    #[serde(rename = "plain")]
    Plain,
    /// The challenge is the SHA-256 of the verifier, in base64url.
    S256,
}

impl CodeChallengeMethod {
    /// The registered name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::S256 => "S256",
        }
    }
}

fn s256(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// Whether a text can be a challenge: 43 to 128 unreserved characters (RFC
/// 7636 §4.2).
pub(crate) fn is_challenge(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// A challenge as S256 would have made it, so that there is one way to check.
pub(crate) fn hashed_challenge(challenge: &str, method: Option<CodeChallengeMethod>) -> String {
    match method {
        Some(CodeChallengeMethod::Plain) => s256(challenge),
        Some(CodeChallengeMethod::S256) | None => challenge.to_owned(),
    }
}

/// Whether the verifier fits the challenge (RFC 7636 §4.6).
pub(crate) fn verifier_fits(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), OAuthError> {
    const GRANT: &str = "invalid_grant";
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(OAuthError::new(
            GRANT,
            "the request has a code verifier, but the authorization request had no code challenge",
        )),
        (Some(_), None) => Err(OAuthError::new(GRANT, "the code verifier is missing")),
        (Some(challenge), Some(verifier)) => {
            let fits = is_same_secret(&s256(verifier), challenge);
            fits.then_some(()).ok_or(OAuthError::new(GRANT, "the code verifier does not match the code challenge"))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::arbitrary;

    // The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[rstest]
    #[case(None, None, true)]
    #[case(Some(CHALLENGE), Some(VERIFIER), true)]
    #[case(Some(CHALLENGE), Some("other"), false)]
    #[case(Some(CHALLENGE), None, false)]
    #[case(None, Some(VERIFIER), false)]
    fn verifier_and_challenge(#[case] challenge: Option<&str>, #[case] verifier: Option<&str>, #[case] ok: bool) {
        assert_eq!(verifier_fits(challenge, verifier).is_ok(), ok);
    }

    #[rstest]
    #[case(CHALLENGE.to_owned(), true)]
    #[case("-._~".repeat(11), true)]
    #[case("a".repeat(42), false)]
    #[case("a".repeat(128), true)]
    #[case("a".repeat(129), false)]
    #[case(format!("{CHALLENGE}="), false)]
    #[case("a+".repeat(30), false)]
    #[case("ä".repeat(30), false)]
    fn challenges(#[case] text: String, #[case] right: bool) {
        assert_eq!(is_challenge(&text), right);
    }

    #[rstest]
    #[case("plain", VERIFIER, true)]
    #[case("S256", CHALLENGE, true)]
    #[case("plain", CHALLENGE, false)]
    fn both_ways_are_checked_alike(#[case] method: &str, #[case] challenge: &str, #[case] ok: bool) {
        let method = serde_json::from_value(method.into()).ok();
        assert_eq!(verifier_fits(Some(&hashed_challenge(challenge, method)), Some(VERIFIER)).is_ok(), ok);
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn only_the_verifier_fits(verifier in any::<String>(), other in any::<String>(), challenge in any::<String>()) {
            let own = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            prop_assert!(verifier_fits(Some(&own), Some(&verifier)).is_ok());
            prop_assert_eq!(verifier_fits(Some(&own), Some(&other)).is_ok(), other == verifier);
            prop_assert_eq!(verifier_fits(Some(&challenge), Some(&verifier)).is_ok(), challenge == own);
        }
    }
}

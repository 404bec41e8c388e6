//! The authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use url::Url;

/// Returns the PKCE challenge of a verifier (RFC 7636 §4.2). Where it travels as
/// the nonce, the same text ties the ID token to the verifier.
pub fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// What the request says.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest<'a> {
    /// The authorization endpoint, with a query of its own or without.
    pub endpoint: Url,
    /// `client_id`.
    pub client_id: &'a str,
    /// `redirect_uri`.
    pub redirect_uri: &'a str,
    /// `scope`.
    pub scope: &'a str,
    /// `state`.
    pub state: &'a str,
    /// `code_challenge`, made with SHA-256.
    pub challenge: Option<&'a str>,
    /// `nonce`.
    pub nonce: Option<&'a str>,
    /// Any other parameters.
    pub others: Vec<(&'static str, String)>,
}

impl AuthorizationRequest<'_> {
    /// Returns the address that a browser opens.
    pub fn url(self) -> Url {
        let mut url = self.endpoint;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("redirect_uri", self.redirect_uri);
            query.append_pair("scope", self.scope);
            query.append_pair("state", self.state);
            query.extend_pairs(self.others);
            if let Some(challenge) = self.challenge {
                query.append_pair("code_challenge", challenge).append_pair("code_challenge_method", "S256");
            }
            if let Some(nonce) = self.nonce {
                query.append_pair("nonce", nonce);
            }
            query.append_pair("client_id", self.client_id).append_pair("response_type", "code");
        }
        url
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_the_endpoint_stays() {
        let request = AuthorizationRequest {
            endpoint: Url::parse("https://idp.test/a?tenant=x").unwrap(),
            client_id: "c",
            redirect_uri: "https://rp.test/",
            scope: "openid email",
            state: "s",
            challenge: Some("h"),
            nonce: None,
            others: vec![("prompt", "login".to_owned())],
        };
        let expected = "https://idp.test/a?tenant=x&redirect_uri=https%3A%2F%2Frp.test%2F&scope=openid+email&state=s\
                        &prompt=login&code_challenge=h&code_challenge_method=S256&client_id=c&response_type=code";
        assert_eq!(request.url().as_str(), expected);
    }

    /// The example of RFC 7636, appendix B.
    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}

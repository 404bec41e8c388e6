//! Asking for authorization (RFC 6749 §4.1.1, RFC 7636 §4.3).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use url::Url;

use super::request::RelyingParty;
use crate::reference::message::Metadata;
use crate::reference::reply::Refusal;

/// The PKCE challenge of a verifier (RFC 7636 §4.2); where it travels as the
/// nonce, the same text ties the ID token to the verifier.
pub(super) fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

impl RelyingParty<'_> {
    /// Where a browser asks for authorization. The challenge is that of the
    /// verifier, unless the app has `given` one.
    pub fn authorization_url(
        &self,
        metadata: &Metadata,
        redirect_uri: &str,
        state: &str,
        verifier: &str,
        given: Option<String>,
    ) -> Result<Url, Refusal> {
        let rules = &self.rules.authorization;
        let challenge = given.unwrap_or_else(|| challenge(verifier));
        let endpoint = self.permitted(metadata.text("authorization_endpoint"), metadata);
        let mut url = endpoint
            .and_then(self.rules.discovery.authorization_url)
            .ok_or_else(|| Refusal(500, "Failed to start oauth".into()))?;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("redirect_uri", &(rules.redirect_uri)(redirect_uri, self.mobile_override()));
            query.append_pair("scope", &(rules.scope)(self.setting("scope")));
            query.append_pair("state", &(rules.state_sent)(state));
            query.extend_pairs((rules.parameters)(&self.settings));
            let pkce = (rules.pkce)(metadata);
            if pkce || rules.challenge_unasked {
                query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
            }
            if !pkce && rules.nonce {
                // Without PKCE it is the nonce that ties the code to who started.
                query.append_pair("nonce", &challenge);
            }
            query.append_pair("client_id", self.setting("clientId")).append_pair("response_type", "code");
        }
        Ok(url)
    }
}

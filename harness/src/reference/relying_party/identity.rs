//! From a callback to what the provider says of who signed in, and from a
//! logout token to whom it names.

use serde_json::{Map, Value};

use super::authorization_request::challenge;
use super::authorization_response::{Arrival, AuthorizationResponse};
use super::request::RelyingParty;
use crate::reference::message::{Expectation, Jwt, Metadata};
use crate::reference::reply::Refusal;

/// Who signed in at the provider.
pub struct Identity {
    pub claims: Map<String, Value>,
    pub sid: Option<String>,
    pub id_token: Option<String>,
}

impl RelyingParty<'_> {
    /// From the callback URL to verified claims.
    pub async fn profile(&self, arrival: &Arrival) -> Result<Identity, Refusal> {
        let rules = &self.rules.id_token;
        let metadata = self.discover().await?;
        let response = AuthorizationResponse::read(arrival, &metadata, &self.rules.response)?;
        let tokens = self.redeem(&response.code, arrival, &metadata).await?;
        let access_token = (self.rules.token_response.access_token)(tokens.get("access_token"));
        let access_token = access_token.ok_or_else(Refusal::failed)?;
        let access_token = response.access_token.unwrap_or(access_token);
        if !(self.rules.token_response.kind)(tokens.get("token_type").and_then(Value::as_str)) {
            return Err(Refusal::failed());
        }
        let id_token = response.id_token.as_deref().or(tokens.get("id_token").and_then(Value::as_str));
        let id_token = id_token.map(rules.letters);
        let claims = match id_token.as_deref() {
            Some(token) if (rules.parse)(token).is_some() || rules.unreadable_ends => {
                self.id_token(token, &access_token, arrival, &metadata).await?
            }
            None if rules.required => return Err(Refusal::failed()),
            _ => Map::new(),
        };
        let sid = claims.get("sid").and_then(Value::as_str).map(ToOwned::to_owned);
        let claims = self.all_claims(claims, &access_token, &metadata).await?;
        Ok(Identity { claims, sid, id_token })
    }

    /// The claims of an ID token, verified.
    async fn id_token(
        &self,
        token: &str,
        access_token: &str,
        arrival: &Arrival,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let jwt = (self.rules.id_token.parse)(token).ok_or_else(Refusal::failed)?;
        let rules = &self.rules.authorization;
        let nonce = (!(rules.pkce)(metadata) && rules.nonce).then(|| challenge(&arrival.verifier));
        let expected = Expectation {
            access_token: Some(access_token),
            nonce: nonce.as_deref(),
            ..self.expectation(metadata, self.setting("signingAlgorithm"))
        };
        let is_right = self.is_right(token, &jwt, &self.rules.id_token.checks, &expected, metadata).await;
        if is_right { Ok(jwt.claims) } else { Err(Refusal::failed()) }
    }

    /// Whether a logout token is one of the provider.
    pub async fn is_logout_token(&self, token: &str, jwt: &Jwt, metadata: &Metadata) -> bool {
        let expected = self.expectation(metadata, self.setting("signingAlgorithm"));
        self.is_right(token, jwt, &self.rules.logout_token.checks, &expected, metadata).await
    }
}

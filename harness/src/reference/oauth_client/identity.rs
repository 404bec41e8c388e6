//! From a callback to what the provider says of who signed in, and the picture.

use serde_json::{Map, Value};
use url::Url;

use super::authorization::Arrival;
use super::client::OAuthClient;
use crate::reference::reply::Refusal;
use crate::reference::rules::Purpose;
use crate::relying_party::{Expectation, Metadata};

/// Who signed in at the provider.
pub struct Identity {
    pub claims: Map<String, Value>,
    pub sid: Option<String>,
    pub id_token: Option<String>,
}

impl OAuthClient<'_> {
    /// From the callback URL to verified claims.
    pub async fn profile(&self, arrival: &Arrival) -> Result<Identity, Refusal> {
        let rules = &self.rules.id_token;
        let metadata = self.discover().await?;
        let answered = self.answered(arrival, &metadata)?;
        let tokens = self.redeem(&answered.code, arrival, &metadata).await?;
        let access_token = (self.rules.token_response.access_token)(&tokens).ok_or_else(Refusal::failed)?;
        let access_token = answered.access_token.as_deref().unwrap_or(access_token);
        if !(self.rules.token_response.kind)(&tokens) {
            return Err(Refusal::failed());
        }
        let id_token = answered.id_token.as_deref().or(tokens.text("id_token")).map(rules.letters);
        let claims = match id_token.as_deref() {
            Some(token) if rules.unreadable_ends || self.read(token).is_some() => {
                self.id_token(token, access_token, arrival, &metadata).await?
            }
            None if rules.required => return Err(Refusal::failed()),
            _ => Map::new(),
        };
        let sid = claims.get("sid").and_then(Value::as_str).map(ToOwned::to_owned);
        let claims = self.all_claims(claims, access_token, &metadata).await?;
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
        let jwt = self.read(token).ok_or_else(Refusal::failed)?;
        let nonce = self.nonce(metadata, &arrival.verifier);
        let expected = Expectation {
            media_type: "id_token+jwt",
            access_token: Some(access_token),
            nonce: nonce.as_deref(),
            ..self.expectation(metadata)
        };
        let is_right = self.is_right(token, &jwt, &self.rules.id_token.checks, &expected, metadata).await;
        if is_right { Ok(jwt.claims) } else { Err(Refusal::failed()) }
    }

    /// Whether there is a picture of whom `claims` are about. A claim must not
    /// send the server to other addresses, delay a sign-in or prevent it.
    pub async fn has_picture(&self, claims: &Map<String, Value>) -> bool {
        let rules = &self.rules.picture;
        let url = claims.get("picture").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let Some(url) = url.filter(rules.at) else { return false };
        let answer = self.fetcher(Purpose::Picture).get(url.as_str()).await;
        answer.as_ref().is_ok_and(rules.is_image)
    }
}

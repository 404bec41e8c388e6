//! The picture of an end-user, fetched from where the provider says. A claim
//! must not send the server to other addresses, delay a sign-in or prevent it.

use serde_json::{Map, Value};
use url::Url;

use super::client::OAuthClient;
use crate::reference::rules::Purpose;

impl OAuthClient<'_> {
    /// Whether there is a picture of whom `claims` are about.
    pub async fn has_picture(&self, claims: &Map<String, Value>) -> bool {
        let rules = &self.rules.picture;
        let url = claims.get("picture").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let Some(url) = url.filter(rules.at) else { return false };
        let answer = self.fetcher(Purpose::Picture).get(url.as_str()).await;
        answer.as_ref().is_ok_and(rules.is_image)
    }
}

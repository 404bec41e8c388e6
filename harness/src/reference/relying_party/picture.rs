//! The picture of an end-user, fetched from where the provider says. A claim
//! must not send the server to other addresses, delay a sign-in or prevent it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::request::RelyingParty;
use crate::reference::message::{Answer, Purpose};

/// The longest time that a sign-in waits for a picture.
const PATIENCE: Duration = Duration::from_secs(1);

impl RelyingParty<'_> {
    /// Whether there is a picture of whom `claims` are about.
    pub async fn has_picture(&self, claims: &Map<String, Value>) -> bool {
        let rules = &self.rules.picture;
        let url = claims.get("picture").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let Some(url) = url.filter(rules.at) else { return false };
        let Some(answer) = self.picture(url).await else { return false };
        let answer = match answer.location.clone().filter(|_| rules.follows) {
            Some(url) => self.picture(url).await,
            None => Some(answer),
        };
        answer.as_ref().is_some_and(rules.is_image)
    }

    async fn picture(&self, url: Url) -> Option<Answer> {
        let answer = self.fetch(self.ask(Method::GET, url.as_str(), Purpose::Picture), Purpose::Picture);
        if (self.rules.fetch.waits_for_ever)(Purpose::Picture) {
            return answer.await.ok();
        }
        tokio::time::timeout(PATIENCE, answer).await.ok()?.ok()
    }
}

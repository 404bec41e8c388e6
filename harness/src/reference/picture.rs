//! The picture of an end-user, fetched from where the provider says. A claim
//! must not lead the server anywhere, nor keep anybody waiting or out.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::fetch::{Answer, Purpose};
use super::server::Server;

/// Nobody waits longer for a picture.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is decided about pictures.
#[derive(Debug, Clone)]
pub(super) struct PictureRules {
    /// Whether a picture is fetched from this address.
    pub(super) at: fn(&Url) -> bool,
    /// Whether an answer is a picture.
    pub(super) is_image: fn(&Answer) -> bool,
    /// Whether an address that leads on is followed.
    pub(super) follows: bool,
    /// Whether a picture that cannot be had ends the sign-in.
    pub(super) failure_ends: bool,
    /// Whether an account that has a picture gets another one.
    pub(super) again: bool,
}

impl PictureRules {
    pub(super) fn honest() -> Self {
        Self {
            at: |url| matches!(url.scheme(), "http" | "https"),
            is_image,
            follows: false,
            failure_ends: false,
            again: false,
        }
    }
}

/// By its first bytes; what an answer says of itself proves nothing.
fn is_image(answer: &Answer) -> bool {
    let starts = |bytes: &[u8]| answer.body.starts_with(bytes);
    let webp = starts(b"RIFF") && answer.body.get(8..12) == Some(b"WEBP");
    answer.status == 200 && (starts(b"\x89PNG\r\n\x1a\n") || starts(b"\xff\xd8\xff") || starts(b"GIF8") || webp)
}

impl Server {
    /// Whether there is a picture of whom `claims` are about.
    pub(super) async fn has_picture(&self, claims: &Map<String, Value>, settings: &Value) -> bool {
        let url = claims.get("picture").and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let Some(url) = url.filter(self.rules.picture.at) else { return false };
        let Some(answer) = self.picture(url, settings).await else { return false };
        let answer = match answer.location.clone().filter(|_| self.rules.picture.follows) {
            Some(url) => self.picture(url, settings).await,
            None => Some(answer),
        };
        answer.as_ref().is_some_and(self.rules.picture.is_image)
    }

    async fn picture(&self, url: Url, settings: &Value) -> Option<Answer> {
        let request = self.ask(Method::GET, url.as_str(), Purpose::Picture, settings);
        let answer = self.fetch(request, Purpose::Picture, settings);
        if (self.rules.fetch.waits_for_ever)(Purpose::Picture) {
            return answer.await.ok();
        }
        tokio::time::timeout(PATIENCE, answer).await.ok()?.ok()
    }
}

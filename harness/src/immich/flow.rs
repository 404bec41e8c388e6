//! What the requests of the authorization code flow carry to Immich and what
//! its answers name. Who sends them, and when, is for [`crate::step`].

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::member::text;
use crate::exchange::Exchange;

/// The members of a request to end: the URL that the provider sent back, and the
/// state that the app made.
pub(super) const CALLBACK_URL: &str = "url";
pub(super) const CALLBACK_STATE: &str = "state";

/// What the mobile app makes for a flow: with it alone, the flow can end.
#[derive(Debug, Clone)]
pub struct AppSecrets {
    /// The state.
    pub state: String,
    /// The PKCE verifier (RFC 7636 §4.1).
    pub verifier: String,
}

/// The body of a request to begin; a web page leaves state and challenge to the
/// server.
pub(crate) fn authorize_body(redirect_uri: &str, app: Option<&AppSecrets>) -> Value {
    match app {
        None => json!({ "redirectUri": redirect_uri }),
        Some(AppSecrets { state, verifier }) => {
            let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            json!({ "redirectUri": redirect_uri, "state": state, "codeChallenge": challenge })
        }
    }
}

/// Where an answer says to sign in.
pub(crate) fn authorization_url(answer: &Exchange) -> Option<String> {
    text(answer, "url")
}

/// The body of a request to end, with the URL that the provider sent back.
pub(crate) fn callback_body(url: &str, app: Option<&AppSecrets>) -> Map<String, Value> {
    let mut body = Map::from_iter([(CALLBACK_URL.to_owned(), url.into())]);
    if let Some(AppSecrets { state, verifier }) = app {
        body.insert(CALLBACK_STATE.to_owned(), json!(state));
        body.insert("codeVerifier".to_owned(), json!(verifier));
    }
    body
}

/// Where an answer says to go on to sign out at the provider.
pub(crate) fn end_session_url(answer: &Exchange) -> Option<String> {
    text(answer, "redirectUri")
}

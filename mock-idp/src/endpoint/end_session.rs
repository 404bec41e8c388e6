//! The end-session endpoint (OIDC RP-Initiated Logout §2, §3).

use serde_json::Map;
use url::form_urlencoded;

use super::exchange::{Answer, Exchange};
use super::id_token_hint::hinted;
use crate::message::{Draft, Message};

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    if !exchange.issuer.publication().settings.end_session {
        return Answer::page(404, "there is no such endpoint");
    }
    let back = exchange.parameters.get("post_logout_redirect_uri").map(ToOwned::to_owned);
    if exchange.parameters.get("client_id").is_some_and(|client| client != exchange.issuer.publication().client.id) {
        return Answer::page(400, "there is no such client");
    }
    if exchange.parameters.get("id_token_hint").is_some_and(|hint| hinted(exchange.issuer, hint).is_none()) {
        return Answer::page(400, "the id_token_hint is not an ID token that this provider issued to this client");
    }
    let mut draft = Draft::new(Message::EndSession, Map::new());
    draft.transport.content_type = "text/plain; charset=utf-8".into();
    match back {
        Some(uri) if !exchange.issuer.is_redirect_uri(&uri) => {
            return Answer::page(400, "this post_logout_redirect_uri is not registered");
        }
        Some(uri) => {
            draft.transport.status = 302;
            draft.transport.location = Some(with_state(uri, exchange.parameters.get("state")));
            draft.transport.body = Some(String::new());
        }
        None => draft.transport.body = Some("You are signed out.".into()),
    }
    exchange.send(draft)
}

/// Returns the address with the client's `state`, unchanged (§3).
fn with_state(uri: String, state: Option<&str>) -> String {
    let Some(state) = state else { return uri };
    let mark = if uri.contains('?') { '&' } else { '?' };
    let state = form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
    format!("{uri}{mark}{state}")
}

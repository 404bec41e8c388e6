//! The end-session endpoint (OIDC RP-Initiated Logout §2, §3).

use serde_json::Map;

use super::exchange::{Answer, Exchange};
use crate::draft::Draft;
use crate::message::Message;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let back = exchange.parameters.get("post_logout_redirect_uri").map(ToOwned::to_owned);
    let mut draft = Draft::new(Message::EndSession, Map::new());
    draft.transport.content_type = "text/plain; charset=utf-8".into();
    match back {
        Some(uri) if !exchange.issuer.is_redirect_uri(&uri) => {
            return Answer::page(400, "this post_logout_redirect_uri is not registered");
        }
        Some(uri) => {
            draft.transport.status = 302;
            draft.transport.location = Some(uri);
            draft.transport.body = Some(String::new());
        }
        None => draft.transport.body = Some("You are signed out.".into()),
    }
    exchange.send(draft)
}

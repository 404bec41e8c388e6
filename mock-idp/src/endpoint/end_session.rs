//! The end-session endpoint (OIDC RP-Initiated Logout §2).

use serde_json::Map;

use super::exchange::{Answer, Exchange};
use crate::draft::Message;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let back = exchange.parameters.get("post_logout_redirect_uri").map(ToOwned::to_owned);
    let known = |uri: &String| exchange.issuer.is_redirect_uri(uri);
    match back {
        Some(uri) if known(&uri) => Answer::redirect(uri),
        Some(_) => Answer::page(400, "this post_logout_redirect_uri is not registered"),
        None => {
            let mut draft = crate::draft::Draft::new(Message::EndSession, Map::new());
            draft.transport.content_type = "text/plain; charset=utf-8".into();
            draft.transport.body = Some("You are signed out.".into());
            exchange.send(draft)
        }
    }
}

//! The key set (RFC 7517 §5).

use super::exchange::{Answer, Exchange};
use crate::draft::Message;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let members = exchange.issuer.keys().jwks().as_object().cloned().unwrap_or_default();
    exchange.json(Message::Jwks, members)
}

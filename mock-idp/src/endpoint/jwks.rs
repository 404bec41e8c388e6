//! The key set (RFC 7517 §5).

use super::exchange::{Answer, Exchange};
use crate::message::Message;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let issuer = exchange.issuer;
    let members = || issuer.keys(&issuer.publication()).map(|keys| keys.members().clone());
    let answer = exchange.document(Message::Jwks, &issuer.key_set, members);
    answer.unwrap_or_else(|error| Answer::page(500, &error.to_string()))
}

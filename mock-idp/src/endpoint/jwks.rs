//! The key set (RFC 7517 §5).

use super::exchange::{Answer, Exchange};
use crate::draft::Message;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    match exchange.issuer.keys() {
        Ok(keys) => exchange.json(Message::Jwks, keys.jwks().as_object().cloned().unwrap_or_default()),
        Err(error) => Answer::page(500, &error.to_string()),
    }
}

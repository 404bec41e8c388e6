//! A key set that is not the provider's, at a path of its own. Nothing leads
//! here but a token that says so (`jku`); who comes believed it.

use super::exchange::{Answer, Exchange};
use crate::draft::Transport;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    match exchange.issuer.foreign_keys() {
        Ok(keys) => Answer { transport: Transport::default(), body: keys.to_string().into(), headers: Vec::new() },
        Err(error) => Answer::page(500, &error.to_string()),
    }
}

//! A key set that is not the provider's, at a path of its own. Nothing leads
//! here but a token that says so (`jku`); who comes believed it.

use super::exchange::{Answer, Exchange};
use crate::draft::Transport;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let body = exchange.issuer.foreign_keys().to_string();
    Answer { transport: Transport::default(), body, headers: Vec::new() }
}

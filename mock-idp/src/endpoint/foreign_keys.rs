//! A key set that is not the provider's, at a path of its own. Nothing leads
//! here but a token that says so (`jku`); who comes believed it.

use super::exchange::{Answer, Exchange};
use crate::transport::Transport;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let publication = exchange.issuer.publication();
    match exchange.issuer.foreign_keys(&publication) {
        Ok(keys) => {
            let body = serde_json::to_vec(keys.members()).unwrap_or_default();
            Answer { transport: Transport::default(), body: body.into(), headers: Vec::new() }
        }
        Err(error) => Answer::page(500, &error.to_string()),
    }
}

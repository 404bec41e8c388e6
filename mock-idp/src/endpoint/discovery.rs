//! The discovery document (OIDC Discovery §4).

use super::exchange::{Answer, Exchange};
use crate::draft::Message;
use crate::protocol::metadata;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let members = metadata(exchange.issuer);
    exchange.json(Message::Discovery, members)
}

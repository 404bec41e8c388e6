//! The discovery document (OIDC Discovery §4).

use std::convert::Infallible;

use super::exchange::{Answer, Exchange};
use crate::draft::Message;
use crate::protocol::metadata;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let issuer = exchange.issuer;
    let Ok(answer) = exchange.document::<Infallible>(Message::Discovery, &issuer.discovery, || Ok(metadata(issuer)));
    answer
}

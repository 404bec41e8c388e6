//! The discovery document (OIDC Discovery §4).

use std::convert::Infallible;

use super::exchange::{Answer, Exchange};
use crate::message::Message;

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let issuer = exchange.issuer;
    let members = || Ok(issuer.publication().metadata.clone());
    let Ok(answer) = exchange.document::<Infallible>(Message::Discovery, &issuer.discovery, members);
    answer
}

//! A picture for the `picture` claim (OIDC Core §5.1): the same of everybody,
//! at a path of its own.

use serde_json::Map;

use super::exchange::{Answer, Exchange};
use crate::draft::Draft;
use crate::message::Message;

const PNG: &[u8] = include_bytes!("picture.png");

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    let mut draft = Draft::new(Message::Picture, Map::new());
    draft.transport.content_type = "image/png".into();
    exchange.pass(&mut draft);
    let body = draft.transport.body.take().map_or_else(|| PNG.into(), Into::into);
    Answer { transport: draft.transport, body, headers: Vec::new() }
}

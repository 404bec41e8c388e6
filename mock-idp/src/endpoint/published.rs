//! What an issuer publishes: discovery document and key set, and at paths of
//! their own a foreign key set and a picture.

use std::convert::Infallible;

use serde_json::{Map, Value, json};

use super::exchange::{Answer, Exchange};
use crate::jose::PublishedKeySet;
use crate::message::{Draft, Message, Transport};

/// The discovery document (OIDC Discovery §4).
pub(super) fn discovery(exchange: &mut Exchange<'_>) -> Answer {
    let issuer = exchange.issuer;
    let members = || Ok(issuer.publication().metadata.clone());
    let Ok(answer) = exchange.document::<Infallible>(Message::Discovery, &issuer.discovery, members);
    answer
}

/// The key set (RFC 7517 §5).
pub(super) fn jwks(exchange: &mut Exchange<'_>) -> Answer {
    let issuer = exchange.issuer;
    let members = || issuer.keys(&issuer.publication()).map(|keys| keys.members().clone());
    let answer = exchange.document(Message::Jwks, &issuer.key_set, members);
    answer.unwrap_or_else(|error| Answer::page(500, &error.to_string()))
}

/// A foreign key set, at a path of its own: the provider's own keys first, if the
/// query asks for them. Only a token with `jku` leads here.
pub(super) fn foreign_keys(exchange: &mut Exchange<'_>) -> Answer {
    let publication = exchange.issuer.publication();
    let own = exchange.parameters.get("beside").map(|_| exchange.issuer.keys(&publication)).transpose();
    let sets = own.and_then(|own| Ok((own, exchange.issuer.foreign_keys(&publication)?)));
    match sets {
        Ok((own, foreign)) => {
            let of_set = |set: &PublishedKeySet| set.members().get("keys").and_then(Value::as_array).cloned();
            let keys: Vec<Value> = own.into_iter().chain([foreign]).filter_map(of_set).flatten().collect();
            let body = serde_json::to_vec(&json!({ "keys": keys })).unwrap_or_default();
            Answer { transport: Transport::default(), body: body.into(), headers: Vec::new() }
        }
        Err(error) => Answer::page(500, &error.to_string()),
    }
}

const PNG: &[u8] = include_bytes!("picture.png");

/// A picture for the `picture` claim (OIDC Core §5.1), the same for every
/// end-user.
pub(super) fn picture(exchange: &mut Exchange<'_>) -> Answer {
    let mut draft = Draft::new(Message::Picture, Map::new());
    draft.transport.content_type = "image/png".into();
    exchange.pass(&mut draft);
    let body = draft.transport.body.take().map_or_else(|| PNG.into(), Into::into);
    Answer { transport: draft.transport, body, headers: Vec::new() }
}

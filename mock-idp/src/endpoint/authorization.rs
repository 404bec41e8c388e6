//! The authorization endpoint (RFC 6749 §4.1.1, OIDC Core §3.1.2): what becomes
//! of a request. Whether it is right is for [`super::authorization_request`],
//! how the answer travels for [`super::authorization_delivery`].

use serde_json::Map;

use super::authorization_delivery::deliver;
use super::authorization_request::{AuthorizationRequest, method, read};
use super::exchange::{Answer, Exchange};
use crate::message::{Decision, Draft, End, Message, Verdict};
use crate::protocol::{hashed_challenge, scopes};
use crate::settings::Pkce;
use crate::store::{Code, Grant};

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    match read(exchange) {
        Ok(request) => {
            let answer = respond(exchange, &request);
            request.cookie.into_iter().fold(answer, |answer, cookie| answer.header("set-cookie", cookie))
        }
        Err(page) => *page,
    }
}

fn respond(exchange: &mut Exchange<'_>, request: &AuthorizationRequest) -> Answer {
    let end = match &request.error {
        None => End::Accept,
        Some((error, description)) => End::Refuse { error: error.clone(), description: description.clone() },
    };
    let mut draft = Draft::verdict(Verdict { code: exchange.issuer.random_text(32), end });
    exchange.pass(&mut draft);
    let Decision::Authorization(Verdict { code, end }) = draft.decision else { return Answer::default() };
    let accepted = end == End::Accept;
    let mut members = Map::new();
    match end {
        End::Stay { status, page } => return Answer::page(status, page),
        End::Accept => {
            grant(exchange, request, &code);
            members.insert("code".into(), code.into());
        }
        End::Refuse { error, description } => {
            members.insert("error".into(), error.into());
            members.insert("error_description".into(), description.into());
        }
    }
    let publication = exchange.issuer.publication();
    members.extend(exchange.parameters.get("state").map(|state| ("state".to_owned(), state.into())));
    if publication.settings.authorization_response_iss {
        members.insert("iss".into(), exchange.issuer.url.clone().into());
    }
    if accepted {
        let more = publication.settings.callback_parameters.iter();
        members.extend(more.map(|(name, value)| (name.clone(), value.clone().into())));
    }
    let mut draft = Draft::new(Message::AuthorizationResponse, members);
    draft.transport.status = 302;
    draft.transport.content_type = "text/plain".into();
    draft.transport.location = Some(request.redirect_uri.clone());
    exchange.pass(&mut draft);
    deliver(draft)
}

/// Lets `code` stand for what the end-user grants.
fn grant(exchange: &Exchange<'_>, request: &AuthorizationRequest, code: &str) {
    let issuer = exchange.issuer;
    let publication = issuer.publication();
    let settings = &publication.settings;
    let scopes = scopes(exchange.parameters.get("scope").unwrap_or_default());
    let asked = || scopes.map(ToOwned::to_owned).collect();
    let challenge = exchange.parameters.get("code_challenge").filter(|_| settings.pkce != Pkce::NotSupported);
    let now = issuer.clock.now();
    let grant = Grant {
        end_user: request.end_user.clone(),
        scopes: settings.scopes_granted.clone().unwrap_or_else(asked),
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: challenge.map(|challenge| hashed_challenge(challenge, method(exchange))),
        auth_time: exchange.parameters.get("max_age").map(|_| now),
        nonce: exchange.parameters.get("nonce").map(ToOwned::to_owned),
        expires_at: now + i64::from(settings.code_lifetime),
        sid: issuer.random_text(22),
    };
    let mut store = issuer.store();
    store.sids.insert(grant.end_user.clone(), grant.sid.clone());
    store.codes.insert(code.to_owned(), Code { grant, uses: 0, access_token: None });
}

//! The authorization endpoint (RFC 6749 §4.1.1, OIDC Core §3.1.2): what becomes
//! of a request. Whether it is right is for [`super::authorization_request`],
//! how the answer travels for [`super::authorization_delivery`].

use serde_json::Map;

use super::authorization_delivery::deliver;
use super::authorization_request::{AuthorizationRequest, by_headers, method, response_mode};
use super::exchange::{Answer, Exchange};
#[cfg(feature = "by-hand")]
use super::interactive_authorization;
use crate::message::{Decision, Draft, End, Message, Verdict};
use crate::protocol::{hashed_challenge, scopes};
use crate::settings::Pkce;
use crate::store::{Grant, Redeemable, Session};

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    match read(exchange) {
        Ok(request) => {
            let answer = respond(exchange, &request);
            request.cookie.into_iter().fold(answer, |answer, cookie| answer.header("set-cookie", cookie))
        }
        Err(page) => *page,
    }
}

/// Reads the request.
///
/// # Errors
/// A page: the request lacks something without which the provider must not
/// redirect (RFC 6749 §4.1.2.1).
fn read(exchange: &Exchange<'_>) -> Result<AuthorizationRequest, Box<Answer>> {
    #[cfg(feature = "by-hand")]
    if let Some(interactive) = interactive_authorization::interactive(exchange) {
        return interactive_authorization::read(exchange, interactive);
    }
    by_headers(exchange).map_err(|(status, text)| Box::new(Answer::page(status, &text)))
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
    draft.transport.delivery = response_mode(exchange).unwrap_or_default();
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
    let session = request.session.clone();
    let Session { sid, auth_time } = session.unwrap_or_else(|| Session { sid: issuer.random_text(22), auth_time: now });
    let grant = Grant {
        client_id: publication.client.id.clone(),
        end_user: request.end_user.clone(),
        scopes: settings.scopes_granted.clone().unwrap_or_else(asked),
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: challenge.map(|challenge| hashed_challenge(challenge, method(exchange))),
        auth_time: exchange.parameters.get("max_age").map(|_| auth_time),
        nonce: exchange.parameters.get("nonce").map(ToOwned::to_owned),
        expires_at: now + i64::from(settings.code_lifetime),
        sid: sid.clone(),
    };
    let mut store = issuer.store();
    store.sessions.insert(grant.end_user.clone(), Session { sid, auth_time });
    store.codes.insert(code.to_owned(), Redeemable::new(grant));
}

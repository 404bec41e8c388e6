//! Whether a token request is accepted (RFC 6749 §4.1.3, §5.2).
//!
//! Everything that speaks against it is collected, passes the gate, and what
//! is left decides. The tokens themselves are for [`super::token`].

use serde_json::{Map, Value, json};

use super::exchange::Exchange;
use crate::message::{Decision, Draft, Message, Objection, Objections, Topic};
use crate::protocol::{ClientCredentials, OAuthError, verifier_fits};
use crate::settings::Pkce;
use crate::store::{Code, Grant};

/// A code that is good, and what it stands for.
pub(super) struct Redeemed {
    pub(super) code: String,
    /// How often it was brought, with this time.
    pub(super) uses: u32,
    pub(super) grant: Grant,
}

/// A refusal (RFC 6749 §5.2).
pub(super) type Refusal = Box<Draft>;

pub(super) fn refusal(status: u16, members: Map<String, Value>) -> Refusal {
    let mut draft = Draft::new(Message::TokenResponse, members);
    draft.transport.status = status;
    Box::new(draft)
}

pub(super) fn describe(error: OAuthError) -> Map<String, Value> {
    told(error.code, error.description)
}

fn told(error: &str, description: &str) -> Map<String, Value> {
    let members = json!({ "error": error, "error_description": description });
    members.as_object().cloned().unwrap_or_default()
}

/// What becomes of the request, after the gate: whatever is left to object
/// to refuses it, the first objection in its own words.
pub(super) fn decide(exchange: &mut Exchange<'_>) -> Result<Redeemed, Refusal> {
    let issuer = exchange.issuer;
    let publication = issuer.publication();
    let settings = &publication.settings;
    let client = ClientCredentials::read(exchange.header("authorization"), &exchange.parameters)
        .and_then(|credentials| credentials.verify(&issuer.client, &settings.client_authentication));
    let name = exchange.parameters.get("code").unwrap_or_default().to_owned();
    // Whatever else is wrong, the code is spent; but strangers spend nothing.
    let of_client = client.is_ok();
    let code = if of_client { issuer.store().spend(&name) } else { issuer.store().codes.get(&name).cloned() };
    let mut objections = Objections::default();
    note(&mut objections, Topic::Client, client);
    judge(&mut objections, exchange, code.as_ref(), settings.pkce);
    let mut draft = Draft::objections(objections);
    exchange.pass(&mut draft);
    let Decision::Token(objections) = draft.decision else { return Err(refusal(400, describe(UNKNOWN_CODE))) };
    match (objections.into_first(), code) {
        (None, Some(code)) => {
            if !of_client {
                issuer.store().spend(&name);
            }
            Ok(Redeemed { code: name, uses: code.uses + 1, grant: code.grant })
        }
        (None, None) => Err(refusal(400, describe(UNKNOWN_CODE))),
        (Some(objection), _) => {
            let mut refusal = refusal(objection.status, told(&objection.error, objection.description));
            refusal.transport.headers = draft.transport.headers;
            Err(refusal)
        }
    }
}

const UNKNOWN_CODE: OAuthError = OAuthError::new("invalid_grant", "the code is unknown");

/// Notes an objection where the request is judged wrong.
fn note(objections: &mut Objections, topic: Topic, judged: Result<(), OAuthError>) {
    if let Err(error) = judged {
        objections.put(Objection::registered(topic, error));
    }
}

/// Judges everything but the client.
fn judge(objections: &mut Objections, exchange: &Exchange<'_>, code: Option<&Code>, pkce: Pkce) {
    let form = &exchange.parameters;
    let mut demand = |topic, holds: bool, error, description| {
        note(objections, topic, holds.then_some(()).ok_or(OAuthError::new(error, description)));
    };
    demand(Topic::Parameters, form.repeated().is_none(), "invalid_request", "a parameter comes twice");
    let kind = form.get("grant_type") == Some("authorization_code");
    demand(Topic::GrantType, kind, "unsupported_grant_type", "only authorization_code is supported");
    demand(Topic::Code, form.get("code").is_some(), "invalid_request", "the code is missing");
    let Some(Code { grant, uses, .. }) = code else {
        if form.get("code").is_some() {
            note(objections, Topic::Code, Err(UNKNOWN_CODE));
        }
        return;
    };
    demand(Topic::Reuse, *uses == 0, "invalid_grant", "the code was already used");
    let late = exchange.issuer.clock.now() >= grant.expires_at;
    demand(Topic::Lifetime, !late, "invalid_grant", "the code has expired");
    let same = form.get("redirect_uri") == Some(&grant.redirect_uri);
    demand(Topic::RedirectUri, same, "invalid_grant", "the redirect URI is not that of the authorization request");
    objections.redirect_uri = Some(grant.redirect_uri.clone());
    if pkce != Pkce::NotSupported {
        let fits = verifier_fits(grant.code_challenge.as_deref(), form.get("code_verifier"));
        note(objections, Topic::CodeVerifier, fits);
    }
}

//! Whether a token request is accepted (RFC 6749 §4.1.3, §5.2, §6).
//!
//! Everything that speaks against it is collected, passes the gate, and what
//! is left decides. The tokens themselves are for [`super::token`].

use serde_json::{Map, Value, json};

use super::client_assertion;
use super::exchange::Exchange;
use crate::message::{Decision, Draft, Message, Objection, Objections, Topic};
use crate::protocol::{self, ClientCredentials, OAuthError, Parameters, verifier_fits};
use crate::publication::Publication;
use crate::settings::Pkce;
use crate::store::{Grant, Redeemable, RedeemableKind};

/// A code or refresh token that is good, and what it stands for.
pub(super) struct Redeemed {
    pub(super) kind: RedeemableKind,
    pub(super) name: String,
    /// How often it was brought, with this time.
    pub(super) uses: u32,
    /// What was granted.
    pub(super) grant: Grant,
    /// The scopes of the tokens: all that were granted, or fewer if the client
    /// asks for fewer (RFC 6749 §6).
    pub(super) scopes: Vec<String>,
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
    let client =
        ClientCredentials::read(exchange.header("authorization"), &exchange.parameters).and_then(|credentials| {
            credentials.verify(&publication.client, &settings.client_authentication)?;
            credentials.assertion.as_deref().map_or(Ok(()), |assertion| client_assertion::verify(exchange, assertion))
        });
    let kind = kind(&exchange.parameters);
    let name = exchange.parameters.get(parameter(kind)).unwrap_or_default().to_owned();
    // The code is spent whatever else is wrong, but only by the client itself.
    let of_client = client.is_ok();
    let brought = if of_client {
        issuer.store().spend(kind, &name)
    } else {
        issuer.store().redeemables(kind).get(&name).cloned()
    };
    let mut objections = Objections::default();
    note(&mut objections, Topic::Client, client);
    judge(&mut objections, exchange, kind, brought.as_ref(), &publication);
    let mut draft = Draft::objections(objections);
    exchange.pass(&mut draft);
    let unknown = || Err(refusal(400, describe(unknown(kind))));
    let Decision::Token(objections) = draft.decision else { return unknown() };
    match (objections.into_first(), brought) {
        (None, Some(brought)) => {
            if !of_client {
                issuer.store().spend(kind, &name);
            }
            let scopes = scopes(exchange, kind, &brought.grant);
            Ok(Redeemed { kind, name, uses: brought.uses + 1, grant: brought.grant, scopes })
        }
        (None, None) => unknown(),
        (Some(objection), _) => {
            let mut refusal = refusal(objection.status, told(&objection.error, objection.description));
            refusal.transport.headers = draft.transport.headers;
            Err(refusal)
        }
    }
}

fn kind(form: &Parameters<'_>) -> RedeemableKind {
    match form.get("grant_type") {
        Some("refresh_token") => RedeemableKind::RefreshToken,
        _ => RedeemableKind::Code,
    }
}

/// The parameter in which it comes.
fn parameter(kind: RedeemableKind) -> &'static str {
    match kind {
        RedeemableKind::Code => "code",
        RedeemableKind::RefreshToken => "refresh_token",
    }
}

fn unknown(kind: RedeemableKind) -> OAuthError {
    match kind {
        RedeemableKind::Code => OAuthError::new("invalid_grant", "the code is unknown"),
        RedeemableKind::RefreshToken => OAuthError::new("invalid_grant", "the refresh token is unknown"),
    }
}

fn scopes(exchange: &Exchange<'_>, kind: RedeemableKind, grant: &Grant) -> Vec<String> {
    match exchange.parameters.get("scope") {
        Some(wanted) if kind == RedeemableKind::RefreshToken => {
            protocol::scopes(wanted).filter(|scope| grant.has_scope(scope)).map(ToOwned::to_owned).collect()
        }
        _ => grant.scopes.clone(),
    }
}

/// Notes an objection where the request is judged wrong.
fn note(objections: &mut Objections, topic: Topic, judged: Result<(), OAuthError>) {
    if let Err(error) = judged {
        objections.put(Objection::registered(topic, error));
    }
}

/// Judges everything but the client.
fn judge(
    objections: &mut Objections,
    exchange: &Exchange<'_>,
    kind: RedeemableKind,
    brought: Option<&Redeemable>,
    publication: &Publication,
) {
    let form = &exchange.parameters;
    let mut demand = |topic, holds: bool, error, description| {
        note(objections, topic, holds.then_some(()).ok_or(OAuthError::new(error, description)));
    };
    demand(Topic::Parameters, form.repeated().is_none(), "invalid_request", "a parameter occurs more than once");
    let grant_type = matches!(form.get("grant_type"), Some("authorization_code" | "refresh_token"));
    let known = "the supported grant types are authorization_code and refresh_token";
    demand(Topic::GrantType, grant_type, "unsupported_grant_type", known);
    let (missing, used) = match kind {
        RedeemableKind::Code => ("the code is missing", "the code was already used"),
        RedeemableKind::RefreshToken => ("the refresh token is missing", "the refresh token was already used"),
    };
    demand(Topic::Code, form.get(parameter(kind)).is_some(), "invalid_request", missing);
    let Some(Redeemable { grant, uses, .. }) = brought else {
        if form.get(parameter(kind)).is_some() {
            note(objections, Topic::Code, Err(unknown(kind)));
        }
        return;
    };
    let own = grant.client_id == publication.client.id;
    demand(Topic::Code, own, "invalid_grant", "the code or refresh token was issued to another client");
    demand(Topic::Reuse, *uses == 0, "invalid_grant", used);
    if kind == RedeemableKind::RefreshToken {
        let asked = form.get("scope").unwrap_or_default();
        let granted = protocol::scopes(asked).all(|scope| grant.has_scope(scope));
        demand(Topic::Request, granted, "invalid_scope", "the client requests a scope that it was not granted");
        return;
    }
    let late = exchange.issuer.clock.now() >= grant.expires_at;
    demand(Topic::Lifetime, !late, "invalid_grant", "the code has expired");
    let same = form.get("redirect_uri") == Some(&grant.redirect_uri);
    demand(
        Topic::RedirectUri,
        same,
        "invalid_grant",
        "the redirect URI differs from that of the authorization request",
    );
    objections.redirect_uri = Some(grant.redirect_uri.clone());
    if publication.settings.pkce != Pkce::NotSupported {
        let fits = verifier_fits(grant.code_challenge.as_deref(), form.get("code_verifier"));
        note(objections, Topic::CodeVerifier, fits);
    }
}

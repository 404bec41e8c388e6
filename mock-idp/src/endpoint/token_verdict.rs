//! Whether a token request is accepted (RFC 6749 §4.1.3, §5.2).
//!
//! Everything that speaks against it is collected, passes the gate, and what
//! is left decides. The tokens themselves are for [`super::token`].

use serde_json::{Map, Value, json};

use super::exchange::Exchange;
use crate::draft::Draft;
use crate::message::Message;
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
    let members = json!({ "error": error.code, "error_description": error.description });
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
    objections.note("client", client);
    objections.judge(exchange, code.as_ref(), settings.pkce);
    let mut verdict = Draft::new(Message::TokenVerdict, objections.0);
    exchange.pass(&mut verdict);
    let first = verdict.members.into_iter().next();
    match (first, code) {
        (None, Some(code)) => {
            if !of_client {
                issuer.store().spend(&name);
            }
            Ok(Redeemed { code: name, uses: code.uses + 1, grant: code.grant })
        }
        (None, None) => Err(refusal(400, describe(UNKNOWN_CODE))),
        (Some((_, objection)), _) => {
            let status = objection["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let said = ["error", "error_description"].map(|name| (name.to_owned(), objection[name].clone()));
            let said = said.into_iter().filter(|(_, value)| !value.is_null()).collect();
            let mut refusal = refusal(status.unwrap_or(400), said);
            refusal.transport.headers = verdict.transport.headers;
            Err(refusal)
        }
    }
}

const UNKNOWN_CODE: OAuthError = OAuthError::new("invalid_grant", "the code is unknown");

/// What speaks against a request, by what it is about.
#[derive(Default)]
struct Objections(Map<String, Value>);

impl Objections {
    fn note(&mut self, about: &str, judged: Result<(), OAuthError>) {
        if let Err(error) = judged {
            let mut objection = describe(error);
            objection.insert("status".into(), error.status().into());
            self.0.insert(about.to_owned(), objection.into());
        }
    }

    fn judge(&mut self, exchange: &Exchange<'_>, code: Option<&Code>, pkce: Pkce) {
        let form = &exchange.parameters;
        let mut demand = |about: &str, holds: bool, error, description| {
            self.note(about, holds.then_some(()).ok_or(OAuthError::new(error, description)));
        };
        demand("parameters", form.repeated().is_none(), "invalid_request", "a parameter comes twice");
        let kind = form.get("grant_type") == Some("authorization_code");
        demand("grant_type", kind, "unsupported_grant_type", "only authorization_code is supported");
        demand("code", form.get("code").is_some(), "invalid_request", "the code is missing");
        let Some(Code { grant, uses, .. }) = code else {
            if form.get("code").is_some() {
                self.note("code", Err(UNKNOWN_CODE));
            }
            return;
        };
        demand("reuse", *uses == 0, "invalid_grant", "the code was used already");
        let late = exchange.issuer.clock.now() >= grant.expires_at;
        demand("lifetime", !late, "invalid_grant", "the code has run out");
        let same = form.get("redirect_uri") == Some(&grant.redirect_uri);
        demand("redirect_uri", same, "invalid_grant", "the redirect URI is not that of the authorization request");
        if let Some(objection) = self.0.get_mut("redirect_uri") {
            objection["wanted"] = grant.redirect_uri.clone().into();
        }
        if pkce != Pkce::NotSupported {
            self.note("code_verifier", verifier_fits(grant.code_challenge.as_deref(), form.get("code_verifier")));
        }
    }
}

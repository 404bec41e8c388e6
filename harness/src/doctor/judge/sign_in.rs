//! A sign-in by a person: what the browser came back with, and what the token
//! endpoint gave for the code.

use super::probe::blames;
use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::{DoctorEvidence, ProbeAnswer, SignInEvidence};
use crate::immich::SettingLabel;
use crate::relying_party::{Comparison, FetchError, MemberType, TokenResponse};

pub(in crate::doctor) static SIGN_IN: DoctorCheck = DoctorCheck {
    name: "sign-in",
    looks_at: "Checks whether the provider sends the browser back with a code (`--sign-in`).",
    causes: &[
        ("sign-in-cancelled", "You canceled the sign-in."),
        ("another-flow", "The address that you pasted belongs to another sign-in."),
        ("access-denied", "The provider does not allow this end-user to use the client."),
        ("nonce-required", "The provider requires a nonce, but Immich does not send one."),
        ("sign-in-refused", "The provider sends the browser back with another error."),
        (
            "response-issuer",
            "`iss` of the authorization response is not the `issuer` of the discovery document (RFC 9207).",
        ),
        ("no-code", "The provider sends the browser back without a code."),
    ],
    judge: sign_in,
    is_reach: false,
};

pub(in crate::doctor) static TOKEN_RESPONSE: DoctorCheck = DoctorCheck {
    name: "token-response",
    looks_at: "Checks whether the token endpoint issues tokens for the code (`--sign-in`).",
    causes: &[
        ("token-lost", "The token endpoint does not answer."),
        ("code-refused", "The token endpoint refuses the code."),
        ("token-failing", "The token endpoint answers with another error."),
        ("tokens-unreadable", "The response of the token endpoint is not a JSON object."),
        ("no-access-token", "The token response has no access token."),
        ("not-bearer", "The access token is not a bearer token."),
        ("no-id-token", "The token response has no ID token."),
    ],
    judge: token_response,
    is_reach: false,
};

fn sign_in(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let seen = evidence.sign_in.as_ref()?;
    let Some(response) = &seen.response else {
        let text = "You canceled the sign-in.";
        let change = "Run the doctor again with --sign-in, open the address that it prints, and sign in there.";
        return Some(CheckOutcome::problem("sign-in-cancelled", text).change(change));
    };
    if let Some(error) = seen.refusal() {
        return refused(&error);
    }
    if response.state != Comparison::AsExpected {
        let text = "The address that you pasted belongs to another sign-in: its `state` does not match.";
        let change = "Run the doctor again, open the address that it prints, sign in there, and paste the address \
                      where this sign-in ends.";
        return Some(CheckOutcome::problem("another-flow", text).change(change));
    }
    if !response.issuer.fits_if_present() || response.is_issuer_promised && response.issuer == Comparison::Missing {
        let text = "`iss` of the authorization response is not the `issuer` of the discovery document.";
        let change = "Correct the provider's public URL, so that all its responses name the same issuer.";
        let seen = format!("iss: {}", response.first("iss").unwrap_or("missing"));
        return Some(CheckOutcome::problem("response-issuer", text).seen(seen).change(change));
    }
    Some(match response.first("code") {
        None | Some("") => {
            let text = "The provider sends the browser back without a code.";
            let change = "Allow the authorization code flow (response type `code`) for this client at the provider.";
            CheckOutcome::problem("no-code", text).change(change)
        }
        Some(_) => CheckOutcome::ok("The provider sends the browser back with a code."),
    })
}

/// Judges an error that PKCE and scope are not to blame for; those have checks of
/// their own.
fn refused(error: &ProbeAnswer) -> Option<CheckOutcome> {
    let (cause, text, change) = match error.error.as_deref() {
        _ if error.mentions("nonce") => (
            "nonce-required",
            "The provider requires a nonce, but Immich does not send one.",
            "At the provider, turn off the required nonce for this client. If it has no such setting, use another \
             provider.",
        ),
        Some("access_denied") => (
            "access-denied",
            "The provider does not allow this end-user to use the client.",
            "At the provider, assign the end-user, or a group that the end-user belongs to, to this client.",
        ),
        _ if blames(error).is_some() => return None,
        _ => (
            "sign-in-refused",
            "The provider sends the browser back with an error.",
            "Look for the error in the provider's log, and check the settings of this client at the provider.",
        ),
    };
    Some(CheckOutcome::problem(cause, text).seen(error.to_string()).change(change))
}

impl SignInEvidence {
    /// Returns the error with which the provider ended the sign-in. Some providers
    /// omit `state` from it.
    pub(super) fn refusal(&self) -> Option<ProbeAnswer> {
        let response = self.response.as_ref().filter(|response| response.state.fits_if_present())?;
        let error = response.first("error")?.to_owned();
        let description = response.first("error_description").map(ToOwned::to_owned);
        Some(ProbeAnswer { status: 302, error: Some(error), description, ..ProbeAnswer::default() })
    }
}

type Answered = Result<TokenResponse, FetchError>;

fn said(answered: &Answered) -> ProbeAnswer {
    ProbeAnswer::of(answered.as_ref().map(|response| &response.answer))
}

/// Judges how the client authenticates by the answer to a code; `None` where it does
/// not tell.
pub(super) fn authentication(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let seen = evidence.sign_in.as_ref()?;
    let own = said(seen.own_method.as_ref()?);
    let method = evidence.settings.authentication.as_deref().unwrap_or("client_secret_post");
    if own.status == 200 {
        return Some(if evidence.settings.client_secret.as_deref() == Some("") {
            CheckOutcome::ok("The provider accepts the client without a secret.")
        } else {
            CheckOutcome::ok(format!("The provider accepts the client's secret with {method}."))
        });
    }
    if !own.is_client_refused() {
        return None;
    }
    let other_method = if method == "client_secret_basic" { "client_secret_post" } else { "client_secret_basic" };
    let other = seen.other_method.as_ref().map(said);
    // Some products name the method that they want, and count the code as spent.
    let is_other_taken =
        other.is_some_and(|other| other.status == 200 || !other.is_client_refused() && own.mentions(other_method));
    Some(super::probe::client_refused(method, &format!("a code with {method}: {own}"), is_other_taken))
}

fn token_response(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let seen = evidence.sign_in.as_ref()?;
    let own = seen.own_method.as_ref()?;
    let Some(tokens) = seen.tokens() else { return failed(own) };
    let members = || format!("members: {}", tokens.members.keys().cloned().collect::<Vec<_>>().join(", "));
    if tokens.access_token != MemberType::Text {
        let text = "The token response has no access token (RFC 6749 §5.1).";
        let change =
            "Check the settings of this client at the provider, and whether a proxy alters the token response.";
        return Some(CheckOutcome::problem("no-access-token", text).seen(members()).change(change));
    }
    if !tokens.is_bearer {
        let kind = tokens.text("token_type").unwrap_or("missing");
        let text = "The access token is not a bearer token, which is the only type that Immich supports.";
        let change = "At the provider, turn off DPoP and other token types than Bearer for this client.";
        return Some(CheckOutcome::problem("not-bearer", text).seen(format!("token_type: {kind}")).change(change));
    }
    if tokens.id_token != MemberType::Text {
        let text = "The token response has no ID token (OIDC Core §3.1.3.3).";
        let change = SettingLabel::SCOPE.to("openid email profile");
        return Some(CheckOutcome::problem("no-id-token", text).seen(members()).change(change));
    }
    Some(CheckOutcome::ok("The token endpoint issues tokens for the code."))
}

/// Judges an answer without tokens; `None` where the provider refuses the client,
/// which has a check of its own.
fn failed(own: &Answered) -> Option<CheckOutcome> {
    let answer = said(own);
    let log = "Look for the error in the provider's log at the time of the sign-in.";
    let (cause, text, change) = match own {
        Err(_) => (
            "token-lost",
            "The token endpoint does not answer.",
            "Check that `token_endpoint` of the discovery document is the right address, and that this machine reaches \
             it.",
        ),
        Ok(_) if answer.is_client_refused() => return None,
        Ok(response) if response.answer.status == 200 && response.tokens.is_err() => (
            "tokens-unreadable",
            "The response of the token endpoint is not a JSON object.",
            "Check the proxy in front of the provider: it may answer in place of the token endpoint.",
        ),
        Ok(_) if answer.error.as_deref() == Some("invalid_grant") => (
            "code-refused",
            "The token endpoint refuses the code.",
            "At the provider, register the redirect URI exactly as the server sends it. If the provider has several \
             nodes, check that they share their sessions. Then sign in again without delay: a code is valid for about \
             a minute.",
        ),
        Ok(_) => ("token-failing", "The token endpoint answers with an error.", log),
    };
    Some(CheckOutcome::problem(cause, text).seen(answer.to_string()).change(change))
}

//! What the answers to a probe say of the client: its secret, its redirect URIs,
//! and the request that the server sends.

use crate::doctor::check::CheckOutcome;
use crate::doctor::evidence::{DoctorEvidence, ProbeAnswer, SignInEvidence};
use crate::immich::{RedirectUri, SettingLabel};

/// Judges whether the authorization endpoint knows the client id; `None` where it
/// does not say that it does not.
pub(super) fn client_id(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let (_, answer) = evidence.probe.as_ref()?.redirects.first()?;
    answer.is_client_unknown().then(|| {
        let change = SettingLabel::CLIENT_ID.to("the client ID that the provider shows");
        CheckOutcome::problem("client-unknown", "The provider does not know the client ID.")
            .seen(format!("authorization endpoint: {answer}"))
            .change(change)
    })
}

/// Judges how the client authenticates; `None` without a probe.
pub(super) fn authentication(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let probe = evidence.probe.as_ref()?;
    let own = probe.own_method.as_ref()?;
    let method = evidence.settings.authentication.as_deref().unwrap_or("client_secret_post");
    let seen = |answer: &ProbeAnswer| format!("a made-up code with {method}: {answer}");
    if own.is_stop() || own.lost.is_some() {
        return Some(CheckOutcome::unknown(format!(
            "The response of the token endpoint does not show whether the secret is right: {own}."
        )));
    }
    let Some(wrong) = &probe.wrong_secret else {
        let is_refused = own.is_client_refused();
        return Some(if is_refused {
            let change = SettingLabel::CLIENT_SECRET
                .to("the client secret that the provider shows, or make the client public at the provider");
            CheckOutcome::problem(
                "secret-refused",
                "The server sends no client secret, and the provider refuses a client without one.",
            )
            .seen(seen(own))
            .change(change)
        } else {
            CheckOutcome::ok("The provider accepts the client without a secret.")
        });
    };
    if !own.is_client_refused() {
        return Some(if wrong.is_client_refused() {
            CheckOutcome::ok(format!("The provider accepts the client's secret with {method}."))
        } else {
            CheckOutcome::unknown(format!(
                "The provider answers a wrong client secret and the configured one alike ({wrong}). Only --sign-in \
                 shows whether the secret is right."
            ))
        });
    }
    let is_other_taken =
        probe.other_method.as_ref().is_some_and(|other| !other.is_client_refused() && !other.is_stop());
    Some(client_refused(method, &seen(own), is_other_taken))
}

/// Judges a client that the provider refuses by the method of the settings.
pub(super) fn client_refused(method: &str, seen: &str, is_other_taken: bool) -> CheckOutcome {
    if is_other_taken {
        let (text, other_method) = match method {
            "client_secret_basic" => (
                "The server sends the client secret with HTTP Basic, but the provider expects it in the request body.",
                "client_secret_post",
            ),
            _ => (
                "The server sends the client secret in the request body, but the provider expects HTTP Basic.",
                "client_secret_basic",
            ),
        };
        return CheckOutcome::problem("method-refused", text)
            .seen(seen)
            .change(SettingLabel::AUTHENTICATION.to(other_method));
    }
    let change = format!(
        "{}\nIf the secret is right, correct the client ID.",
        SettingLabel::CLIENT_SECRET.to("the client secret that the provider shows; create a new one if it shows none")
    );
    CheckOutcome::problem("secret-refused", "The provider refuses the client ID or the client secret.")
        .seen(seen)
        .change(change)
}

/// Judges the redirect URIs; `None` without a probe of them.
pub(super) fn redirect(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let probe = evidence.probe.as_ref()?;
    let redirects = probe.redirects.as_slice();
    let (false, [first, again, others @ .., control]) = (probe.is_stopped, redirects) else {
        let (uri, answer) = redirects.last()?;
        let text = format!("The probe stopped, because the authorization endpoint answered {answer} for {uri}.");
        return Some(CheckOutcome::unknown(text));
    };
    if first.1.is_client_unknown() {
        let text = "The provider does not know the client ID, so its responses do not show which redirect URIs are \
                    registered.";
        return Some(CheckOutcome::unknown(text));
    }
    if first.1 != again.1 {
        return Some(CheckOutcome::unknown(
            "The authorization endpoint answers two equal requests differently, so its responses do not show which \
             redirect URIs are registered.",
        ));
    }
    let refused: Vec<&str> = std::iter::once(first)
        .chain(others)
        .filter(|(_, answer)| *answer == control.1)
        .map(|(uri, _)| uri.as_str())
        .collect();
    let own = others.len() + 1;
    Some(match refused.len() {
        0 => CheckOutcome::ok("The redirect URIs of the web pages and the app are registered at the provider."),
        count if count == own && control.1.status < 400 => CheckOutcome::unknown(
            "The provider answers an unregistered redirect URI and the server's own ones alike. Only a sign-in shows \
             whether they are registered.",
        ),
        _ => {
            let text = format!("The provider refuses these redirect URIs: {}.", refused.join(", "));
            let change = "At the provider, register these URIs exactly as written here.";
            let is_app = refused.iter().any(|uri| *uri == RedirectUri::App.at(""));
            let hand_over = evidence.server.as_ref().map(|server| RedirectUri::MobileRedirect.at(&server.origin));
            let or_override = hand_over.filter(|_| is_app).map(|uri| {
                let setting = SettingLabel::APP_REDIRECT.to(&uri);
                format!("\nIf the provider does not accept the app's URI, register {uri} instead.\n{setting}")
            });
            CheckOutcome::problem("not-registered", text)
                .seen(format!("{}: {}", control.0, control.1))
                .change(format!("{change}{}", or_override.unwrap_or_default()))
        }
    })
}

/// What an error of the authorization endpoint blames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blamed {
    /// That there is no PKCE challenge.
    Pkce,
    /// The scopes.
    Scope,
}

/// Returns what an error blames; `None` for something else.
pub(super) fn blames(answer: &ProbeAnswer) -> Option<Blamed> {
    if answer.mentions("challenge") || answer.mentions("pkce") {
        return Some(Blamed::Pkce);
    }
    (answer.error.as_deref() == Some("invalid_scope")).then_some(Blamed::Scope)
}

/// Returns the errors with which the authorization endpoint answered a request as the
/// server sends it, to a probe and to a sign-in.
fn refusals(evidence: &DoctorEvidence) -> impl Iterator<Item = ProbeAnswer> {
    let probed = evidence.probe.as_ref().and_then(|probe| probe.redirects.first()).map(|(_, answer)| answer.clone());
    let signed_in = evidence.sign_in.as_ref().and_then(SignInEvidence::refusal);
    probed.filter(|answer| answer.error.is_some()).into_iter().chain(signed_in)
}

/// Judges PKCE by the error of the authorization endpoint.
pub(super) fn pkce(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let answer = refusals(evidence).find(|answer| blames(answer) == Some(Blamed::Pkce))?;
    let text = "The provider requires PKCE, but the server does not use PKCE, because the discovery document does not \
                list S256.";
    let change = "Configure the provider to list `S256` in `code_challenge_methods_supported`, or turn off required \
                  PKCE for this client there.";
    Some(CheckOutcome::problem("pkce-required", text).seen(answer.to_string()).change(change))
}

/// Judges the scopes by the error of the authorization endpoint.
pub(super) fn scope(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let answer = refusals(evidence).find(|answer| blames(answer) == Some(Blamed::Scope))?;
    let text = "The provider refuses the scopes that the server requests.";
    let usual = SettingLabel::SCOPE.to("openid email profile");
    let change = format!("{usual}\nOr allow the scopes for this client at the provider.");
    Some(CheckOutcome::problem("scope-refused", text).seen(answer.to_string()).change(change))
}

/// Judges the request that the server sends by another error of the probe.
pub(super) fn request(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let (_, answer) = evidence.probe.as_ref()?.redirects.first()?;
    let is_of_request = answer.error.is_some() && blames(answer).is_none() && !answer.is_client_unknown();
    is_of_request.then(|| {
        let text = "The provider refuses the authorization request that the server sends.";
        let change = "Look for the error in the provider's log, and check the settings of this client at the provider.";
        CheckOutcome::problem("request-refused", text).seen(answer.to_string()).change(change)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::doctor::check::Status;
    use crate::doctor::evidence::ProbeEvidence;
    use crate::immich::SignInSettings;

    fn answered(status: u16, error: &str) -> ProbeAnswer {
        let error = Some(error.to_owned()).filter(|error| !error.is_empty());
        ProbeAnswer { status, error, ..ProbeAnswer::default() }
    }

    fn evidence(probe: ProbeEvidence) -> DoctorEvidence {
        DoctorEvidence {
            settings: SignInSettings::default(),
            server: None,
            provider: None,
            probe: Some(probe),
            sign_in: None,
            now: 0,
        }
    }

    #[rstest]
    #[case("invalid_grant", "invalid_grant", "invalid_client", Status::Ok, "")]
    #[case("invalid_grant", "invalid_grant", "invalid_grant", Status::Unknown, "")]
    #[case("invalid_client", "invalid_grant", "invalid_client", Status::Problem, "method-refused")]
    #[case("invalid_client", "invalid_client", "invalid_client", Status::Problem, "secret-refused")]
    fn a_secret_is_known_by_the_answer_to_a_wrong_one(
        #[case] own: &str,
        #[case] other: &str,
        #[case] wrong: &str,
        #[case] status: Status,
        #[case] cause: &str,
    ) {
        let found = authentication(&evidence(ProbeEvidence {
            own_method: Some(answered(400, own)),
            other_method: Some(answered(400, other)),
            wrong_secret: Some(answered(400, wrong)),
            ..ProbeEvidence::default()
        }))
        .unwrap();
        assert_eq!((found.status, found.cause), (status, cause));
    }

    #[rstest]
    #[case(&[200, 200, 200, 400], Status::Ok, "")]
    #[case(&[200, 200, 400, 400], Status::Problem, "not-registered")]
    #[case(&[400, 400, 400, 400], Status::Problem, "not-registered")]
    #[case(&[200, 200, 200, 200], Status::Unknown, "")]
    #[case(&[200, 302, 200, 400], Status::Unknown, "")]
    #[case(&[429], Status::Unknown, "")]
    #[case(&[200, 200, 200, 429], Status::Unknown, "")]
    fn redirect_uris_are_known_by_the_answer_to_an_unregistered_one(
        #[case] statuses: &[u16],
        #[case] status: Status,
        #[case] cause: &str,
    ) {
        let redirects = statuses.iter().map(|status| ("https://a.test".to_owned(), answered(*status, ""))).collect();
        let is_stopped = statuses.ends_with(&[429]);
        let probe = ProbeEvidence { redirects, is_stopped, ..ProbeEvidence::default() };
        let found = redirect(&evidence(probe)).unwrap();
        assert_eq!((found.status, found.cause), (status, cause));
    }

    #[rstest]
    #[case("invalid_scope", "", Some("scope-refused"))]
    #[case("invalid_request", "a code challenge is required", Some("pkce-required"))]
    #[case("unauthorized_client", "", Some("request-refused"))]
    #[case("invalid_client", "", Some("client-unknown"))]
    #[case("", "", None)]
    fn an_error_of_the_authorization_endpoint_has_a_cause(
        #[case] error: &str,
        #[case] description: &str,
        #[case] cause: Option<&str>,
    ) {
        let answer = ProbeAnswer { description: Some(description.to_owned()), ..answered(302, error) };
        let probe = ProbeEvidence { redirects: vec![(String::new(), answer)], ..ProbeEvidence::default() };
        let evidence = evidence(probe);
        let judged = client_id(&evidence)
            .or_else(|| pkce(&evidence))
            .or_else(|| scope(&evidence))
            .or_else(|| request(&evidence));
        assert_eq!(judged.map(|judged| judged.cause), cause);
    }
}

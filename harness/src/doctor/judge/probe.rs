//! What the answers to a probe say of the client: its secret, its redirect URIs,
//! and the request that the server sends.

use crate::doctor::check::CheckOutcome;
use crate::doctor::evidence::{DoctorEvidence, ProbeAnswer};
use crate::immich::SettingLabel;

/// Judges how the client authenticates; `None` without a probe.
pub(super) fn authentication(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let probe = evidence.probe.as_ref()?;
    let own = probe.own_method.as_ref()?;
    let method = evidence.settings.authentication.as_deref().unwrap_or("client_secret_post");
    let other_method = if method == "client_secret_basic" { "client_secret_post" } else { "client_secret_basic" };
    let seen = |answer: &ProbeAnswer| format!("a made-up code with {method}: {answer}");
    if own.is_stop() || own.lost.is_some() {
        return Some(CheckOutcome::unknown(format!("The token endpoint does not say: {own}.")));
    }
    let Some(wrong) = &probe.wrong_secret else {
        let is_refused = own.is_client_refused();
        return Some(if is_refused {
            let change =
                SettingLabel::CLIENT_SECRET.to("the secret that the provider shows, or make the client public there");
            CheckOutcome::problem("secret-refused", "The provider refuses the client without a secret.")
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
                "The provider answers a wrong secret as it answers the right one ({wrong}), so the secret shows only in \
                 a sign-in."
            ))
        });
    }
    let is_other_taken =
        probe.other_method.as_ref().is_some_and(|other| !other.is_client_refused() && !other.is_stop());
    Some(if is_other_taken {
        let text = match method {
            "client_secret_basic" => "The server sends its secret with HTTP Basic; this provider wants it in the body.",
            _ => "The server sends its secret in the body; this provider wants HTTP Basic.",
        };
        CheckOutcome::problem("method-refused", text)
            .seen(seen(own))
            .change(SettingLabel::AUTHENTICATION.to(other_method))
    } else {
        let change = format!(
            "{}\nIf it is right, correct the client id.",
            SettingLabel::CLIENT_SECRET.to("the secret that the provider shows; create a new one if it shows none")
        );
        CheckOutcome::problem("secret-refused", "The provider refuses the client's id or secret, by both methods.")
            .seen(seen(own))
            .change(change)
    })
}

/// Judges the redirect URIs; `None` without a probe of them.
pub(super) fn redirect(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let redirects = evidence.probe.as_ref()?.redirects.as_slice();
    let [first, again, others @ .., control] = redirects else {
        let stopped = redirects.last().map(|(_, answer)| answer.to_string())?;
        return Some(CheckOutcome::unknown(format!("The authorization endpoint does not say: {stopped}.")));
    };
    if first.1 != again.1 {
        return Some(CheckOutcome::unknown("The authorization endpoint answers two equal requests differently."));
    }
    let refused: Vec<&str> = std::iter::once(first)
        .chain(others)
        .filter(|(_, answer)| *answer == control.1)
        .map(|(uri, _)| uri.as_str())
        .collect();
    let own = others.len() + 1;
    Some(match refused.len() {
        0 => CheckOutcome::ok("The provider has registered the redirect URIs of the web pages and the app."),
        count if count == own && control.1.status < 400 => CheckOutcome::unknown(
            "The provider answers a redirect URI that is not registered as it answers the others, so they show only in \
             a sign-in.",
        ),
        _ => {
            let text = format!("The provider refuses these redirect URIs: {}.", refused.join(", "));
            let change = "At the provider, register them exactly so.";
            CheckOutcome::problem("not-registered", text).seen(format!("{}: {}", control.0, control.1)).change(change)
        }
    })
}

/// Judges the answer to the request that the server sends; `None` where it has no
/// error.
pub(super) fn request(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let (_, answer) = evidence.probe.as_ref()?.redirects.first()?;
    let error = answer.error.as_deref()?;
    let said = format!("{error} {}", answer.description.as_deref().unwrap_or_default()).to_lowercase();
    let seen = answer.to_string();
    Some(if said.contains("challenge") || said.contains("pkce") {
        let text = "The provider requires PKCE, and the document does not list S256, so the server sends no challenge.";
        CheckOutcome::problem("pkce-required", text)
            .seen(seen)
            .change("Let the provider list S256 in the document, or do not require PKCE of this client.")
    } else if error == "invalid_scope" {
        CheckOutcome::problem("scope-refused", "The provider refuses the scopes that the server asks for.")
            .seen(seen)
            .change(format!(
                "{}\nOr allow them for this client at the provider.",
                SettingLabel::SCOPE.to("openid email profile")
            ))
    } else {
        CheckOutcome::problem(
            "request-refused",
            "The provider refuses the authorization request that the server sends.",
        )
        .seen(seen)
        .change("Read the provider's log, and its settings of this client.")
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
        DoctorEvidence { settings: SignInSettings::default(), server: None, provider: None, probe: Some(probe), now: 0 }
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
    fn redirect_uris_are_known_by_the_answer_to_an_unregistered_one(
        #[case] statuses: &[u16],
        #[case] status: Status,
        #[case] cause: &str,
    ) {
        let redirects = statuses.iter().map(|status| ("https://a.test".to_owned(), answered(*status, ""))).collect();
        let found = redirect(&evidence(ProbeEvidence { redirects, ..ProbeEvidence::default() })).unwrap();
        assert_eq!((found.status, found.cause), (status, cause));
    }

    #[rstest]
    #[case("invalid_scope", "", Some("scope-refused"))]
    #[case("invalid_request", "a code challenge is required", Some("pkce-required"))]
    #[case("unauthorized_client", "", Some("request-refused"))]
    #[case("", "", None)]
    fn an_error_of_the_authorization_endpoint_has_a_cause(
        #[case] error: &str,
        #[case] description: &str,
        #[case] cause: Option<&str>,
    ) {
        let answer = ProbeAnswer { description: Some(description.to_owned()), ..answered(302, error) };
        let probe = ProbeEvidence { redirects: vec![(String::new(), answer)], ..ProbeEvidence::default() };
        assert_eq!(request(&evidence(probe)).map(|judged| judged.cause), cause);
    }
}

//! Plays the honest sign-in. [`super::course`] reads its exchanges.

use std::sync::Arc;

use mock_idp::Tls;

use super::course::{Course, Ending};
use super::unreached::Way;
use crate::diagnostic::Source;
use crate::expect::AnswerRule;
use crate::guard::StepFault;
use crate::immich::{Access, Immich, StandingClient, TargetError};
use crate::report::{CaseReport, SignInEnding, SignInReport};
use crate::runner::error::RunError;
use crate::runner::failed_sign_in::FailedSignIn;
use crate::runner::fixed_settings::misfit_of;
use crate::runner::played::Played;
use crate::runner::worker::Worker;
use crate::scenario::Scenario;
use crate::stage::StepError;

const SCENARIO: &str = r#"
format = 1
title = "An honest end-user signs in"
problem = "Refuses an honest end-user"
severity = "medium"
requirement = ["OIDC Core §3.1"]
provider.tls = "TLS"
users.alice = {}
[[steps]]
STEP
"#;

/// The whole of it.
const SIGN_IN: &str = "sign-in.as = \"alice\"";

/// The server is only asked where a sign-in begins.
const START: &str = "start-sign-in = {}";

fn scenario(tls: Tls, step: &str) -> Option<Arc<Scenario>> {
    let text = SCENARIO.replace("TLS", tls.name()).replace("STEP", step);
    let source = Source { path: "honest-sign-in.toml".into(), text };
    Scenario::parse("preflight/honest-sign-in", source).ok().map(Arc::new)
}

/// Signs an end-user of the run in. Returns what was seen, or why it fails. Where settings stay that refuse new people, the server only begins.
///
/// # Errors
/// The sign-in could not be played.
pub(in crate::runner) async fn sign_in(
    worker: &mut Worker,
    tls: Tls,
) -> Result<Result<SignInReport, FailedSignIn>, RunError> {
    let origin = worker.provider().origin_over(tls).map_err(|error| RunError::Stage(error.to_string()))?;
    let mut unfit = None;
    let Some(whole) = scenario(tls, SIGN_IN) else { return Err(unread()) };
    if let Some(session) = worker.session().filter(|session| *session.access() == Access::Fixed) {
        StandingClient::of(session.originals(), &origin).map_err(TargetError::FixedSettings)?;
        unfit = whole.cases().first().and_then(|case| misfit_of(session, &case.play));
    }
    let scenario = if unfit.is_some() { scenario(tls, START) } else { Some(whole) };
    let Some((scenario, case)) = scenario.as_ref().and_then(|scenario| Some((scenario, scenario.cases().first()?)))
    else {
        return Err(unread());
    };
    let issuer = origin.as_str().trim_end_matches('/').to_owned();
    // The tests report what is wrong with answers in general.
    let target = worker.session().map(|session| session.target.clone());
    let earlier = target.as_ref().map(Immich::take_unjudged).unwrap_or_default();
    let played = worker.play(&case.play, &CaseReport::of(scenario, case)).await;
    if let Some(target) = target {
        target.leave_unjudged(earlier);
    }
    let mut played = match played {
        Ok(played) => played,
        Err(StepError::SettingsRefused { message, .. }) => return Ok(Err(refused_settings(&message))),
        Err(StepError::Client(limit)) => return Err(TargetError::from(limit).into()),
        Err(error) => return Err(error.into()),
    };
    if let Some(error) = played.unknown {
        return Err(StepFault::from(error).into());
    }
    for step in &mut played.steps {
        step.checks.retain(|check| AnswerRule::of(check).is_none());
    }
    if played.first_miss().is_none() && played.stopped.is_none() {
        let (ending, text) = match unfit {
            None => (SignInEnding::Works, format!("a test user signed in through the provider at {issuer}")),
            Some(reason) => {
                let text = format!(
                    "the server sends the browser to the provider at {issuer}; no test user signed in, because {reason}"
                );
                (SignInEnding::Begins, text)
            }
        };
        let exchanges = played.steps.into_iter().flat_map(|step| step.exchanges).collect();
        return Ok(Ok(SignInReport { ending, text, cause: None, advice: None, exchanges }));
    }
    Ok(Err(why(worker, &played, (&issuer, tls)).await))
}

fn unread() -> RunError {
    RunError::Stage("the harness cannot read its own honest sign-in".to_owned())
}

fn refused_settings(message: &str) -> FailedSignIn {
    FailedSignIn {
        sentence: format!("the server refuses OAuth settings that point to the provider: “{message}”"),
        target: None,
        exchanges: Vec::new(),
        cause: "The server refuses a setting that Immich accepts.".to_owned(),
        advice: "Look for the setting in the server's message, and compare it with the settings that an administrator \
                 can save."
            .to_owned(),
        is_unreached: false,
    }
}

/// Returns why a sign-in that was played fails.
async fn why(worker: &Worker, played: &Played, (issuer, tls): (&str, Tls)) -> FailedSignIn {
    let exchanges: Vec<_> = played.steps.iter().flat_map(|step| &step.exchanges).collect();
    let outcome = played.first_miss().or_else(|| played.stopped.clone()).unwrap_or_default();
    let outcome = outcome.strip_prefix("outcome is ").unwrap_or(&outcome);
    let failure = match (Course { exchanges: &exchanges, outcome }).ending() {
        Ending::Failed(failure) => failure,
        Ending::Unreached { message, is_certificate } => {
            let way = Way {
                issuer,
                target: worker.session().map_or("", |session| session.target.origin()),
                listens: worker.provider().local_addr(),
                tls,
                is_certificate,
                message: &message,
            };
            way.failure().await
        }
    };
    FailedSignIn { exchanges: exchanges.into_iter().cloned().collect(), ..failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_scenarios_are_well_formed() {
        for tls in [Tls::None, Tls::Trusted] {
            assert!(scenario(tls, SIGN_IN).is_some() && scenario(tls, START).is_some());
        }
    }
}

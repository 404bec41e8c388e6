//! Whether the target reaches the provider: told to use it, it must ask for
//! the discovery document; and over TLS, if it was told to trust the
//! provider's certificate authority.
//!
//! The last checks before a run, and the first changes to the target, so they
//! are played like any scenario, under the guard of the journal.

use std::sync::Arc;

use mock_idp::Tls;

use super::error::WorkerError;
use super::worker::Worker;
use crate::diagnostic::Source;
use crate::expect::AnswerRule;
use crate::immich::{AUTHORIZED, Access, Immich, StandingClient, TargetError};
use crate::report::{CaseReport, Party};
use crate::scenario::Scenario;
use crate::stage::StepError;

const SCENARIO: &str = r#"
format = 1
title = "The target reaches the provider"
requirement = ["OIDC Discovery §4"]
[provider]
tls = "TLS"
[[steps]]
start-sign-in = {}
expect.response.status = STATUS
expect.provider-saw.discovery.count.at-least = 1
expect.provider-saw.connection.count.at-least = CONNECTIONS
"#;

fn scenario(tls: Tls) -> Option<Arc<Scenario>> {
    let connections = if tls == Tls::None { "0" } else { "1" };
    let text = SCENARIO.replace("TLS", tls.name()).replace("CONNECTIONS", connections);
    let text = text.replace("STATUS", &AUTHORIZED.to_string());
    let source = Source { path: "reachability.toml".into(), text };
    Scenario::parse("preflight/reachability", source).ok().map(Arc::new)
}

/// What was seen, in words; or why sign-in could not work at all.
pub(super) async fn reach(worker: &mut Worker, tls: Tls) -> Result<String, WorkerError> {
    let origin = worker.provider().origin_over(tls);
    let origin = origin.map_err(|error| TargetError::ProviderUnreached {
        issuer: worker.provider().origin().to_string(),
        message: error.to_string(),
    })?;
    if let Some(session) = worker.session().filter(|session| *session.access() == Access::Fixed) {
        StandingClient::of(session.originals(), &origin).map_err(TargetError::FixedSettings)?;
    }
    let issuer = origin.as_str().trim_end_matches('/').to_owned();
    let unreached = |message: String| TargetError::ProviderUnreached { issuer: issuer.clone(), message };
    let scenario = scenario(tls);
    let Some((scenario, case)) = scenario.as_ref().and_then(|scenario| Some((scenario, scenario.cases.first()?)))
    else {
        return Err(unreached("the check could not be read".to_owned()).into());
    };
    // What is wrong with answers in general is for the tests to tell.
    let target = worker.session().map(|session| session.target.clone());
    let earlier = target.as_ref().map(Immich::take_unjudged).unwrap_or_default();
    let played = worker.play(&case.play, &CaseReport::of(scenario, case)).await;
    if let Some(target) = target {
        target.leave_unjudged(earlier);
    }
    let played = match played {
        Ok(played) => played,
        Err(StepError::Fault(fault)) => return Err(fault.into()),
        Err(error) => return Err(unreached(error.to_string()).into()),
    };
    if let Some(error) = played.unknown {
        return Err(error.into());
    }
    if let Some(why) = played.stopped {
        return Err(unreached(why).into());
    }
    let checks = || played.steps.iter().flat_map(|step| &step.checks).filter(|check| AnswerRule::of(check).is_none());
    if checks().all(|check| check.held) {
        return Ok(format!("its request came to {issuer}"));
    }
    let answers = played.steps.iter().flat_map(|step| &step.exchanges).filter(|one| one.to == Party::Target);
    let answer = answers.map(|one| &one.exchange).next_back();
    let message = answer.map(|answer| answer.error.clone().unwrap_or_else(|| answer.response_body.clone()));
    let message = message.unwrap_or_default();
    let tried = checks().any(|check| check.held && check.path == "provider-saw.connection.count");
    Err(if tls != Tls::None && tried {
        TargetError::ProviderUntrusted { issuer, message }.into()
    } else {
        unreached(message).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_scenarios_are_well_formed() {
        assert!(scenario(Tls::None).is_some() && scenario(Tls::Trusted).is_some());
    }
}

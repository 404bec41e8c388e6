//! Whether the target reaches the provider: told to use it, it must ask for
//! the discovery document.
//!
//! The last check before a run, and the first change to the target, so it is
//! played like any scenario, under the guard of the journal.

use std::sync::Arc;

use super::worker::{Worker, WorkerError};
use crate::diagnostic::Source;
use crate::report::CaseReport;
use crate::scenario::Scenario;
use crate::step::StepError;
use crate::target::TargetError;

const SCENARIO: &str = r#"
title = "The target reaches the provider"
requirement = ["OIDC Discovery §4"]
[[steps]]
start-sign-in = {}
expect.response.status = 201
expect.provider-saw.discovery.count.at-least = 1
"#;

/// What was seen, in words; or why sign-in could not work at all.
pub(super) async fn reach(worker: &mut Worker) -> Result<String, WorkerError> {
    let issuer = worker.provider_origin().as_str().trim_end_matches('/').to_owned();
    let unreached = |message: String| TargetError::ProviderUnreached { issuer: issuer.clone(), message };
    let source = Source { path: "reachability.toml".into(), text: SCENARIO.to_owned() };
    let scenario = Scenario::parse("preflight/reachability", source).ok().map(Arc::new);
    let Some((scenario, case)) = scenario.as_ref().and_then(|scenario| Some((scenario, scenario.cases.first()?)))
    else {
        return Err(unreached("the check could not be read".to_owned()).into());
    };
    let played = match worker.play(&case.play, &CaseReport::of(scenario, case)).await {
        Ok(played) => played,
        Err(StepError::Fault(fault)) => return Err(fault.into()),
        Err(error) => return Err(unreached(error.to_string()).into()),
    };
    if played.steps.iter().flat_map(|step| &step.checks).all(|check| check.held) {
        return Ok(format!("its request came to {issuer}"));
    }
    let answer = played.steps.iter().flat_map(|step| &step.exchanges).next_back();
    let message = answer.map(|answer| answer.error.clone().unwrap_or_else(|| answer.response_body.clone()));
    Err(unreached(message.unwrap_or_default()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_scenario_is_well_formed() {
        let source = Source { path: "reachability.toml".into(), text: SCENARIO.to_owned() };
        assert!(Scenario::parse("preflight/reachability", source).is_ok());
    }
}

//! The proof of a test that a server could pass without looking: another test,
//! in which the server must refuse. [`super::control`] makes the opposite, what
//! must succeed before a refusal counts.
//!
//! Proofs are found when all files are read: among these, in files beside them,
//! or in the binary. [`crate::runner`] plays a proof after its test passed.

use std::collections::BTreeMap;
use std::sync::Arc;

use oidc_harness_scenarios as built_in;

use super::file::{Case, Scenario, scenario_name, test_name};
use super::files::source;
use crate::diagnostic::{Broken, Diagnostic, Source, closest, did_you_mean};
use crate::document::path;

const HELP: &str = "name a test that expects a refusal and has a control, such as `id-token/expired::by-ten-minutes`";

/// What is wrong with a proof: a message, and what to do.
type Fault = (String, String);

/// Gives each test its proof. `unread` are files beside the scenarios.
///
/// # Errors
/// Returns the scenarios whose proofs are wrong, which it takes out.
pub(super) fn prove(scenarios: &mut Vec<Scenario>, unread: &[Source]) -> Vec<Broken> {
    let proofs = proofs(scenarios, unread);
    let mut broken = Vec::new();
    scenarios.retain_mut(|scenario| {
        let mut problems = Vec::new();
        let mut found = BTreeMap::new();
        for (index, test) in scenario.tests.iter().enumerate() {
            let Some(name) = &test.proof else { continue };
            match proofs.get(name) {
                None => {}
                Some(Ok(proof)) => drop(found.insert(name.clone(), Arc::clone(proof))),
                Some(Err((message, help))) => {
                    let documents = scenario.documents();
                    let place = documents.get(index).map(|document| document.place(&path(&["proof"])));
                    problems.push(Diagnostic::error(message, place.unwrap_or_default()).note(help));
                }
            }
        }
        scenario.prove(found);
        problems.dedup();
        let is_right = problems.is_empty();
        if !is_right {
            broken.push(Broken { source: Arc::clone(&scenario.source), problems });
        }
        is_right
    });
    broken
}

/// The proofs that the scenarios name, or what is wrong with each.
fn proofs(scenarios: &[Scenario], unread: &[Source]) -> BTreeMap<String, Result<Arc<Scenario>, Fault>> {
    let tests = scenarios.iter().flat_map(|scenario| &scenario.tests);
    let names = tests.filter_map(|test| test.proof.clone());
    let mut files = BTreeMap::new();
    let mut proofs = BTreeMap::new();
    for name in names {
        let file = name.split("::").next().unwrap_or_default();
        let scenario = files.entry(file.to_owned()).or_insert_with(|| whole(file, scenarios, unread));
        proofs.entry(name.clone()).or_insert_with(|| proof(&name, scenario.as_ref(), scenarios));
    }
    proofs
}

/// The scenario of this name, wherever it is.
fn whole(name: &str, scenarios: &[Scenario], unread: &[Source]) -> Option<Scenario> {
    if let Some(scenario) = scenarios.iter().find(|scenario| scenario.name == name) {
        return Some(scenario.clone());
    }
    let beside = unread.iter().find(|source| scenario_name(&source.path) == name).cloned();
    Scenario::parse(name, beside.or_else(|| built_in::scenario(name).map(source))?).ok()
}

/// The one case of a scenario that `name` means.
fn proof(name: &str, scenario: Option<&Scenario>, scenarios: &[Scenario]) -> Result<Arc<Scenario>, Fault> {
    let Some(scenario) = scenario else { return Err(unknown(name, scenarios)) };
    let is_meant = |case: &&Case| scenario.test_name(case) == name;
    let Some(case) = scenario.cases().iter().find(is_meant) else {
        let names: Vec<_> = scenario.cases().iter().map(|case| scenario.test_name(case)).collect();
        return Err((format!("unknown test `{name}`"), format!("the tests of the file are `{}`", names.join("`, `"))));
    };
    if case.control.is_none() {
        return Err((format!("`{name}` cannot be a proof: it has no refusal with a control"), HELP.to_owned()));
    }
    if case.play.shape.proof.is_some() {
        return Err((format!("`{name}` cannot be a proof: it needs a proof itself"), HELP.to_owned()));
    }
    let (case, mut proof) = (case.name.clone(), scenario.clone());
    proof.retain(|test| test.case == case);
    Ok(Arc::new(proof))
}

fn unknown(name: &str, scenarios: &[Scenario]) -> Fault {
    let built_in = built_in::scenarios().map(|file| scenario_name(file.path.as_ref()));
    let known: Vec<String> = scenarios.iter().map(|scenario| scenario.name.clone()).chain(built_in).collect();
    let (file, case) = name.split_once("::").map_or((name, None), |(file, case)| (file, Some(case)));
    let help = closest(file, known.iter().map(String::as_str)).map(|close| did_you_mean(test_name(close, case)));
    (format!("unknown test `{name}`"), help.unwrap_or_else(|| HELP.to_owned()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::scenario::{Catalogue, Filter, Keep};

    fn file(name: &str, proof: &str, provider: &str, outcome: &str) -> Source {
        let text = format!(
            "format = 1\ntitle = 'T'\nproblem = 'Fails'\nseverity = 'low'\nrequirement = ['RFC 6749 §4.1']\nwhy = 'w'\n\
             {proof}\n[provider]\n{provider}\n[users.alice]\n[[steps]]\nsign-in.as = 'alice'\n\
             expect.outcome = '{outcome}'\n"
        );
        Source { path: format!("{name}.toml").into(), text }
    }

    fn refusing(proof: &str) -> Source {
        file("own/refusing", proof, "quirks.expired = true", "refused")
    }

    #[rstest]
    #[case::beside("own/refusing", "own/refusing")]
    #[case::in_the_binary("id-token/expired::by-ten-minutes", "id-token/expired::by-ten-minutes")]
    fn a_proof_is_found(#[case] name: &str, #[case] expected: &str) {
        let positive = file("own/positive", &format!("proof = '{name}'"), "", "signed-in");
        for (read, unread) in [(vec![positive.clone(), refusing("")], vec![]), (vec![positive], vec![refusing("")])] {
            let catalogue = Catalogue::of_beside(read, &unread);
            let tests = |scenario: &Scenario| scenario.cases().iter().map(|case| scenario.test_name(case)).collect();
            let named = catalogue.scenarios.iter().find(|one| one.name == "own/positive").unwrap();
            let found: Vec<String> = tests(named.cases()[0].proof.as_ref().unwrap());
            assert_eq!(found, [expected]);
        }
    }

    #[rstest]
    #[case::misspelt("id-token/expird::by-ten-minutes", "", "did you mean `id-token/expired::by-ten-minutes`?")]
    #[case::no_case("id-token/expired::by-an-hour", "", "`id-token/expired::claims-in-userinfo`, ")]
    #[case::several_cases("id-token/expired", "", "`id-token/expired::claims-in-userinfo`, ")]
    #[case::positive("id-token/large::nested-lists", "", "no refusal with a control")]
    #[case::itself("own/positive", "", "no refusal with a control")]
    #[case::circle("own/refusing", "proof = 'own/positive'", "needs a proof itself")]
    fn a_wrong_proof_is_a_mistake(#[case] name: &str, #[case] of_the_other: &str, #[case] expected: &str) {
        let positive = file("own/positive", &format!("proof = '{name}'"), "", "signed-in");
        let catalogue = Catalogue::of_beside([positive], &[refusing(of_the_other)]);
        let [broken] = catalogue.broken.as_slice() else { panic!("{catalogue:?}") };
        let shown: Vec<_> = broken
            .problems
            .iter()
            .map(|problem| problem.render(&broken.source, crate::diagnostic::DiagnosticLook::PLAIN))
            .collect();
        assert!(shown.len() == 1 && shown[0].contains(expected), "{shown:?}");
        assert_eq!(&broken.source.text[broken.problems[0].labels[0].span.clone()], format!("'{name}'"));
    }

    #[test]
    fn a_filter_leaves_out_no_proof() {
        let filter = Filter::text("id-token/large::nested-lists");
        let catalogue = Catalogue::embedded_for(&filter, Keep::Cases);
        assert!(catalogue.scenarios.iter().flat_map(Scenario::cases).all(|case| case.proof.is_some()));
    }
}

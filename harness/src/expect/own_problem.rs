//! The problem of one expectation: what a server does that misses it, where the
//! problem of the scenario is about more than that. What form the sentence has is for
//! the validation of scenarios.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::matcher::{PROBLEM, SEVERITY, WHY};
use super::value::Words;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, in_words};
use crate::severity::Severity;

/// What a server does that misses one expectation. It stands instead of the problem,
/// the reason and the advice of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnProblem {
    /// What the server does: a verb in third person, no subject, no full stop.
    pub sentence: String,
    /// What an attacker gains, or which users cannot sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How bad it is, if that is not how bad the scenario's problem is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
}

impl OwnProblem {
    /// Reads it from a matcher; none if that has no problem.
    pub(super) fn of(matcher: &Node, words: Words) -> Result<Option<Self>, Diagnostic> {
        let text = |key: &str| matcher.get(key).map(|node| text(key, node)).transpose();
        let place = |key: &str| matcher.get(key).map_or_else(|| matcher.span.clone(), |node| node.span.clone());
        let Some(first) = [PROBLEM, WHY, SEVERITY].into_iter().find(|key| matcher.get(key).is_some()) else {
            return Ok(None);
        };
        if words == Words::OfReports {
            let problem = Diagnostic::error(format!("`{first}` has no meaning here"), place(first));
            return Err(problem.note(format!("remove `{first}`: a baseline says what the server does")));
        }
        let Some(sentence) = text(PROBLEM)? else {
            let problem = Diagnostic::error(format!("`{first}` needs `{PROBLEM}` beside it"), place(first));
            let help = format!("add `{PROBLEM} = \"…\"`: what a server does that misses this expectation");
            return Err(problem.note(help));
        };
        let severity = text(SEVERITY)?.map(|word| severity_of(&word, || place(SEVERITY))).transpose()?;
        Ok(Some(Self { sentence, why: text(WHY)?, severity }))
    }
}

fn text(key: &str, node: &Node) -> Result<String, Diagnostic> {
    let wrong = || Diagnostic::error(format!("expected text, found {}", in_words(node)), node.span.clone());
    let help = || format!("write a sentence in quotes: `{key} = \"…\"`");
    node.text().map(ToOwned::to_owned).ok_or_else(|| wrong().note(help()))
}

fn severity_of(word: &str, place: impl FnOnce() -> Range<usize>) -> Result<Severity, Diagnostic> {
    let known = Severity::ALL.iter().map(|(severity, _)| *severity).find(|severity| severity.name() == word);
    known.ok_or_else(|| {
        let problem = Diagnostic::error(format!("unknown severity `{word}`"), place());
        problem.note("write `high`, `medium` or `low`")
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;

    #[rstest]
    #[case::none("is = 1", Words::OfScenarios, Ok(None))]
    #[case::sentence("is = 1\nproblem = 'Does'", Words::OfScenarios, Ok(Some(("Does", None))))]
    #[case::both("is = 1\nproblem = 'Does'\nwhy = 'So'", Words::OfScenarios, Ok(Some(("Does", Some("So")))))]
    #[case::severity("is = 1\nproblem = 'Does'\nseverity = 'low'", Words::OfScenarios, Ok(Some(("Does", None))))]
    #[case::no_severity(
        "is = 1\nproblem = 'Does'\nseverity = 'bad'",
        Words::OfScenarios,
        Err("unknown severity `bad`")
    )]
    #[case::severity_alone("is = 1\nseverity = 'low'", Words::OfScenarios, Err("`severity` needs `problem` beside it"))]
    #[case::why_alone("is = 1\nwhy = 'So'", Words::OfScenarios, Err("`why` needs `problem` beside it"))]
    #[case::number("is = 1\nproblem = 1", Words::OfScenarios, Err("expected text, found the number `1`"))]
    #[case::baseline("is = 1\nproblem = 'Does'", Words::OfReports, Err("`problem` has no meaning here"))]
    fn an_expectation_may_have_a_problem_of_its_own(
        #[case] text: &str,
        #[case] words: Words,
        #[case] expected: Result<Option<(&str, Option<&str>)>, &str>,
    ) {
        let source = Source { path: "s.toml".into(), text: text.to_owned() };
        let Ok(node) = Node::parse(&source) else { unreachable!("the text is TOML") };
        let found = OwnProblem::of(&node, words).map_err(|problem| problem.message);
        let own = |(sentence, why): (&str, Option<&str>)| OwnProblem {
            sentence: sentence.to_owned(),
            why: why.map(ToOwned::to_owned),
            severity: text.contains("severity").then_some(Severity::Low),
        };
        assert_eq!(found, expected.map(|one| one.map(own)).map_err(ToOwned::to_owned));
    }
}

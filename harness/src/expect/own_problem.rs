//! The problem of one expectation: what a server does that misses it, where the
//! problem of the scenario is about more than that. What form the sentence has is for
//! the validation of scenarios.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::matcher::{PROBLEM, WHY};
use super::value::Words;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, in_words};

/// What a server does that misses one expectation. It stands instead of the problem,
/// the reason and the advice of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnProblem {
    /// What the server does: a verb in third person, no subject, no full stop.
    pub sentence: String,
    /// What an attacker gains, or which users cannot sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl OwnProblem {
    /// Reads it from a matcher; none if that has no problem.
    pub(super) fn of(matcher: &Node, words: Words) -> Result<Option<Self>, Diagnostic> {
        let text = |key: &str| matcher.get(key).map(|node| text(key, node)).transpose();
        let place = |key: &str| matcher.get(key).map_or_else(|| matcher.span.clone(), |node| node.span.clone());
        let (problem, why) = (text(PROBLEM)?, text(WHY)?);
        if words == Words::OfReports && (problem.is_some() || why.is_some()) {
            let key = if problem.is_some() { PROBLEM } else { WHY };
            let problem = Diagnostic::error(format!("`{key}` has no meaning here"), place(key));
            return Err(problem.note(format!("remove `{key}`: a baseline says what the server does")));
        }
        match (problem, why) {
            (Some(sentence), why) => Ok(Some(Self { sentence, why })),
            (None, None) => Ok(None),
            (None, Some(_)) => {
                let problem = Diagnostic::error(format!("`{WHY}` needs `{PROBLEM}` beside it"), place(WHY));
                Err(problem.note(format!("add `{PROBLEM} = \"…\"`: what a server does that misses this expectation")))
            }
        }
    }
}

fn text(key: &str, node: &Node) -> Result<String, Diagnostic> {
    let wrong = || Diagnostic::error(format!("expected text, found {}", in_words(node)), node.span.clone());
    let help = || format!("write a sentence in quotes: `{key} = \"…\"`");
    node.text().map(ToOwned::to_owned).ok_or_else(|| wrong().note(help()))
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
        };
        assert_eq!(found, expected.map(|one| one.map(own)).map_err(ToOwned::to_owned));
    }
}

//! One expectation: a path into the evidence and what must stand there.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::matcher::Matcher;
use super::outcome::{REFUSALS, SUCCESSES};
use super::own_problem::OwnProblem;
use crate::level::Level;

/// One expectation of a scenario file.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The alternative of `either` to which it belongs, if it belongs to one.
    pub alternative: Option<String>,
    /// Where in the evidence to look.
    pub path: Vec<String>,
    /// What must stand there; placeholders not yet filled in.
    pub matcher: Matcher,
    /// Its own level, if it has one.
    pub level: Option<Level>,
    /// The problem that a server shows if it does not hold, if that is not the
    /// scenario's.
    pub problem: Option<OwnProblem>,
    /// Where it stands in the file.
    pub span: Range<usize>,
}

/// An [`Expected`] held against the evidence.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    /// Where in the evidence was looked, such as `account.exists`.
    pub path: String,
    /// The alternative of `either` to which it belongs, if it belongs to one.
    /// Where an alternative holds, the others are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// The level at which it is required.
    pub level: Level,
    /// Whether it held.
    pub held: bool,
    /// What was expected, in words; only where it did not hold.
    pub expected: Option<String>,
    /// What was there, in words; only where it did not hold.
    pub actual: Option<String>,
    /// The same as a baseline pins it: a plain value or a matcher, with
    /// `{target}`, `{run}`, `{id}` and the like for what differs from run to
    /// run; only where it did not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Value>,
    /// The problem that this shows, if that is not the scenario's; only where it did
    /// not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<OwnProblem>,
}

impl Check {
    /// Whether the server let an end-user in where it should have refused.
    pub fn is_acceptance(&self) -> bool {
        self.ended_otherwise(REFUSALS, SUCCESSES)
    }

    /// Whether the server refused where it should have let an end-user in.
    pub fn is_refusal(&self) -> bool {
        self.ended_otherwise(SUCCESSES, REFUSALS)
    }

    fn ended_otherwise(&self, expected: &[&str], actual: &[&str]) -> bool {
        let is_one_of = |text: &Option<String>, known: &[&str]| {
            let mut words = text.as_deref().unwrap_or_default().split(" or ");
            words.all(|word| known.contains(&word.trim_matches('"')))
        };
        self.path == "outcome" && !self.held && is_one_of(&self.expected, expected) && is_one_of(&self.actual, actual)
    }

    /// How much it explains where it did not hold: of the strictest, the outcome explains
    /// most.
    pub fn weight(&self) -> (Level, bool) {
        (self.level, self.path == "outcome")
    }
}

impl Expected {
    /// The path as scenario files write it.
    pub fn dotted(&self) -> String {
        self.path.join(".")
    }

    /// Whether it holds of a word, as it stands in the file.
    pub fn admits(&self, word: &str) -> bool {
        self.admits_value(Some(&word.into()))
    }

    /// Whether it holds of a value, or of there being none.
    pub(super) fn admits_value(&self, value: Option<&Value>) -> bool {
        self.matcher.check(value).is_ok()
    }

    /// What must be seen, as a clause.
    pub fn tell(&self) -> String {
        let level = self.level.map(|level| format!(" ({})", level.name())).unwrap_or_default();
        let alternative = self.alternative.as_ref().map(|name| format!("either `{name}`: ")).unwrap_or_default();
        format!("{alternative}{} is {}{level}", self.dotted(), self.matcher.words())
    }

    /// Returns what stands where it looks.
    pub fn value_in<'a>(&self, evidence: &'a Value) -> Option<&'a Value> {
        self.path.iter().try_fold(evidence, |node, key| match node {
            Value::Object(map) => map.get(key),
            Value::Array(list) => key.parse::<usize>().ok().and_then(|index| list.get(index.checked_sub(1)?)),
            _ => None,
        })
    }
}

#[cfg(test)]
impl Check {
    /// A check that did not hold, with its path and level only.
    pub(crate) fn missed(path: &str, level: Level) -> Self {
        let path = path.to_owned();
        Self { path, alternative: None, level, held: false, expected: None, actual: None, found: None, problem: None }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!("refused"), true, false)]
    #[case(json!({"one-of": ["refused", "signed-in"]}), true, true)]
    #[case(json!({"not": "signed-in"}), true, false)]
    #[case(json!({"not": "refused"}), false, true)]
    fn what_is_admitted_is_what_would_hold(#[case] value: Value, #[case] refused: bool, #[case] signed_in: bool) {
        let Ok(matcher) = Matcher::parse(&value) else { unreachable!("the matcher is right") };
        let expected = Expected {
            alternative: None,
            path: vec!["outcome".to_owned()],
            matcher,
            level: None,
            problem: None,
            span: 0..0,
        };
        assert_eq!((expected.admits("refused"), expected.admits("signed-in")), (refused, signed_in));
    }
}

//! Compares one value of the evidence with what a scenario expects there.

use std::fmt;

use serde_json::Value;

use super::condition::{Condition, same, shown, truth};
use crate::placeholder::Placeholders;

/// The keys that make a table a matcher instead of a deeper path.
pub const KEYWORDS: &[&str] = &[
    "is",
    "not",
    "one-of",
    "matches",
    "contains",
    "starts-with",
    "ends-with",
    "at-least",
    "at-most",
    "absent",
    "or-absent",
    "level",
    PROBLEM,
    WHY,
    SEVERITY,
];

/// The keyword of an expectation's own problem.
pub(super) const PROBLEM: &str = "problem";

/// The keyword that says why that problem matters.
pub(super) const WHY: &str = "why";

/// The keyword that says how bad that problem is.
pub(super) const SEVERITY: &str = "severity";

/// The keywords that need another matcher beside them.
pub(super) const MODIFIERS: &[&str] = &["or-absent", "level", PROBLEM, WHY, SEVERITY];

/// What a keyword asks for.
pub fn meaning(keyword: &str) -> &'static str {
    match keyword {
        "is" => "The value equals this one. A plain value means the same.",
        "not" => "The value differs from this one, or is absent.",
        "one-of" => "The value is in this list.",
        "matches" => "A part of the value, as text, matches this regular expression.",
        "contains" => "The value contains this: a text contains it as a part, a list as an element, a table as a key.",
        "starts-with" => "The text starts with this one.",
        "ends-with" => "The text ends with this one.",
        "at-least" => "The number is at least this one.",
        "at-most" => "The number is at most this one.",
        "absent" => "`true`: there is no value. `false`: there is a value, whatever it is.",
        "or-absent" => "`true`: the expectation also holds if there is no value.",
        "level" => "The level of this one expectation: `must`, `should` or `may`.",
        PROBLEM => {
            "What a server does that misses this expectation, in the form of the scenario's `problem`. Reports show it \
             instead of the scenario's `problem`, `why` and `advice`."
        }
        WHY => "Why that `problem` matters.",
        SEVERITY => "How bad that `problem` is: `high`, `medium` or `low`. Default: the scenario's `severity`.",
        _ => "",
    }
}

/// What to write under a keyword where its operand is a mistake.
pub(super) fn remedy(keyword: &str) -> &'static str {
    match keyword {
        "one-of" => "list the allowed values: `one-of = [400, 401]`",
        "matches" => {
            "put the pattern in 'single quotes', and a `\\` before each special character that you mean literally: \
             '\\('"
        }
        "starts-with" => "write text, in quotes: `starts-with = \"…\"`",
        "ends-with" => "write text, in quotes: `ends-with = \"…\"`",
        "at-least" => "write a number, without quotes: `at-least = 1`",
        "at-most" => "write a number, without quotes: `at-most = 1`",
        "absent" => "write `absent = true` if there must be no value, `absent = false` if there must be one",
        "or-absent" => "write `or-absent = true` if the value may be absent, or remove it",
        _ => meaning(keyword),
    }
}

/// What must be there, read from a file; names in braces stand in it until
/// [`Matcher::fill`].
#[derive(Debug, Clone)]
pub enum Matcher {
    /// This value.
    Plain(Value),
    /// A value that meets all of these.
    All {
        /// At least one.
        conditions: Vec<Condition>,
        /// Whether there may be nothing instead.
        or_absent: bool,
    },
}

/// An operand that its keyword does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongOperand {
    /// The keyword that it stands under.
    pub keyword: String,
    /// What the keyword takes, as a fragment.
    pub reason: String,
}

/// What was expected and what was there, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What was expected.
    pub expected: String,
    /// What was there.
    pub actual: Found,
}

/// What was there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This value.
    Value(Value),
    /// No value.
    Absent,
    /// No value could be there; why not, as a clause.
    Unknown(&'static str),
}

impl Found {
    /// The same with another value in its place.
    #[must_use]
    pub fn map_values(self, change: impl FnOnce(Value) -> Value) -> Self {
        match self {
            Self::Value(value) => Self::Value(change(value)),
            other => other,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.write_str(&shown(value)),
            Self::Absent => f.write_str("absent"),
            Self::Unknown(why) => write!(f, "unknown ({why})"),
        }
    }
}

impl Matcher {
    /// Whether `value` is a table of matcher keywords.
    pub fn is_matcher(value: &Value) -> bool {
        value
            .as_object()
            .is_some_and(|table| !table.is_empty() && table.keys().all(|key| KEYWORDS.contains(&key.as_str())))
    }

    /// Reads a matcher: a plain value, or a table of keywords.
    ///
    /// # Errors
    /// All operands that their keywords do not take.
    pub fn parse(value: &Value) -> Result<Self, Vec<WrongOperand>> {
        let Some(table) = value.as_object().filter(|_| Self::is_matcher(value)) else {
            return Ok(Self::Plain(value.clone()));
        };
        let (mut conditions, mut or_absent, mut wrong) = (Vec::new(), false, Vec::new());
        for (keyword, operand) in table {
            let read = match keyword.as_str() {
                "or-absent" => truth(keyword, operand).map(|truth| or_absent = truth),
                _ => Condition::parse(keyword, operand).map(|condition| conditions.extend(condition)),
            };
            wrong.extend(read.err().map(|reason| WrongOperand { keyword: keyword.clone(), reason }));
        }
        if wrong.is_empty() { Ok(Self::All { conditions, or_absent }) } else { Err(wrong) }
    }

    /// Returns the same with what names in braces stand for.
    ///
    /// # Errors
    /// What is wrong with a regular expression that came of it.
    pub fn fill(&self, placeholders: &Placeholders) -> Result<Self, String> {
        Ok(match self {
            Self::Plain(value) => Self::Plain(placeholders.fill(value)),
            Self::All { conditions, or_absent } => {
                let conditions = conditions.iter().map(|condition| condition.fill(placeholders));
                Self::All { conditions: conditions.collect::<Result<_, _>>()?, or_absent: *or_absent }
            }
        })
    }

    /// Returns the value, where it is a plain one.
    pub fn plain(&self) -> Option<&Value> {
        match self {
            Self::Plain(value) => Some(value),
            Self::All { .. } => None,
        }
    }

    /// Returns the conditions, where it is a table of them.
    pub fn conditions(&self) -> &[Condition] {
        match self {
            Self::Plain(_) => &[],
            Self::All { conditions, .. } => conditions,
        }
    }

    /// Whether there may be nothing, whatever the conditions are.
    pub fn is_or_absent(&self) -> bool {
        matches!(self, Self::All { or_absent: true, .. })
    }

    /// Returns the texts that it holds what is seen against.
    pub fn texts(&self) -> Vec<&str> {
        let operands = self.conditions().iter().flat_map(|condition| match condition {
            Condition::Is(value) | Condition::Not(value) => std::slice::from_ref(value),
            Condition::OneOf(values) => values,
            _ => &[],
        });
        let items = operands.chain(self.plain());
        items
            .flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
            .filter_map(Value::as_str)
            .collect()
    }

    /// What must be there, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Plain(value) => shown(value),
            Self::All { conditions, .. } => {
                self.or_nothing(conditions.iter().map(Condition::describe).collect::<Vec<_>>().join(" and "))
            }
        }
    }

    fn or_nothing(&self, words: String) -> String {
        if self.is_or_absent() { format!("{words}, or absent") } else { words }
    }

    /// Compares `actual` (`None`: nothing is there).
    ///
    /// # Errors
    /// What was expected and what was there.
    pub fn check(&self, actual: Option<&Value>) -> Result<(), Mismatch> {
        if self.is_or_absent() && actual.is_none_or(Value::is_null) {
            return Ok(());
        }
        let expected = match self {
            Self::Plain(value) if actual.is_some_and(|actual| same(value, actual)) => return Ok(()),
            Self::Plain(value) => shown(value),
            Self::All { conditions, .. } => match conditions.iter().find(|condition| !condition.holds(actual)) {
                None => return Ok(()),
                Some(condition) => self.or_nothing(condition.describe()),
            },
        };
        let actual = actual.map_or(Found::Absent, |value| Found::Value(value.clone()));
        Err(Mismatch { expected, actual })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!(400), Some(json!(400)), true)]
    #[case(json!(400), Some(json!(401)), false)]
    #[case(json!(400), None, false)]
    #[case(json!("a"), Some(json!(["b", "a"])), true)]
    #[case(json!("c"), Some(json!(["b", "a"])), false)]
    #[case(json!(["b", "a"]), Some(json!(["a", "b"])), false)]
    #[case(json!(1), Some(json!(1.0)), true)]
    #[case(json!({"not": 1}), None, true)]
    #[case(json!({"not": 1}), Some(json!(1)), false)]
    #[case(json!({"one-of": [1, 2]}), Some(json!(2)), true)]
    #[case(json!({"one-of": [1, 2]}), Some(json!(3)), false)]
    #[case(json!({"matches": "^a+$"}), Some(json!("aa")), true)]
    #[case(json!({"matches": "^a+$"}), Some(json!("ab")), false)]
    #[case(json!({"contains": "b"}), Some(json!("abc")), true)]
    #[case(json!({"contains": "x"}), Some(json!("abc")), false)]
    #[case(json!({"starts-with": "a"}), Some(json!("abc")), true)]
    #[case(json!({"ends-with": "c", "starts-with": "b"}), Some(json!("abc")), false)]
    #[case(json!({"at-least": 2}), Some(json!(2)), true)]
    #[case(json!({"at-least": 2}), Some(json!(1)), false)]
    #[case(json!({"at-most": 2}), Some(json!(3)), false)]
    #[case(json!({"at-most": 2, "or-absent": true}), None, true)]
    #[case(json!({"at-most": 2, "or-absent": true}), Some(Value::Null), true)]
    #[case(json!({"at-most": 2, "or-absent": true}), Some(json!(3)), false)]
    #[case(json!({"at-most": 2, "or-absent": false}), None, false)]
    #[case(json!({"absent": true}), None, true)]
    #[case(json!({"absent": true}), Some(json!("x")), false)]
    #[case(json!({"absent": false}), Some(json!("x")), true)]
    #[case(json!({"absent": false}), None, false)]
    fn matches_or_not(#[case] expected: Value, #[case] actual: Option<Value>, #[case] holds: bool) {
        assert_eq!(Matcher::parse(&expected).unwrap().check(actual.as_ref()).is_ok(), holds);
    }

    #[rstest]
    #[case(json!({"one-of": []}))]
    #[case(json!({"matches": "("}))]
    #[case(json!({"at-least": "x"}))]
    #[case(json!({"absent": 1}))]
    #[case(json!({"is": 1, "or-absent": 1}))]
    fn refuses_operands_of_the_wrong_kind(#[case] expected: Value) {
        assert!(Matcher::parse(&expected).is_err());
    }

    #[rstest]
    #[case(json!(3.0), "3")]
    #[case(json!(3.5), "3.5")]
    #[case(json!([1.0, "1.0"]), r#"[1,"1.0"]"#)]
    #[case(json!({"not": 3.0, "or-absent": true}), "any value except 3, or absent")]
    fn whole_numbers_are_printed_whole(#[case] expected: Value, #[case] words: &str) {
        assert_eq!(Matcher::parse(&expected).unwrap().words(), words);
    }
}

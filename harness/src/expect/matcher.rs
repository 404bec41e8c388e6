//! Compares one value of the evidence with what a scenario expects there.

use std::fmt;

use regex_lite::Regex;
use serde_json::Value;

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
];

/// The keywords that say nothing by themselves of what must be there.
pub(super) const MODIFIERS: &[&str] = &["or-absent", "level"];

/// What a keyword asks for.
pub fn meaning(keyword: &str) -> &'static str {
    match keyword {
        "is" => "The value is this one; what a plain value says, too.",
        "not" => "The value is anything but this one, or there is none.",
        "one-of" => "The value is one of this list.",
        "matches" => "The value, as text, has a part that this regular expression describes.",
        "contains" => "A text has this part, a list this element, a table this key.",
        "starts-with" => "The text starts with this one.",
        "ends-with" => "The text ends with this one.",
        "at-least" => "The number is this one or greater.",
        "at-most" => "The number is this one or smaller.",
        "absent" => "`true`: nothing is there. `false`: something is, whatever it is.",
        "or-absent" => "`true`: besides, there may be nothing.",
        "level" => "The level of this expectation alone: `must`, `should` or `may`.",
        _ => "",
    }
}

/// One or more tests that a value must pass.
#[derive(Debug, Clone)]
pub struct Matcher {
    tests: Vec<Condition>,
    or_absent: bool,
}

#[derive(Debug, Clone)]
enum Condition {
    Is(Value),
    Not(Value),
    OneOf(Vec<Value>),
    Matches(Regex),
    Contains(Value),
    StartsWith(String),
    EndsWith(String),
    AtLeast(f64),
    AtMost(f64),
    Absent(bool),
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
    /// No value; why not, in words.
    None(&'static str),
}

impl Found {
    /// The same with another value in its place.
    #[must_use]
    pub fn map_values(self, change: impl FnOnce(Value) -> Value) -> Self {
        match self {
            Self::Value(value) => Self::Value(change(value)),
            none @ Self::None(_) => none,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::None(words) => f.write_str(words),
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
    /// What is wrong with it, as a fragment.
    pub fn parse(value: &Value) -> Result<Self, String> {
        if !Self::is_matcher(value) {
            return Ok(Self { tests: vec![Condition::Is(value.clone())], or_absent: false });
        }
        let mut tests = Vec::new();
        for (keyword, operand) in value.as_object().into_iter().flatten() {
            tests.extend(test(keyword, operand)?);
        }
        let or_absent = value.get("or-absent").map_or(Ok(false), |operand| truth("or-absent", operand))?;
        Ok(Self { tests, or_absent })
    }

    /// What must be there, in words.
    pub fn words(&self) -> String {
        self.or_nothing(self.tests.iter().map(Condition::describe).collect::<Vec<_>>().join(" and "))
    }

    fn or_nothing(&self, words: String) -> String {
        if self.or_absent { format!("{words}, or nothing") } else { words }
    }

    /// Compares `actual` (`None`: nothing is there).
    ///
    /// # Errors
    /// What was expected and what was there.
    pub fn check(&self, actual: Option<&Value>) -> Result<(), Mismatch> {
        if self.or_absent && actual.is_none_or(Value::is_null) {
            return Ok(());
        }
        match self.tests.iter().find(|test| !test.holds(actual)) {
            None => Ok(()),
            Some(test) => Err(Mismatch {
                expected: self.or_nothing(test.describe()),
                actual: actual.map_or(Found::None("nothing"), |value| Found::Value(value.clone())),
            }),
        }
    }
}

fn test(keyword: &str, operand: &Value) -> Result<Option<Condition>, String> {
    let text = || operand.as_str().map(ToOwned::to_owned).ok_or_else(|| format!("`{keyword}` takes text"));
    let number = || operand.as_f64().ok_or_else(|| format!("`{keyword}` takes a number"));
    Ok(Some(match keyword {
        "is" => Condition::Is(operand.clone()),
        "not" => Condition::Not(operand.clone()),
        "one-of" => {
            let list = operand.as_array().filter(|list| !list.is_empty());
            Condition::OneOf(list.ok_or("`one-of` takes a list that is not empty")?.clone())
        }
        "matches" => {
            Condition::Matches(Regex::new(&text()?).map_err(|error| format!("not a regular expression: {error}"))?)
        }
        "contains" => Condition::Contains(operand.clone()),
        "starts-with" => Condition::StartsWith(text()?),
        "ends-with" => Condition::EndsWith(text()?),
        "at-least" => Condition::AtLeast(number()?),
        "at-most" => Condition::AtMost(number()?),
        "absent" => Condition::Absent(truth("absent", operand)?),
        _ => return Ok(None),
    }))
}

fn truth(keyword: &str, operand: &Value) -> Result<bool, String> {
    operand.as_bool().ok_or_else(|| format!("`{keyword}` takes true or false"))
}

impl Condition {
    fn holds(&self, actual: Option<&Value>) -> bool {
        if let Self::Absent(absent) = self {
            return actual.is_none_or(Value::is_null) == *absent;
        }
        let Some(actual) = actual else { return matches!(self, Self::Not(_)) };
        let text = || match actual {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match self {
            Self::Is(expected) => same(expected, actual),
            Self::Not(expected) => !same(expected, actual),
            Self::OneOf(list) => list.iter().any(|expected| same(expected, actual)),
            Self::Matches(pattern) => pattern.is_match(&text()),
            Self::Contains(part) => match (actual, part) {
                (Value::Array(list), _) => list.contains(part),
                (Value::Object(map), Value::String(key)) => map.contains_key(key),
                (_, Value::String(part)) => text().contains(part.as_str()),
                _ => false,
            },
            Self::StartsWith(start) => text().starts_with(start.as_str()),
            Self::EndsWith(end) => text().ends_with(end.as_str()),
            Self::AtLeast(bound) => actual.as_f64().is_some_and(|number| number >= *bound),
            Self::AtMost(bound) => actual.as_f64().is_some_and(|number| number <= *bound),
            Self::Absent(_) => false,
        }
    }

    fn describe(&self) -> String {
        let list = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(" or ");
        match self {
            Self::Is(expected) => expected.to_string(),
            Self::Not(expected) => format!("anything but {expected}"),
            Self::OneOf(values) => list(values),
            Self::Matches(pattern) => format!("something like /{pattern}/"),
            Self::Contains(part) => format!("something that contains {part}"),
            Self::StartsWith(start) => format!("something that starts with {start:?}"),
            Self::EndsWith(end) => format!("something that ends with {end:?}"),
            Self::AtLeast(bound) => format!("at least {bound}"),
            Self::AtMost(bound) => format!("at most {bound}"),
            Self::Absent(true) => "nothing".to_owned(),
            Self::Absent(false) => "something".to_owned(),
        }
    }
}

/// Equal, where a list holds what is expected of it and `1` is `1.0`.
fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Array(_), Value::Array(_)) => expected == actual,
        (_, Value::Array(list)) => list.contains(expected),
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => expected == actual,
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
}

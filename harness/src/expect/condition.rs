//! One condition of a matcher: what a keyword and its operand ask of a value.

use regex_lite::Regex;
use serde_json::Value;

use crate::placeholder::Placeholders;

/// One test that a value must pass; [`super::meaning`] says what each
/// asks for.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "they are the keywords")]
pub enum Condition {
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

impl Condition {
    /// Reads the condition of a keyword; none where it is a modifier.
    pub(super) fn parse(keyword: &str, operand: &Value) -> Result<Option<Self>, String> {
        let text = || operand.as_str().map(ToOwned::to_owned).ok_or_else(|| format!("`{keyword}` must be text"));
        let number = || operand.as_f64().ok_or_else(|| format!("`{keyword}` must be a number"));
        Ok(Some(match keyword {
            "is" => Self::Is(operand.clone()),
            "not" => Self::Not(operand.clone()),
            "one-of" => {
                let list = operand.as_array().filter(|list| !list.is_empty());
                Self::OneOf(list.ok_or("`one-of` must be a list with at least one value")?.clone())
            }
            "matches" => Self::Matches(regular_expression(&text()?)?),
            "contains" => Self::Contains(operand.clone()),
            "starts-with" => Self::StartsWith(text()?),
            "ends-with" => Self::EndsWith(text()?),
            "at-least" => Self::AtLeast(number()?),
            "at-most" => Self::AtMost(number()?),
            "absent" => Self::Absent(truth("absent", operand)?),
            _ => return Ok(None),
        }))
    }

    /// The keyword that says it.
    pub const fn keyword(&self) -> &'static str {
        match self {
            Self::Is(_) => "is",
            Self::Not(_) => "not",
            Self::OneOf(_) => "one-of",
            Self::Matches(_) => "matches",
            Self::Contains(_) => "contains",
            Self::StartsWith(_) => "starts-with",
            Self::EndsWith(_) => "ends-with",
            Self::AtLeast(_) => "at-least",
            Self::AtMost(_) => "at-most",
            Self::Absent(_) => "absent",
        }
    }

    pub(super) fn fill(&self, placeholders: &Placeholders) -> Result<Self, String> {
        Ok(match self {
            Self::Is(value) => Self::Is(placeholders.fill(value)),
            Self::Not(value) => Self::Not(placeholders.fill(value)),
            Self::OneOf(values) => Self::OneOf(values.iter().map(|value| placeholders.fill(value)).collect()),
            Self::Matches(pattern) => {
                let filled = placeholders.fill_text(pattern.as_str());
                Self::Matches(if filled == pattern.as_str() { pattern.clone() } else { regular_expression(&filled)? })
            }
            Self::Contains(part) => Self::Contains(placeholders.fill(part)),
            Self::StartsWith(start) => Self::StartsWith(placeholders.fill_text(start)),
            Self::EndsWith(end) => Self::EndsWith(placeholders.fill_text(end)),
            Self::AtLeast(_) | Self::AtMost(_) | Self::Absent(_) => self.clone(),
        })
    }

    pub(super) fn holds(&self, actual: Option<&Value>) -> bool {
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

    pub(super) fn describe(&self) -> String {
        let list = |values: &[Value]| values.iter().map(shown).collect::<Vec<_>>().join(" or ");
        match self {
            Self::Is(expected) => shown(expected),
            Self::Not(expected) => format!("any value except {}", shown(expected)),
            Self::OneOf(values) => list(values),
            Self::Matches(pattern) => format!("text that matches /{pattern}/"),
            Self::Contains(part) => format!("a value that contains {}", shown(part)),
            Self::StartsWith(start) => format!("text that starts with {start:?}"),
            Self::EndsWith(end) => format!("text that ends with {end:?}"),
            Self::AtLeast(bound) => format!("at least {bound}"),
            Self::AtMost(bound) => format!("at most {bound}"),
            Self::Absent(true) => "absent".to_owned(),
            Self::Absent(false) => "any value".to_owned(),
        }
    }
}

fn regular_expression(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| format!("invalid regular expression: {error}"))
}

pub(super) fn truth(keyword: &str, operand: &Value) -> Result<bool, String> {
    operand.as_bool().ok_or_else(|| format!("`{keyword}` must be true or false"))
}

/// Returns the value as JSON, with whole numbers as `3`, not `3.0`.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").unwrap_or(&text).to_owned()
        }
        Value::Array(list) => format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(",")),
        value => value.to_string(),
    }
}

/// Equal, where a list holds what is expected of it and `1` is `1.0`.
pub(super) fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Array(_), Value::Array(_)) => expected == actual,
        (_, Value::Array(list)) => list.contains(expected),
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => expected == actual,
    }
}

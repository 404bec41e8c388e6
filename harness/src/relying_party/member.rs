//! Observations of one member of a message: its JSON type, how it compares with
//! an expected text, and how far away the time is that it names.

use serde_json::Value;

use crate::constant_time::are_equal;

/// The JSON type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberType {
    /// The member is missing.
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text of no characters.
    EmptyText,
    /// Any other text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl MemberType {
    /// Returns the type of a member.
    pub fn of(member: Option<&Value>) -> Self {
        match member {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(Value::Bool(_)) => Self::Boolean,
            Some(Value::Number(_)) => Self::Number,
            Some(Value::String(text)) if text.is_empty() => Self::EmptyText,
            Some(Value::String(_)) => Self::Text,
            Some(Value::Array(_)) => Self::List,
            Some(Value::Object(_)) => Self::Object,
        }
    }
}

/// How a member compares with the text that is expected, in constant time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The member has the expected text, or is absent and none is expected.
    AsExpected,
    /// The member is absent, and a text is expected.
    Missing,
    /// The member is there, and none is expected.
    Unexpected,
    /// The member is no text.
    NotText,
    /// The member is another text.
    Differs,
}

impl Comparison {
    /// Compares a member of a JSON object.
    pub fn of(member: Option<&Value>, expected: Option<&str>) -> Self {
        match member {
            Some(member) if expected.is_some() && !member.is_string() => Self::NotText,
            member => Self::of_text(member.map(|member| member.as_str().unwrap_or_default()), expected),
        }
    }

    /// Compares a text.
    pub fn of_text(found: Option<&str>, expected: Option<&str>) -> Self {
        match (found, expected) {
            (None, None) => Self::AsExpected,
            (None, Some(_)) => Self::Missing,
            (Some(_), None) => Self::Unexpected,
            (Some(found), Some(expected)) if are_equal(found, expected) => Self::AsExpected,
            (Some(_), Some(_)) => Self::Differs,
        }
    }

    /// Returns whether the member is absent or has the expected text.
    pub fn fits_if_present(self) -> bool {
        matches!(self, Self::AsExpected | Self::Missing)
    }
}

/// The time that a member names, seen from now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// The member is missing.
    Absent,
    /// The member is no number.
    NotANumber,
    /// Seconds from now; negative in the past. Any number is a time, with or
    /// without a fraction (RFC 7519 §2).
    Away(f64),
}

impl Moment {
    /// Returns the time of a member. `now` is in seconds since 1970.
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
    pub fn of(member: Option<&Value>, now: i64) -> Self {
        match member {
            None => Self::Absent,
            Some(member) => member.as_f64().map_or(Self::NotANumber, |time| Self::Away(time - now as f64)),
        }
    }

    /// Returns whether the member is a time.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Away(_))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({}), MemberType::Absent)]
    #[case(json!({"a": null}), MemberType::Null)]
    #[case(json!({"a": ""}), MemberType::EmptyText)]
    #[case(json!({"a": "b"}), MemberType::Text)]
    #[case(json!({"a": ["b"]}), MemberType::List)]
    fn a_member_has_a_type(#[case] object: Value, #[case] expected: MemberType) {
        assert_eq!(MemberType::of(object.get("a")), expected);
    }

    #[rstest]
    #[case(json!({"a": "b"}), Some("b"), Comparison::AsExpected)]
    #[case(json!({"a": "b"}), Some("c"), Comparison::Differs)]
    #[case(json!({"a": "b"}), None, Comparison::Unexpected)]
    #[case(json!({"a": 1}), None, Comparison::Unexpected)]
    #[case(json!({"a": ["b"]}), Some("b"), Comparison::NotText)]
    #[case(json!({"a": null}), Some(""), Comparison::NotText)]
    #[case(json!({}), Some(""), Comparison::Missing)]
    #[case(json!({}), None, Comparison::AsExpected)]
    fn a_member_is_compared(#[case] object: Value, #[case] expected: Option<&str>, #[case] found: Comparison) {
        assert_eq!(Comparison::of(object.get("a"), expected), found);
    }

    #[rstest]
    #[case(json!({}), Moment::Absent)]
    #[case(json!({"exp": "100"}), Moment::NotANumber)]
    #[case(json!({"exp": 90}), Moment::Away(-10.0))]
    #[case(json!({"exp": 100.5}), Moment::Away(0.5))]
    fn a_time_is_seen_from_now(#[case] claims: Value, #[case] expected: Moment) {
        assert_eq!(Moment::of(claims.get("exp"), 100), expected);
    }
}

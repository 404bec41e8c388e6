//! What may be said about a quirk, and what was said.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::clock::FAR_AWAY;
use crate::message::Message;

/// What may be said about a quirk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// Only `true`.
    Flag,
    /// Text; `true` stands for the default.
    Text {
        /// What `true` stands for.
        default: &'static str,
    },
    /// How many, or how long in seconds: none is less than zero, as a quirk
    /// turned around would be honest, or another quirk; `true` stands for the
    /// default.
    Number {
        /// What `true` stands for.
        default: i64,
    },
    /// The status of an answer (RFC 9110 §15), but not of one that another
    /// follows; `true` stands for the default.
    Status {
        /// What `true` stands for.
        default: u16,
    },
    /// One of several words; `true` stands for the first.
    Choice(&'static [&'static str]),
    /// One of the endpoints that servers ask; `true` stands for the first. The
    /// quirk changes no other.
    Endpoint,
    /// A phase of the sign-in, seen from the server; `true` stands for the
    /// first. The quirk changes what follows, too.
    Phase,
}

/// The endpoints that servers ask, each by the message that it answers with.
const ENDPOINTS: &[(&str, Message)] = &[
    ("token", Message::TokenResponse),
    ("discovery", Message::Discovery),
    ("userinfo", Message::UserInfo),
    ("jwks", Message::Jwks),
];

/// The phases of a sign-in in which the server asks the provider, in order.
/// `callback` begins when the end-user has come back.
pub(super) const PHASES: &[&str] = &["callback", "token", "jwks", "userinfo"];

/// A status below is followed by another one; above there are none.
const FINAL_STATUS: RangeInclusive<i64> = 200..=599;

/// What was said about a quirk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// Nothing more than that it is on.
    Flag,
    /// Text or a word.
    Text(String),
    /// A number.
    Number(i64),
}

impl Parameter {
    /// Reads an argument.
    ///
    /// # Errors
    /// What is expected instead, as a fragment.
    pub fn parse(self, value: &Value) -> Result<Argument, String> {
        match (self, value) {
            (Self::Flag, Value::Bool(true)) => Ok(Argument::Flag),
            (Self::Text { default }, Value::Bool(true)) => Ok(Argument::Text(default.to_owned())),
            (Self::Text { .. }, Value::String(text)) => Ok(Argument::Text(text.clone())),
            (Self::Number { default }, Value::Bool(true)) => Ok(Argument::Number(default)),
            (Self::Number { default }, Value::Number(number)) => {
                match number.as_i64() {
                    // More, added to a time, would overflow.
                    Some(number @ 0..=FAR_AWAY) => Ok(Argument::Number(number)),
                    Some(..0) => Err(format!("a whole number, 0 or more, or `true` for {default}")),
                    _ => Err(self.expected()),
                }
            }
            (Self::Status { default }, Value::Bool(true)) => Ok(Argument::Number(default.into())),
            (Self::Status { .. }, Value::Number(number)) => {
                let status = number.as_i64().filter(|number| FINAL_STATUS.contains(number));
                status.map(Argument::Number).ok_or_else(|| self.expected())
            }
            (Self::Choice(_) | Self::Endpoint | Self::Phase, Value::Bool(true)) => {
                Ok(Argument::Text(self.words().first().copied().unwrap_or_default().to_owned()))
            }
            (Self::Choice(_) | Self::Endpoint | Self::Phase, Value::String(word))
                if self.words().contains(&word.as_str()) =>
            {
                Ok(Argument::Text(word.clone()))
            }
            _ => Err(self.expected()),
        }
    }

    /// The words that the argument can be; empty where it is none of a
    /// list.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Choice(words) => words.to_vec(),
            Self::Endpoint => ENDPOINTS.iter().map(|(word, _)| *word).collect(),
            Self::Phase => PHASES.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Whether the argument is for this message: it names no endpoint, or the
    /// one that answers with the message.
    pub(super) fn means(self, argument: &Argument, message: Message) -> bool {
        let by_name = matches!(self, Self::Endpoint | Self::Phase);
        !by_name || endpoint(message) == Some(argument.text())
    }

    /// What may stand there, in words.
    pub fn expected(self) -> String {
        match self {
            Self::Flag => "`true`".to_owned(),
            Self::Text { default } => format!("text, or `true` for {default:?}"),
            Self::Number { default } => format!("a whole number, or `true` for {default}"),
            Self::Status { default } => {
                format!("a status from {} to {}, or `true` for {default}", FINAL_STATUS.start(), FINAL_STATUS.end())
            }
            Self::Choice(_) | Self::Endpoint | Self::Phase => {
                let words = self.words();
                let first = words.first().copied().unwrap_or_default();
                format!("one of `{}`, or `true` for `{first}`", words.join("`, `"))
            }
        }
    }

    /// The JSON schema of an argument.
    pub fn json_schema(self) -> Value {
        match self {
            Self::Flag => json!({ "const": true }),
            Self::Text { .. } => json!({ "anyOf": [{ "const": true }, { "type": "string" }] }),
            Self::Number { .. } => json!({ "anyOf": [{ "const": true }, { "type": "integer", "minimum": 0 }] }),
            Self::Status { .. } => {
                let (least, most) = (FINAL_STATUS.start(), FINAL_STATUS.end());
                json!({ "anyOf": [{ "const": true }, { "type": "integer", "minimum": least, "maximum": most }] })
            }
            Self::Choice(_) | Self::Endpoint | Self::Phase => {
                json!({ "anyOf": [{ "const": true }, { "enum": self.words() }] })
            }
        }
    }
}

/// The endpoint that answers with a message, as arguments name it; `None` for
/// one that no server asks.
pub(super) fn endpoint(message: Message) -> Option<&'static str> {
    ENDPOINTS.iter().find(|(_, known)| *known == message).map(|(word, _)| *word)
}

impl Argument {
    /// The text; empty if it is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The number; zero if it is none.
    pub fn number(&self) -> i64 {
        match self {
            Self::Number(number) => *number,
            _ => 0,
        }
    }

    /// The number as a count of something, cut off at `most`: no more than a
    /// test can mean, as memory is the limit of both sides.
    pub fn count(&self, most: usize) -> usize {
        usize::try_from(self.number()).unwrap_or_default().min(most)
    }

    /// As it is written; `true` where there is nothing more to say.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Flag => true.into(),
            Self::Text(text) => text.clone().into(),
            Self::Number(number) => (*number).into(),
        }
    }

    /// The number as an HTTP status.
    pub fn status(&self) -> u16 {
        u16::try_from(self.number()).unwrap_or(500)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const SECONDS: Parameter = Parameter::Number { default: 60 };
    const STATUS: Parameter = Parameter::Status { default: 503 };

    #[rstest]
    #[case(SECONDS, json!(true), Ok(60))]
    #[case(SECONDS, json!(0), Ok(0))]
    #[case(SECONDS, json!(FAR_AWAY), Ok(FAR_AWAY))]
    #[case(SECONDS, json!(FAR_AWAY + 1), Err("a whole number, or `true` for 60"))]
    #[case(SECONDS, json!(u64::MAX), Err("a whole number, or `true` for 60"))]
    #[case(SECONDS, json!(0.5), Err("a whole number, or `true` for 60"))]
    #[case(SECONDS, json!(-5), Err("a whole number, 0 or more, or `true` for 60"))]
    #[case(STATUS, json!(true), Ok(503))]
    #[case(STATUS, json!(200), Ok(200))]
    #[case(STATUS, json!(599), Ok(599))]
    #[case(STATUS, json!(199), Err("a status from 200 to 599, or `true` for 503"))]
    #[case(STATUS, json!(600), Err("a status from 200 to 599, or `true` for 503"))]
    #[case(STATUS, json!(-5), Err("a status from 200 to 599, or `true` for 503"))]
    fn numbers_are_held_to_what_they_count(
        #[case] parameter: Parameter,
        #[case] value: Value,
        #[case] expected: Result<i64, &str>,
    ) {
        let expected = expected.map(Argument::Number).map_err(ToOwned::to_owned);
        assert_eq!(parameter.parse(&value), expected);
    }
}

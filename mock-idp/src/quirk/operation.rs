//! What a quirk can do to a message: a few operations on the members that it
//! touches, and a function where none of them fits. How they are done is for
//! [`super::application`].

use serde_json::{Map, Value};

use super::{Argument, Parameter, Scene};
use crate::jose::{Form, Seal};
use crate::message::{Draft, Transport};

/// What a quirk does to each member that it touches in a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    /// Sets it to the argument.
    Set,
    /// Sets it to one of these JSON texts: one for each word of the parameter,
    /// in their order, or a single one.
    Json(&'static [&'static str]),
    /// Sets the first member to the first of these JSON texts, the second to the
    /// second; leaves it out where the text is empty.
    Each(&'static [&'static str]),
    /// Sets it to what the function returns.
    Make(fn(&Argument, &Scene<'_>) -> Value),
    /// Rewrites it, if it is there and a text.
    Rewrite(fn(&str, &Argument, &Scene<'_>) -> String),
    /// Leaves it out.
    Remove,
    /// Gives it the JSON type that the argument names.
    Retype,
    /// Sets it to the present time plus the argument times this, in seconds.
    FromNow(i64),
    /// Writes the body or the payload, from the honest members.
    Write(fn(&Map<String, Value>, &Argument) -> String),
    /// Replaces the answer by the page of a proxy that asks for a login.
    WebPage,
    /// Redirects with this status, to the argument.
    Redirect(u16),
    /// Signs the JWT with this seal.
    Sign(Seal),
    /// Serializes the JWT in one of these forms, chosen as for `Json`.
    Serialize(&'static [Form]),
    /// Changes how the answer travels.
    Travel(fn(&mut Transport)),
    /// Calls a function, for what no other operation does.
    Function(fn(&mut Draft, &Argument, &Scene<'_>)),
}

/// The page of a proxy that asks for a login.
pub(super) const WEB_PAGE: &str = "<!doctype html><title>Sign in</title>";

/// The words for types that are not text.
pub(super) const NOT_TEXT: Parameter = Parameter::Choice(&["number", "null", "list", "object"]);

/// The words for types that are not a number.
pub(super) const NOT_A_NUMBER: Parameter = Parameter::Choice(&["text", "null", "list", "boolean"]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quirk::QUIRKS;

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<Value>(text).is_ok()
    }

    #[test]
    fn each_word_has_its_value() {
        for quirk in QUIRKS {
            let words = quirk.parameter.words().len().max(1);
            match quirk.operation {
                Operation::Json(texts) => {
                    assert_eq!(texts.len(), words, "{}", quirk.name);
                    assert!(texts.iter().all(|text| is_json(text)), "{}", quirk.name);
                }
                Operation::Each(texts) => {
                    assert!(texts.iter().all(|text| text.is_empty() || is_json(text)), "{}", quirk.name);
                }
                Operation::Serialize(forms) => assert_eq!(forms.len(), words, "{}", quirk.name),
                _ => {}
            }
        }
    }
}

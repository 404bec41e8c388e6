//! Members of the documents that a server answers with. What a whole answer
//! means is for [`super::answer`].

use serde_json::Value;

use super::TargetError;
use crate::exchange::Exchange;

/// A member of an answer, if it is text.
pub(super) fn text(answer: &Exchange, name: &str) -> Option<String> {
    answer.json()?.get(name)?.as_str().map(ToOwned::to_owned)
}

/// A member of an answer that must be there; `read` is `None` for a value of
/// another kind. The error names `what` was asked for, and never the value.
pub(super) fn member<'a, T>(
    document: &'a Value,
    what: &'static str,
    name: &str,
    read: impl FnOnce(&'a Value) -> Option<T>,
) -> Result<T, TargetError> {
    let found = document.get(name);
    found.and_then(read).ok_or_else(|| TargetError::Unreadable { what, found: format!("`{name}` is {}", kind(found)) })
}

/// What kind of value an answer holds, as messages call it.
pub(super) const fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "missing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "true or false",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "text",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    }
}

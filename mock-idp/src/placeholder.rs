//! Placeholders in the texts of JSON, such as `{issuer}`. The caller fills them
//! in.

use serde_json::Value;

/// A value with its placeholders filled in, each a text and what it stands
/// for. The names of members stay as they are.
pub(crate) fn fill(value: &Value, placeholders: &[(&str, &str)]) -> Value {
    match value {
        Value::String(text) => fill_text(text, placeholders).into(),
        Value::Array(list) => list.iter().map(|item| fill(item, placeholders)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), fill(value, placeholders))).collect(),
        other => other.clone(),
    }
}

/// The same of a text.
pub(crate) fn fill_text(text: &str, placeholders: &[(&str, &str)]) -> String {
    placeholders.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Passes each text of a value to `change`; the names of members stay as they
/// are.
pub(crate) fn each_text(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(map) => map.values_mut().for_each(|value| each_text(value, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_filled_in_wherever_they_are() {
        let value = json!({"{a}": ["{a}{b}", {"x": "{c}"}, 1]});
        assert_eq!(fill(&value, &[("{a}", "1"), ("{b}", "2")]), json!({"{a}": ["12", {"x": "{c}"}, 1]}));
    }
}

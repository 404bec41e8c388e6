//! A quirk as a person writes it in one word, on a command line or in a test.

use serde_json::Value;

use super::quirk;

/// Reads NAME or NAME=VALUE: the name, and the value as tables have it. The
/// value is JSON, unless the quirk takes it as text only. Whether there is such
/// a quirk is for [`super::Deviations::parse`].
pub(crate) fn written(text: &str) -> (String, Value) {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    let value = match value {
        None => Value::Bool(true),
        Some(text) => {
            let fits = |value: &Value| quirk(name).is_some_and(|quirk| quirk.parameter.parse(value).is_ok());
            let (json, text) = (serde_json::from_str(text), Value::from(text));
            json.ok().filter(|json| fits(json) || !fits(&text)).unwrap_or(text)
        }
    };
    (name.to_owned(), value)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("expired", "expired", json!(true))]
    #[case("token-status=500", "token-status", json!(500))]
    // Looks like a number, but the quirk takes text.
    #[case("wrong-audience=5", "wrong-audience", json!("5"))]
    #[case("wrong-issuer=https://a.test/?b=c", "wrong-issuer", json!("https://a.test/?b=c"))]
    // Wrong, and kept as written.
    #[case("token-status=soon", "token-status", json!("soon"))]
    #[case("nothing=5", "nothing", json!(5))]
    fn words_are_understood(#[case] text: &str, #[case] name: &str, #[case] value: Value) {
        assert_eq!(written(text), (name.to_owned(), value));
    }
}

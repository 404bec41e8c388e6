//! The value found at a failed expectation, as a baseline pins it: a matcher,
//! in which names replace what differs from run to run.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::placeholder::Placeholders;

/// Longer texts are pages and the like; of them, only that there are some is
/// pinned.
const LONGEST: usize = 300;

/// Shorter values may be part of any word.
const SHORTEST: usize = 8;

#[expect(clippy::expect_used, reason = "the patterns are constant, and a test reads them")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is right")
}

static UUID: LazyLock<Regex> =
    LazyLock::new(|| pattern("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"));
static LONG_WORD: LazyLock<Regex> = LazyLock::new(|| pattern("[A-Za-z0-9_-]{16,}"));
static OTHER_PLAY: LazyLock<Regex> = LazyLock::new(|| pattern("\\{run\\}-[0-9]{5}"));
static PLAY: LazyLock<Regex> = LazyLock::new(|| pattern("\\b[a-z0-9]{8}-[0-9]{5}\\b"));
static PORT: LazyLock<Regex> = LazyLock::new(|| pattern("(:|%3A)[0-9]{4,5}\\b"));

/// Returns what was found as a matcher that finds it again in another run.
pub fn found(value: Option<&Value>, placeholders: &Placeholders) -> Value {
    match value {
        None | Some(Value::Null) => json!({"absent": true}),
        Some(value) => steady(value, placeholders).unwrap_or_else(|| json!({"absent": false})),
    }
}

/// Returns the value that [`found`] made a matcher of; none where nothing was
/// there, and an empty table where something was that is not pinned.
pub fn seen(found: &Value) -> Option<Value> {
    match found.get("absent") {
        Some(Value::Bool(true)) => None,
        Some(_) => Some(json!({})),
        None => Some(found.clone()),
    }
}

/// Returns none for what is too much to be pinned.
fn steady(value: &Value, placeholders: &Placeholders) -> Option<Value> {
    match value {
        Value::Bool(_) | Value::Number(_) => Some(value.clone()),
        Value::String(text) => {
            Some(steady_text(text, placeholders)).filter(|text| text.len() <= LONGEST).map(Value::from)
        }
        Value::Array(list) => list.iter().map(|item| steady(item, placeholders)).collect(),
        Value::Object(_) | Value::Null => None,
    }
}

/// Returns the text with `{target}`, `{run}` and the like for what they stand
/// for, `{id}` for UUIDs, `{random}` for long words that are not, and `{port}`
/// for ports.
pub fn steady_text(text: &str, placeholders: &Placeholders) -> String {
    let mut text = text.to_owned();
    for (name, value) in of_the_run(placeholders) {
        text = text.replace(&value, &format!("{{{name}}}"));
    }
    let text = OTHER_PLAY.replace_all(&text, "{run}");
    let text = UUID.replace_all(&text, "{id}");
    let text = LONG_WORD.replace_all(&text, |word: &Captures<'_>| {
        let word = &word[0];
        let has = |wanted: fn(char) -> bool| word.contains(wanted);
        let is_random =
            has(|c| c.is_ascii_digit()) || (has(|c| c.is_ascii_lowercase()) && has(|c| c.is_ascii_uppercase()));
        if is_random { "{random}".to_owned() } else { word.to_owned() }
    });
    PORT.replace_all(&text, "$1{port}").into_owned()
}

/// Returns our words about what was found in the same form, where all that is
/// known of the run is the server's address.
pub fn steady_words(words: &str, target: &str) -> String {
    let mut placeholders = Placeholders::default();
    placeholders.set("target", target);
    steady_text(&PLAY.replace_all(words, "{run}"), &placeholders)
}

/// Returns what differs from run to run and its names, in every form in which
/// it travels; longer values first, as they contain others.
fn of_the_run(placeholders: &Placeholders) -> Vec<(&str, String)> {
    let mut values: Vec<(&str, String)> = Vec::new();
    for (name, value) in placeholders.of_the_run() {
        values.push((name, value.to_owned()));
        values.push((name, form_urlencoded::byte_serialize(value.as_bytes()).collect()));
        // Another play of the same run.
        if let Some((mark, _)) = value.rsplit_once('-').filter(|_| name == "run") {
            values.push((name, mark.to_owned()));
        }
    }
    values.retain(|(_, value)| value.len() >= SHORTEST);
    values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    values
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn placeholders() -> Placeholders {
        let mut placeholders = Placeholders::default();
        let values = [
            ("origin", "http://127.0.0.1:36275"),
            ("issuer", "http://127.0.0.1:36275/ttqrn1cq-00812"),
            ("target", "http://127.0.0.1:2283"),
            ("run", "ttqrn1cq-00812"),
            ("client_id", "oidc-harness-ttqrn1cq"),
            ("client_secret", "x"),
            ("user.alice.quota", "34560000"),
        ];
        for (name, value) in values {
            placeholders.set(name, value);
        }
        placeholders
    }

    #[rstest]
    #[case::plain("signed-in", "signed-in")]
    #[case::identity("alice-ttqrn1cq-00812@harness.test", "alice-{run}@harness.test")]
    #[case::of_another_play("alice-ttqrn1cq-00811", "alice-{run}")]
    #[case::addresses("http://127.0.0.1:2283/auth/login", "{target}/auth/login")]
    #[case::longest_first("http://127.0.0.1:36275/ttqrn1cq-00812/authorize", "{issuer}/authorize")]
    #[case::encoded("a?redirect_uri=http%3A%2F%2F127.0.0.1%3A2283%2Fauth", "a?redirect_uri={target}%2Fauth")]
    #[case::state("b?state=6YQ8Cgvrg6T7LJbDM9JGc2ZjILctVoGaFL9xK5-b6to&x=1", "b?state={random}&x=1")]
    #[case::id(
        "/profile/079c06b7-e81b-40ed-9b1e-9f9911579d9f/2ab187e2-8e01-418e-8ce4-644b878e5cda.png",
        "/profile/{id}/{id}.png"
    )]
    #[case::port("connect ECONNREFUSED 127.0.0.1:41234", "connect ECONNREFUSED 127.0.0.1:{port}")]
    #[case::client("no client oidc-harness-ttqrn1cq", "no client {client_id}")]
    #[case::words(
        "accepted, but the session belongs to another account",
        "accepted, but the session belongs to another account"
    )]
    #[case::long_words("backchannel-logout-endpoint", "backchannel-logout-endpoint")]
    #[case::a_short_secret("x", "x")]
    #[case::what_people_are_called("34560000", "34560000")]
    fn what_differs_from_run_to_run_gets_a_name(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(steady_text(text, &placeholders()), expected);
    }

    #[test]
    fn words_are_steady_without_the_names_of_the_run() {
        let words = "`a` is \"http://127.0.0.1:36275/ttqrn1cq-00812?state=6YQ8Cgvrg6T7LJbDM9JGc2ZjILctVoGa\", expected \
                     \"http://127.0.0.1:2283/x\"";
        let steady = "`a` is \"http://127.0.0.1:{port}/{run}?state={random}\", expected \"{target}/x\"";
        assert_eq!(steady_words(words, "http://127.0.0.1:2283"), steady);
    }

    #[rstest]
    #[case(None, json!({"absent": true}))]
    #[case(Some(Value::Null), json!({"absent": true}))]
    #[case(Some(json!({"a": 1})), json!({"absent": false}))]
    #[case(Some(json!("x".repeat(LONGEST + 1))), json!({"absent": false}))]
    #[case(Some(json!(["ttqrn1cq-00812", 1])), json!(["{run}", 1]))]
    #[case(Some(json!([{}])), json!({"absent": false}))]
    #[case(Some(json!(500)), json!(500))]
    #[case(Some(json!(true)), json!(true))]
    fn what_was_found_is_a_matcher(#[case] value: Option<Value>, #[case] expected: Value) {
        assert_eq!(found(value.as_ref(), &placeholders()), expected);
    }
}

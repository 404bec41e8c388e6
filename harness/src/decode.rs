//! Turns a part of a [`Node`] tree into a typed value and tells *all* that is
//! wrong with it.
//!
//! Serde stops at the first mistake. Here each mistake is noted with its
//! place, the offending member is taken out, and decoding starts again, so
//! that one run of `check` shows everything.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{self, Content, Node, Segment};
use crate::immich::is_section;

/// What could be decoded although something may be wrong with it.
#[derive(Debug)]
pub struct Mended<T> {
    /// The value, with something neutral where something is wrong.
    pub value: T,
    /// Where something was wrong.
    pub without: Vec<Vec<Segment>>,
}

/// Whether `without` has something at or below a path.
pub fn lacks(without: &[Vec<Segment>], keys: &[&str]) -> bool {
    let place = document::path(keys);
    without.iter().any(|gone| gone.starts_with(&place))
}

/// Decodes `node`; what is wrong goes to `problems`.
pub fn decode<T: DeserializeOwned>(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<T> {
    mended(node, problems).filter(|mended| mended.without.is_empty()).map(|mended| mended.value)
}

/// Decodes `node` with something neutral where something is wrong, which goes
/// to `problems`, so that the rest can be looked at, too.
pub fn mended<T: DeserializeOwned>(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Mended<T>> {
    let mut json = node.to_json();
    let mut without: Vec<Vec<Segment>> = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&json) {
            Ok(value) => return Some(Mended { value, without }),
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let place = segments(error.path());
        let mut path = place.clone();
        let named = if message.starts_with("unknown field") { unknown_name(&message) } else { missing_name(&message) };
        if let Some(name) = named
            && path.last() != Some(&Segment::Key(name.to_owned()))
        {
            path.push(Segment::Key(name.to_owned()));
        }
        // What stands there now may be our own doing.
        let again = without.iter().filter(|gone| **gone == path).count();
        if again == 0 {
            let is_missing = missing_name(&message).is_some();
            problems.push(explain(&message, node, if is_missing { &place } else { &path }));
        }
        let mended = again < 3 && mend(&mut json, &path, neutral(&message));
        if !mended {
            return None;
        }
        without.push(path);
    }
}

/// What can stand where something is wrong without being wrong itself.
fn neutral(message: &str) -> Option<Value> {
    if missing_name(message).is_some() {
        return Some("".into());
    }
    let (_, expected) = message.split_once(", expected ")?;
    match in_words(expected) {
        _ if message.starts_with("unknown") => None,
        "text" => Some("".into()),
        "true or false" => Some(false.into()),
        "a list" => Some(Value::Array(Vec::new())),
        "a table" => Some(Value::Object(serde_json::Map::new())),
        "a whole number, not negative" => Some(0.into()),
        _ => None,
    }
}

/// Puts `value` at the path, or takes away what is there.
fn mend(json: &mut Value, path: &[Segment], value: Option<Value>) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let parent = parents.iter().try_fold(json, |node, segment| match segment {
        Segment::Key(key) => node.get_mut(key),
        Segment::Index(index) => node.get_mut(*index),
    });
    match (last, parent, value) {
        (Segment::Key(key), Some(Value::Object(map)), Some(value)) => {
            map.insert(key.clone(), value);
            true
        }
        (Segment::Key(key), Some(Value::Object(map)), None) => map.shift_remove(key).is_some(),
        (Segment::Index(index), Some(Value::Array(items)), Some(value)) => {
            items.get_mut(*index).map(|item| *item = value).is_some()
        }
        // Without one item, the others would stand at other places.
        _ => false,
    }
}

/// What a message of serde's about the member at `path` says to an author.
fn explain(message: &str, node: &Node, path: &[Segment]) -> Diagnostic {
    let span = match path.split_last() {
        // A key nobody knows is wrong itself, not its value.
        Some((Segment::Key(key), parents)) if message.starts_with("unknown field") => node.key_place(parents, key),
        _ => node.place(path),
    };
    let (found, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let names: Vec<&str> = expected_names(message).collect();
    let listed = |what: &str| format!("{what} {}", names.join(", "));
    if let Some(name) = unknown_name(message) {
        let key = found.starts_with("unknown field");
        let what = if key { format!("unknown key `{name}`") } else { format!("`{name}` cannot stand here") };
        let help = if key { listed("the keys here are") } else { listed("there are") };
        let diagnostic = Diagnostic::error(what, span);
        if let Some(home) = home(name, path) {
            return diagnostic.note(home);
        }
        let diagnostic = diagnostic.suggest(name, names.iter().copied());
        return if names.is_empty() { diagnostic.note("no key can stand here") } else { diagnostic.note(help) };
    }
    if let Some(name) = missing_name(message) {
        return Diagnostic::error(format!("missing key `{name}`"), span).note(format!("add `{name} = …` here"));
    }
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    let help = header(node, path).unwrap_or_else(|| mending(expected));
    let text = format!("expected {}, found {}", in_words(expected), found_in_words(found));
    Diagnostic::error(text, span).note(help)
}

/// What serde expects, as people who write TOML call it.
fn in_words(expected: &str) -> &str {
    match expected {
        "a string" => "text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        "u32" => "a whole number, not negative",
        "a nonzero u8" => "a whole number from 1 to 255",
        text if text.starts_with("struct ") => "a table",
        "string or map" => "a word",
        text => text,
    }
}

/// What serde found, as they call that.
fn found_in_words(found: &str) -> String {
    match found.split_once(' ') {
        _ if found == "null" => "nothing".to_owned(),
        _ if found == "map" => "a table".to_owned(),
        // A list can stand for a table, but not one of this length.
        _ if found == "sequence" || found.starts_with("invalid length") => "a list".to_owned(),
        Some(("string", text)) => format!("the text {text}"),
        Some(("integer", number)) => format!("the number {number}"),
        Some(("floating", number)) => format!("the number {}", number.trim_start_matches("point ")),
        Some(("boolean", value)) => value.to_owned(),
        _ => found.to_owned(),
    }
}

/// What to do where a header has one bracket too few, or one too many.
fn header(node: &Node, path: &[Segment]) -> Option<&'static str> {
    let [Segment::Key(key)] = path else { return None };
    match (key.as_str(), &node.get(key)?.content) {
        ("steps", Content::Table(_)) => Some("write `[[steps]]`, once for each step"),
        ("users", Content::List(_)) => Some("write `[users.alice]`, with a name for each end-user"),
        ("known", Content::Table(_)) => Some("write `[[known]]`, once for each entry"),
        ("causes", Content::List(_)) => Some("write `[causes.signatures]`, with a name for each cause"),
        ("server" | "provider" | "requires" | "control" | "fingerprint", Content::List(_)) => {
            Some("it is there once: write its name in single brackets")
        }
        _ => None,
    }
}

/// Where a key belongs that stands at the top.
fn home(name: &str, path: &[Segment]) -> Option<&'static str> {
    match (path, name) {
        ([_], "quirks" | "overlay" | "profile" | "tls") => {
            Some("that is the provider's: write `[provider.…]`, or `….quirks` in `[provider]`")
        }
        ([_], "expect") => Some("that is a step's: write it below a `[[steps]]`, or in a case `steps.ID.expect.…`"),
        ([_], section) if is_section(section) => Some("that is the server's: write `[server.oauth]`"),
        _ => None,
    }
}

/// What to do where something of another kind stands.
fn mending(expected: &str) -> &'static str {
    match in_words(expected) {
        "text" => "write text, in quotes",
        "true or false" => "write true or false, without quotes",
        "a list" => "put it into brackets: [\"…\"]",
        "a table" => "a table has keys: write `.key = …` after its name, or { key = … }",
        "a whole number from 1 to 255" => "write a whole number without quotes, from 1 to 255",
        "a word" => "write one of its words, in quotes; docs/scenario-reference.md has them",
        _ => "write a whole number without quotes, zero or greater",
    }
}

/// The name in “unknown field `x`, …” or “unknown variant `x`, …”.
fn unknown_name(message: &str) -> Option<&str> {
    message.strip_prefix("unknown ")?.split('`').nth(1)
}

/// The name in “missing field `x`”.
fn missing_name(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

/// The names after “expected one of”.
fn expected_names(message: &str) -> impl Iterator<Item = &str> {
    message.split("expected").nth(1).unwrap_or_default().split('`').skip(1).step_by(2)
}

fn segments(path: &serde_path_to_error::Path) -> Vec<Segment> {
    path.iter()
        .filter_map(|segment| match segment {
            serde_path_to_error::Segment::Seq { index } => Some(Segment::Index(*index)),
            serde_path_to_error::Segment::Map { key } => Some(Segment::Key(key.clone())),
            serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use serde::Deserialize;

    use super::*;
    use crate::diagnostic::Source;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only decoding is of interest")]
    struct Sample {
        number: u32,
        name: Option<String>,
    }

    #[test]
    fn all_mistakes_are_told_with_their_places() {
        let source = Source { path: "t".into(), text: "nunber = 1\nnumber = \"x\"\nname = 5\n".into() };
        let node = Node::parse(&source).unwrap();
        let mut problems = Vec::new();
        assert!(decode::<Sample>(&node, &mut problems).is_none());
        let shown: Vec<_> = problems.iter().map(|p| &source.text[p.labels[0].span.clone()]).collect();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(shown.contains(&"nunber") && shown.contains(&"\"x\"") && shown.contains(&"5"), "{shown:?}");
        assert!(problems.iter().any(|p| p.notes.iter().any(|n| n.contains("`number`"))));
        assert!(problems.iter().any(|p| p.message == "expected text, found the number `5`"), "{problems:?}");
    }
}

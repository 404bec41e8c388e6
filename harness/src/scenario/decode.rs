//! Turns a part of a [`Node`] tree into a typed value and tells *all* that is
//! wrong with it.
//!
//! Serde stops at the first mistake. Here each mistake is noted with its
//! place, the offending member is taken out, and decoding starts again, so
//! that one run of `check` shows everything.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::{Node, Segment};
use crate::diagnostic::Diagnostic;

/// Decodes `node`; what is wrong goes to `problems`.
pub fn decode<T: DeserializeOwned>(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<T> {
    decode_json(node.to_json(), node, problems)
}

/// Decodes `json`, which came from `node` (perhaps with parts left out).
pub fn decode_json<T: DeserializeOwned>(json: Value, node: &Node, problems: &mut Vec<Diagnostic>) -> Option<T> {
    let mut json = json;
    let mut mended = false;
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&json) {
            Ok(value) => return (!mended).then_some(value),
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let mut path = segments(error.path());
        let unknown = unknown_name(&message);
        if let (Some(name), true) = (unknown, message.starts_with("unknown field"))
            && path.last() != Some(&Segment::Key(name.to_owned()))
        {
            path.push(Segment::Key(name.to_owned()));
        }
        // Once a member was taken out, “missing field” may be our own doing.
        if !(mended && message.starts_with("missing field")) {
            problems.push(explain(&message, unknown, node, &path));
        }
        mended = true;
        if !remove(&mut json, &path) {
            return None;
        }
    }
}

fn explain(message: &str, unknown: Option<&str>, node: &Node, path: &[Segment]) -> Diagnostic {
    let span = match path.split_last() {
        // A key nobody knows is wrong itself, not its value.
        Some((Segment::Key(key), parents)) if message.starts_with("unknown field") => key_place(node, parents, key),
        _ => node.place(path),
    };
    let shown = message.replace("unknown field", "unknown key").replace("missing field", "missing key");
    let shown = shown.replace("null", "nothing");
    let diagnostic = Diagnostic::error(shown, span);
    match unknown {
        Some(name) => diagnostic.suggest(name, expected_names(message)),
        None => diagnostic,
    }
}

fn key_place(node: &Node, parents: &[Segment], key: &str) -> std::ops::Range<usize> {
    let mut current = node;
    for parent in parents {
        let next = match (parent, &current.content) {
            (Segment::Key(key), super::document::Content::Table(table)) => table.get(key).map(|entry| &entry.node),
            (Segment::Index(index), super::document::Content::List(list)) => list.get(*index),
            _ => None,
        };
        let Some(next) = next else { break };
        current = next;
    }
    current.entry(key).map_or_else(|| current.span.clone(), |entry| entry.key_span.clone())
}

/// The name in “unknown field `x`, …” or “unknown variant `x`, …”.
fn unknown_name(message: &str) -> Option<&str> {
    message.strip_prefix("unknown ")?.split('`').nth(1)
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

fn remove(json: &mut Value, path: &[Segment]) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let mut current = json;
    for parent in parents {
        let next = match parent {
            Segment::Key(key) => current.get_mut(key),
            Segment::Index(index) => current.get_mut(*index),
        };
        let Some(next) = next else { return false };
        current = next;
    }
    match (last, current) {
        (Segment::Key(key), Value::Object(map)) => map.shift_remove(key).is_some(),
        (Segment::Index(index), Value::Array(items)) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
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
    }
}

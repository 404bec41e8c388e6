//! Reads a typed value from a [`Node`] tree and reports *all* mistakes in its
//! form. [`super::deserializer`] finds the values, [`super::mistake`] words the
//! messages.

use std::cell::RefCell;

use serde::de::DeserializeOwned;

use super::deserializer::{NoValue, NodeReader, Reading};
use super::mistake::Mistake;
use super::node::{Node, Segment, path};
use crate::diagnostic::Diagnostic;

/// What could be read although something may be wrong with it.
#[derive(Debug)]
pub struct Mended<T> {
    /// The value, with something neutral where something is wrong.
    pub value: T,
    /// Where something was wrong.
    pub without: Vec<Vec<Segment>>,
}

/// Whether `without` has something at or below a path.
pub fn lacks(without: &[Vec<Segment>], keys: &[&str]) -> bool {
    let place = path(keys);
    without.iter().any(|gone| gone.starts_with(&place))
}

/// Reads `node`; what is wrong goes to `problems`.
pub fn read<T: DeserializeOwned>(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<T> {
    mended(node, problems).filter(|mended| mended.without.is_empty()).map(|mended| mended.value)
}

/// Reads `node` with something neutral where something is wrong, which goes to
/// `problems`, so that the rest can be looked at, too.
pub fn mended<T: DeserializeOwned>(root: &Node, problems: &mut Vec<Diagnostic>) -> Option<Mended<T>> {
    // Only once a table is read does it say that it needs a key.
    let mut missing: Vec<Vec<Segment>> = Vec::new();
    loop {
        let reading = Reading { missing: &missing, mistakes: RefCell::default() };
        let read = T::deserialize(NodeReader { reading: &reading, node: Some(root), path: Vec::new() });
        let mut mistakes = reading.mistakes.into_inner();
        match read {
            Err(NoValue::Missing(path)) if !missing.contains(&path) => missing.push(path),
            read => {
                // A value that is no table has its own message already.
                let told = |path: &Vec<Segment>| {
                    let table = path.split_last().and_then(|(_, parents)| root.at(parents));
                    table.is_some_and(|table| table.table().is_some())
                };
                mistakes.extend(missing.into_iter().filter(told).map(|path| (path, Mistake::MissingKey)));
                problems.extend(mistakes.iter().map(|(path, mistake)| mistake.diagnostic(root, path)));
                let without = mistakes.into_iter().map(|(path, _)| path).collect();
                return match read {
                    Ok(value) => Some(Mended { value, without }),
                    Err(refusal) => {
                        let problem = Diagnostic::error(refusal.to_string(), root.span.clone());
                        problems.push(problem.note("see docs/scenario-reference.md"));
                        None
                    }
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use serde::Deserialize;
    use serde_json::Value;

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
    fn all_mistakes_are_reported_with_their_places() {
        let source = Source { path: "t".into(), text: "nunber = 1\nnumber = \"x\"\nname = 5\n".into() };
        let node = Node::parse(&source).unwrap();
        let mut problems = Vec::new();
        assert!(read::<Sample>(&node, &mut problems).is_none());
        let shown: Vec<_> = problems.iter().map(|p| &source.text[p.labels[0].span.clone()]).collect();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(shown.contains(&"nunber") && shown.contains(&"\"x\"") && shown.contains(&"5"), "{shown:?}");
        assert!(problems.iter().any(|p| p.notes.iter().any(|n| n.contains("`number`"))));
        assert!(problems.iter().any(|p| p.message == "expected text, found the number `5`"), "{problems:?}");
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Order {
        #[serde(default)]
        lines: Vec<Line>,
        note: String,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Line {
        article: String,
        #[serde(default)]
        price: Option<Value>,
    }

    #[test]
    fn something_neutral_stands_where_something_is_wrong() {
        let text = "lines = [{ price = [1, -2.5] }, 7, { article = \"b\" }]\n";
        let node = Node::parse(&Source { path: "t".into(), text: text.into() }).unwrap();
        let mut problems = Vec::new();
        let Mended { value, without } = mended::<Order>(&node, &mut problems).unwrap();
        let priced = Line { price: Some(serde_json::json!([1, -2.5])), ..Line::default() };
        let last = Line { article: "b".into(), price: None };
        assert_eq!(value, Order { lines: vec![priced, Line::default(), last], note: String::new() });
        let mut told: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["expected a table, found the number `7`", "missing key `article`", "missing key `note`"]);
        assert!(lacks(&without, &["lines", "0", "article"]) && lacks(&without, &["note"]), "{without:?}");
        assert!(!lacks(&without, &["lines", "2"]), "{without:?}");
    }
}

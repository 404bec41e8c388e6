//! A TOML document as a tree in which every key and value knows its place.
//!
//! Merging keeps the places, so that a complaint about a case can point at
//! the line of the case or of the file below it. What the tree means is for
//! [`crate::scenario::Shape`] to say.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::invalid_toml::{invalid_toml, without_consequences};
use crate::diagnostic::{Diagnostic, Source};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value itself.
    pub content: Content,
    /// Byte range of the value.
    pub span: Range<usize>,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text, number or boolean.
    Scalar(Value),
    /// An array.
    List(Vec<Node>),
    /// A table, in file order.
    Table(Table),
}

/// A table: its keys with their places.
pub type Table = IndexMap<String, Entry>;

/// A key of a [`Table`] and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Byte range of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

/// One segment of a path into the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A key of a table.
    Key(String),
    /// A position in a list.
    Index(usize),
}

/// The path of these keys; numbers are positions in lists.
pub(crate) fn path(keys: &[&str]) -> Vec<Segment> {
    keys.iter().map(|key| key.parse().map_or_else(|_| Segment::Key((*key).to_owned()), Segment::Index)).collect()
}

impl Node {
    /// Reads a document.
    ///
    /// # Errors
    /// All TOML errors that can be distinguished, each with its place.
    pub fn parse(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if errors.is_empty() {
            let span = table.span();
            let mut problems = Vec::new();
            let node = Self { content: Content::Table(convert_table(table.into_inner(), &mut problems)), span };
            return if problems.is_empty() { Ok(node) } else { Err(problems) };
        }
        // As much of it as can be read, to look for what comes twice.
        let read = Self { content: Content::Table(convert_table(table.into_inner(), &mut Vec::new())), span: 0..0 };
        let errors = errors.iter().map(|error| (error.message(), error.span().unwrap_or_default())).collect();
        let problem = |(cause, span): (String, Range<usize>)| {
            let found = source.text.get(span.clone()).unwrap_or_default();
            let first = cause.contains("duplicate key").then(|| read.only_key(found, span.start)).flatten();
            let problem = invalid_toml(&cause, span, &source.text);
            first.into_iter().fold(problem, |problem, first| problem.also(first, "the first one is here"))
        };
        Err(without_consequences(errors, &source.text).into_iter().map(problem).collect())
    }

    /// Where a key of that name stands before `end`, if only one does.
    fn only_key(&self, name: &str, end: usize) -> Option<Range<usize>> {
        let mut keys = Vec::new();
        self.keys(&mut keys);
        let mut named = keys.into_iter().filter(|(key, span)| *key == name && span.end <= end);
        let (_, first) = named.next()?;
        named.next().is_none().then_some(first)
    }

    fn keys<'a>(&'a self, keys: &mut Vec<(&'a str, Range<usize>)>) {
        match &self.content {
            Content::Scalar(_) => {}
            Content::List(list) => list.iter().for_each(|node| node.keys(keys)),
            Content::Table(table) => {
                for (key, entry) in table {
                    keys.push((key, entry.key_span.clone()));
                    entry.node.keys(keys);
                }
            }
        }
    }

    /// Returns every text in it, with its place.
    pub fn texts(&self) -> Box<dyn Iterator<Item = (&str, &Range<usize>)> + '_> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Box::new(std::iter::once((text.as_str(), &self.span))),
            Content::Scalar(_) => Box::new(std::iter::empty()),
            Content::List(list) => Box::new(list.iter().flat_map(Self::texts)),
            Content::Table(table) => Box::new(table.values().flat_map(|entry| entry.node.texts())),
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.content {
            Content::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.content {
            Content::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The entry under `key`, if this is a table that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.table()?.get(key)
    }

    /// The node under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// Text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The node at `path`, if there is one.
    pub fn at(&self, path: &[Segment]) -> Option<&Self> {
        path.iter().try_fold(self, |node, segment| match (segment, &node.content) {
            (Segment::Key(key), Content::Table(table)) => table.get(key).map(|entry| &entry.node),
            (Segment::Index(index), Content::List(list)) => list.get(*index),
            // A name may be a number.
            (Segment::Index(index), Content::Table(table)) => {
                table.get(index.to_string().as_str()).map(|entry| &entry.node)
            }
            _ => None,
        })
    }

    /// The deepest existing node on `path`, with the span of the last key
    /// that was found on the way.
    pub fn place(&self, path: &[Segment]) -> Range<usize> {
        let mut node = self;
        let mut span = self.span.clone();
        for segment in path {
            let next = match (segment, &node.content) {
                (Segment::Key(key), Content::Table(table)) => table.get(key).map(|entry| {
                    let scalar = !matches!(entry.node.content, Content::Table(_));
                    (&entry.node, if scalar { entry.node.span.clone() } else { entry.key_span.clone() })
                }),
                (Segment::Index(index), Content::List(list)) => list.get(*index).map(|node| (node, node.span.clone())),
                _ => None,
            };
            let Some((found, place)) = next else { break };
            node = found;
            span = place;
        }
        span
    }

    /// Where `key` of the table at `parents` stands itself, not its value.
    pub fn key_place(&self, parents: &[Segment], key: &str) -> Range<usize> {
        let entry = self.at(parents).and_then(|table| table.entry(key));
        entry.map_or_else(|| self.place(parents), |entry| entry.key_span.clone())
    }

    /// The tree without its places.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(list) => Value::Array(list.iter().map(Self::to_json).collect()),
            Content::Table(table) => Value::Object(
                table.iter().map(|(key, entry)| (key.clone(), entry.node.to_json())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// Lays `over` over this tree: tables are merged, everything else is
    /// replaced.
    pub fn lay_over(&mut self, over: &Self) {
        match (&mut self.content, &over.content) {
            (Content::Table(below), Content::Table(above)) => {
                for (key, entry) in above {
                    match below.get_mut(key) {
                        Some(existing) => {
                            existing.key_span = entry.key_span.clone();
                            existing.node.lay_over(&entry.node);
                        }
                        None => {
                            below.insert(key.clone(), entry.clone());
                        }
                    }
                }
            }
            _ => *self = over.clone(),
        }
    }
}

fn convert(value: Spanned<DeValue<'_>>, problems: &mut Vec<Diagnostic>) -> Node {
    let span = value.span();
    let content = match value.into_inner() {
        DeValue::String(text) => Content::Scalar(Value::String(text.into_owned())),
        DeValue::Boolean(truth) => Content::Scalar(Value::Bool(truth)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).map_or_else(
            |_| {
                refuse(
                    "expected a number of at most 64 bits",
                    "write a smaller number, or text in quotes",
                    &span,
                    problems,
                )
            },
            |number| Content::Scalar(number.into()),
        ),
        DeValue::Float(number) => {
            let finite = number.as_str().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            if let Some(number) = finite {
                Content::Scalar(Value::Number(number))
            } else {
                let text = format!("expected a finite number, found `{}`", number.as_str());
                refuse(&text, "write a finite number, or text in quotes", &span, problems)
            }
        }
        DeValue::Datetime(date) => {
            let help = format!("write the date as text, in quotes: `\"{date}\"`");
            refuse(&format!("expected text, found the date `{date}`"), &help, &span, problems)
        }
        DeValue::Array(list) => Content::List(list.into_iter().map(|item| convert(item, problems)).collect()),
        DeValue::Table(table) => Content::Table(convert_table(table, problems)),
    };
    Node { content, span }
}

fn refuse(message: &str, help: &str, span: &Range<usize>, problems: &mut Vec<Diagnostic>) -> Content {
    problems.push(Diagnostic::error(message, span.clone()).note(help));
    Content::Scalar(Value::Null)
}

fn convert_table(table: DeTable<'_>, problems: &mut Vec<Diagnostic>) -> Table {
    table
        .into_iter()
        .map(|(key, value)| {
            let key_span = key.span();
            (key.into_inner().into_owned(), Entry { key_span, node: convert(value, problems) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use super::*;

    fn parse(text: &str) -> Node {
        Node::parse(&Source { path: "t.toml".into(), text: text.into() }).unwrap()
    }

    #[test]
    fn laying_over_merges_tables_and_keeps_places() {
        let text = "[a]\nx = 1\ny = 2\n[b]\nx = 3\n";
        let tree = parse(text);
        let mut below = tree.get("a").unwrap().clone();
        below.lay_over(tree.get("b").unwrap());
        assert_eq!(below.to_json(), serde_json::json!({"x": 3, "y": 2}));
        let place = below.place(&[Segment::Key("x".into())]);
        assert_eq!(&text[place.clone()], "3");
        assert!(place.start > text.find("[b]").unwrap());
    }

    #[test]
    fn every_syntax_error_is_reported() {
        let source = Source { path: "t.toml".into(), text: "a = \nb = ]\nc = 1\n".into() };
        let problems = Node::parse(&source).unwrap_err();
        assert!(problems.len() >= 2, "{problems:?}");
    }
}

//! Reads a typed value from a [`Node`] tree and tells *all* that is wrong with
//! its form.
//!
//! A deserializer of serde's that goes on after a mistake: it notes the mistake
//! with its place, lets something neutral stand there, and reads the rest. What
//! an author is told of a mistake is for [`crate::mistake`].

use std::cell::RefCell;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{self, Content, Entry, Node, Segment};
use crate::mistake::{Kind, Mistake};

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
    let place = document::path(keys);
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
        let read = T::deserialize(Reader { reading: &reading, node: Some(root), path: Vec::new() });
        let mut mistakes = reading.mistakes.into_inner();
        match read {
            Err(Refusal::Missing(path)) if !missing.contains(&path) => missing.push(path),
            read => {
                // Of what is no table at all, the same is told once.
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
                        problems.push(problem.note("docs/scenario-reference.md says what can stand where"));
                        None
                    }
                };
            }
        }
    }
}

/// What is read, and what is wrong with it so far.
struct Reading<'a> {
    /// The keys that are needed and not there; something neutral stands for
    /// them.
    missing: &'a [Vec<Segment>],
    mistakes: RefCell<Vec<(Vec<Segment>, Mistake)>>,
}

/// Why a value cannot be had although something neutral may stand anywhere.
#[derive(Debug)]
enum Refusal {
    /// A table lacks a key, at this path.
    Missing(Vec<Segment>),
    /// A type with checks of its own says this of what it is given.
    Other(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(_) => f.write_str("a key is missing"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Refusal {}

impl serde::de::Error for Refusal {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::Other(reason.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(vec![Segment::Key(field.to_owned())])
    }
}

/// One value of the tree.
struct Reader<'a> {
    reading: &'a Reading<'a>,
    /// None where something neutral has to stand.
    node: Option<&'a Node>,
    path: Vec<Segment>,
}

impl<'a> Reader<'a> {
    fn below(&self, segment: Segment, node: Option<&'a Node>) -> Self {
        let path = self.path.iter().cloned().chain([segment]).collect();
        Self { reading: self.reading, node, path }
    }

    fn note(&self, mistake: Mistake) {
        // What is neutral is our own doing.
        if self.node.is_some() {
            self.reading.mistakes.borrow_mut().push((self.path.clone(), mistake));
        }
    }

    fn scalar(&self) -> Option<&'a Value> {
        match self.node.map(|node| &node.content) {
            Some(Content::Scalar(value)) => Some(value),
            _ => None,
        }
    }

    /// What `wanted` makes of the scalar; where that is nothing, the default.
    fn of_kind<T>(&self, kind: Kind, default: T, wanted: impl FnOnce(&'a Value) -> Option<T>) -> T {
        self.scalar().and_then(wanted).unwrap_or_else(|| {
            self.note(Mistake::OtherKind(kind));
            default
        })
    }

    fn items(&self) -> &'a [Node] {
        match self.node.map(|node| &node.content) {
            Some(Content::List(items)) => items,
            _ => {
                self.note(Mistake::OtherKind(Kind::List));
                &[]
            }
        }
    }

    fn entries(&self) -> Vec<(&'a str, Option<&'a Node>)> {
        let Some(table) = self.node.and_then(Node::table) else {
            self.note(Mistake::OtherKind(Kind::Table));
            return Vec::new();
        };
        table.iter().map(|(key, Entry { node, .. })| (key.as_str(), Some(node))).collect()
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_seq(Items { items: self.items().iter().enumerate(), of: self })
    }

    fn table<'de, V: Visitor<'de>>(
        self,
        entries: Vec<(&'a str, Option<&'a Node>)>,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let path = self.path.clone();
        let read = visitor.visit_map(Entries { entries: entries.into_iter(), value: None, of: self });
        read.map_err(|refusal| match refusal {
            // The table that lacks it says only its name.
            Refusal::Missing(key) if key.len() == 1 => Refusal::Missing([path, key].concat()),
            refusal => refusal,
        })
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.node.map(|node| &node.content) {
            None => visitor.visit_unit(),
            Some(Content::List(_)) => self.list(visitor),
            Some(Content::Table(_)) => self.deserialize_map(visitor),
            Some(Content::Scalar(value)) => value.clone().deserialize_any(visitor).map_err(serde::de::Error::custom),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_bool(self.of_kind(Kind::Switch, false, Value::as_bool))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.of_kind(Kind::Text, "", Value::as_str))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let number = self.of_kind(Kind::SmallNumber, 1, |value| value.as_u64()?.try_into().ok().filter(|it| *it > 0));
        visitor.visit_u8(number)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_u32(self.of_kind(Kind::WholeNumber, 1, |value| value.as_u64()?.try_into().ok()))
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_u64(self.of_kind(Kind::WholeNumber, 1, Value::as_u64))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.node.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let entries = self.entries();
        self.table(entries, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let mut entries = self.entries();
        entries.retain(|(key, node)| {
            let is_known = keys.contains(key);
            if !is_known {
                self.below(Segment::Key((*key).to_owned()), *node).note(Mistake::UnknownKey(keys));
            }
            is_known
        });
        let missing = |key: &&&str| {
            let is_it = |path: &Vec<Segment>| match path.split_last() {
                Some((Segment::Key(last), parents)) => last == **key && *parents == *self.path,
                _ => false,
            };
            self.reading.missing.iter().any(is_it)
        };
        entries.extend(keys.iter().filter(missing).map(|key| (*key, None)));
        self.table(entries, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let first = words.first().copied().unwrap_or_default();
        let word = self.of_kind(Kind::Word, first, Value::as_str);
        let word = words.iter().find(|known| **known == word).copied().unwrap_or_else(|| {
            self.note(Mistake::UnknownWord(words));
            first
        });
        visitor.visit_enum(StrDeserializer::new(word))
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct Items<'a> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
    of: Reader<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        let Some((index, node)) = self.items.next() else { return Ok(None) };
        seed.deserialize(self.of.below(Segment::Index(index), Some(node))).map(Some)
    }
}

struct Entries<'a> {
    entries: std::vec::IntoIter<(&'a str, Option<&'a Node>)>,
    value: Option<Reader<'a>>,
    of: Reader<'a>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some((key, node)) = self.entries.next() else { return Ok(None) };
        self.value = Some(self.of.below(Segment::Key(key.to_owned()), node));
        seed.deserialize(StrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        seed.deserialize(self.value.take().ok_or_else(|| serde::de::Error::custom("a value without its key"))?)
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

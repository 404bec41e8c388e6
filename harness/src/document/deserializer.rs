//! A deserializer of serde's over a [`Node`] tree that goes on after a mistake:
//! it notes the mistake with its place, lets something neutral stand there, and
//! reads the rest. What comes of it is for [`super::reading`].

use std::cell::RefCell;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::mistake::{Mistake, TomlKind};
use super::node::{Content, Entry, Node, Segment};

/// What is read, and what is wrong with it so far.
pub(super) struct Reading<'a> {
    /// The keys that are needed and not there; something neutral stands for
    /// them.
    pub(super) missing: &'a [Vec<Segment>],
    pub(super) mistakes: RefCell<Vec<(Vec<Segment>, Mistake)>>,
}

/// Why a value cannot be had although something neutral may stand anywhere.
#[derive(Debug)]
pub(super) enum NoValue {
    /// A table lacks a key, at this path.
    Missing(Vec<Segment>),
    /// A type with checks of its own says this of what it is given.
    Other(String),
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(_) => f.write_str("a key is missing"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for NoValue {}

impl serde::de::Error for NoValue {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::Other(reason.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(vec![Segment::Key(field.to_owned())])
    }
}

/// One value of the tree.
pub(super) struct NodeReader<'a> {
    pub(super) reading: &'a Reading<'a>,
    /// None where something neutral has to stand.
    pub(super) node: Option<&'a Node>,
    pub(super) path: Vec<Segment>,
}

impl<'a> NodeReader<'a> {
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
    fn of_kind<T>(&self, kind: TomlKind, default: T, wanted: impl FnOnce(&'a Value) -> Option<T>) -> T {
        self.scalar().and_then(wanted).unwrap_or_else(|| {
            self.note(Mistake::OtherKind(kind));
            default
        })
    }

    fn items(&self) -> &'a [Node] {
        if let Some(Content::List(items)) = self.node.map(|node| &node.content) {
            return items;
        }
        self.note(Mistake::OtherKind(TomlKind::List));
        &[]
    }

    fn entries(&self) -> Vec<(&'a str, Option<&'a Node>)> {
        let Some(table) = self.node.and_then(Node::table) else {
            self.note(Mistake::OtherKind(TomlKind::Table));
            return Vec::new();
        };
        table.iter().map(|(key, Entry { node, .. })| (key.as_str(), Some(node))).collect()
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        visitor.visit_seq(Items { rest: self.items().iter().enumerate(), of: self })
    }

    fn table<'de, V: Visitor<'de>>(
        self,
        entries: Vec<(&'a str, Option<&'a Node>)>,
        visitor: V,
    ) -> Result<V::Value, NoValue> {
        let path = self.path.clone();
        let read = visitor.visit_map(Entries { rest: entries.into_iter(), value: None, of: self });
        read.map_err(|refusal| match refusal {
            // The table that lacks it says only its name.
            NoValue::Missing(key) if key.len() == 1 => NoValue::Missing([path, key].concat()),
            refusal => refusal,
        })
    }
}

impl<'de> Deserializer<'de> for NodeReader<'_> {
    type Error = NoValue;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        match self.node.map(|node| &node.content) {
            None => visitor.visit_unit(),
            Some(Content::List(_)) => self.list(visitor),
            Some(Content::Table(_)) => self.deserialize_map(visitor),
            Some(Content::Scalar(value)) => value.clone().deserialize_any(visitor).map_err(serde::de::Error::custom),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        visitor.visit_bool(self.of_kind(TomlKind::Switch, false, Value::as_bool))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        visitor.visit_str(self.of_kind(TomlKind::Text, "", Value::as_str))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        self.deserialize_str(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        let number =
            self.of_kind(TomlKind::SmallNumber, 1, |value| value.as_u64()?.try_into().ok().filter(|it| *it > 0));
        visitor.visit_u8(number)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        visitor.visit_u32(self.of_kind(TomlKind::WholeNumber, 1, |value| value.as_u64()?.try_into().ok()))
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        visitor.visit_u64(self.of_kind(TomlKind::WholeNumber, 1, Value::as_u64))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        if self.node.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, NoValue> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoValue> {
        let entries = self.entries();
        self.table(entries, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoValue> {
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
    ) -> Result<V::Value, NoValue> {
        let first = words.first().copied().unwrap_or_default();
        let word = self.of_kind(TomlKind::Word(words), first, Value::as_str);
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
    rest: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
    of: NodeReader<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = NoValue;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NoValue> {
        let Some((index, node)) = self.rest.next() else { return Ok(None) };
        seed.deserialize(self.of.below(Segment::Index(index), Some(node))).map(Some)
    }
}

struct Entries<'a> {
    rest: std::vec::IntoIter<(&'a str, Option<&'a Node>)>,
    value: Option<NodeReader<'a>>,
    of: NodeReader<'a>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = NoValue;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, NoValue> {
        let Some((key, node)) = self.rest.next() else { return Ok(None) };
        self.value = Some(self.of.below(Segment::Key(key.to_owned()), node));
        seed.deserialize(StrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NoValue> {
        seed.deserialize(self.value.take().ok_or_else(|| serde::de::Error::custom("a value without its key"))?)
    }
}

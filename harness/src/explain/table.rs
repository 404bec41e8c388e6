//! The tables of scenario files and the keys that they can have, as the schema
//! describes them. The lists beside this file decide what to show of each.

use serde_json::Value;

use crate::scenario::schema;

/// Tables that stand in several places, or that have a list of their own.
const TOLD_ELSEWHERE: &[&str] = &["Overlay", "PartOfScenario", "Provider", "ProviderSettings", "Quirks", "ServerShape"];

/// A key that a table can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// Its name; of a table within, such as `paths.token`.
    pub name: String,
    /// What it is, in sentences.
    pub text: String,
    /// What kind of value it takes.
    pub kind: String,
    /// The words that it takes, where it takes some only, and what each means.
    pub words: Vec<(String, String)>,
    /// What holds where it is not given, as JSON; empty if nothing does.
    pub default: String,
}

impl Key {
    /// What it takes, a line for each word.
    pub fn takes(&self) -> String {
        let words = self
            .words
            .iter()
            .map(|(word, text)| if text.is_empty() { word.clone() } else { format!("{word}: {text}") });
        std::iter::once(self.kind.clone()).chain(words).collect::<Vec<_>>().join("\n")
    }
}

/// All tables.
pub(super) struct Tables {
    schema: Value,
}

impl Tables {
    pub fn new() -> Self {
        Self { schema: schema::scenario() }
    }

    /// The text and the keys of the table that stands at this place of the
    /// schema, which is that of a property.
    pub fn at(&self, pointer: &str) -> (String, Vec<Key>) {
        let table = self.schema.pointer(pointer).map_or(&Value::Null, |node| self.resolved(node).1);
        (text(table), self.keys(table))
    }

    /// The words that a definition allows, and what each means.
    pub fn words(&self, definition: &str) -> Vec<(String, String)> {
        words(&self.schema["$defs"][definition])
    }

    fn keys(&self, table: &Value) -> Vec<Key> {
        let properties = table["properties"].as_object().into_iter().flatten();
        properties.flat_map(|(name, node)| self.key(name, node)).collect()
    }

    /// The key, and those of the table that it has.
    fn key(&self, name: &str, node: &Value) -> Vec<Key> {
        let (reference, kind) = self.resolved(node);
        let below = match reference {
            Some(reference) if !TOLD_ELSEWHERE.contains(&reference) => self.keys(kind),
            _ => Vec::new(),
        };
        let items = kind.get("items").map(|items| self.resolved(items).1);
        let default = node.get("default").filter(|default| below.is_empty() && !is_nothing(default));
        let own = Key {
            name: name.to_owned(),
            text: Some(text(node)).filter(|text| !text.is_empty()).unwrap_or_else(|| text(kind)),
            kind: words_for(kind, items),
            words: words(items.unwrap_or(kind)),
            default: default.map(ToString::to_string).unwrap_or_default(),
        };
        let below = below.into_iter().map(|key| Key { name: format!("{name}.{}", key.name), ..key });
        std::iter::once(own).chain(below).collect()
    }

    /// What a reference leads to, under its name; anything else is itself.
    fn resolved<'a>(&'a self, node: &'a Value) -> (Option<&'a str>, &'a Value) {
        let reference = node.get("$ref").or_else(|| node.pointer("/anyOf/0/$ref")).and_then(Value::as_str);
        let found = reference.and_then(|reference| {
            let name = reference.strip_prefix("#/$defs/")?;
            Some((Some(name), self.schema["$defs"].get(name)?))
        });
        found.unwrap_or((None, node))
    }
}

/// Doc comments are broken into lines.
fn text(node: &Value) -> String {
    node["description"].as_str().unwrap_or_default().replace('\n', " ")
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn words(kind: &Value) -> Vec<(String, String)> {
    let with_texts = kind["oneOf"].as_array().into_iter().flatten();
    let with_texts = with_texts.filter_map(|word| Some((word["const"].as_str()?.to_owned(), text(word))));
    let alone = kind["enum"].as_array().into_iter().flatten();
    with_texts.chain(alone.filter_map(|word| Some((word.as_str()?.to_owned(), String::new())))).collect()
}

/// What kind of value it is, in words.
fn words_for(kind: &Value, items: Option<&Value>) -> String {
    let of = kind["type"].as_array().and_then(|types| types.first()).unwrap_or(&kind["type"]);
    let range = kind["minimum"].as_u64().zip(kind["maximum"].as_u64());
    match (of.as_str(), range) {
        _ if !words(kind).is_empty() => "a word".to_owned(),
        (Some("string"), _) => "text".to_owned(),
        (Some("boolean"), _) => "true or false".to_owned(),
        (Some("integer"), Some((least, most))) => format!("a whole number from {least} to {most}"),
        (Some("integer"), None) => "a whole number".to_owned(),
        (Some("array"), _) => match items.map(|items| words_for(items, None)).as_deref() {
            Some("a word") => "a list of words".to_owned(),
            Some("a table") => "a list of tables".to_owned(),
            _ => "a list of text".to_owned(),
        },
        (Some("object"), _) => "a table".to_owned(),
        _ => "any value".to_owned(),
    }
}

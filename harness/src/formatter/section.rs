//! A document as the list of its tables, in the order in which they are to
//! stand, each with the comments that belong to it.

use toml_edit::{DocumentMut, Item, Key, RawString, Table, Value};

use super::order;

/// A table with its header, or the keys before the first header.
#[derive(Debug)]
pub(super) struct TomlSection {
    /// The keys of the header; none before the first header.
    pub(super) path: Vec<String>,
    /// The header as it is written; empty before the first header.
    pub(super) header: String,
    /// What stands above the header, and beside it.
    pub(super) above: String,
    pub(super) beside: String,
    pub(super) entries: Vec<KeyValue>,
    /// Where it stood in the file.
    pub(super) position: isize,
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct KeyValue {
    /// The key as it is written, without space around its dots.
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) above: String,
    pub(super) beside: String,
    /// Where it stood in its table.
    pub(super) offset: usize,
    rank: usize,
}

/// The sections of a document.
pub(super) fn of(document: &DocumentMut) -> Vec<TomlSection> {
    let mut sections = vec![section(document.as_table(), &[], "", "")];
    collect(document.as_table(), &mut Vec::new(), &mut sections);
    sections.sort_by_key(|section| (order::of_table(section.path.first().map(String::as_str)), section.position));
    sections
}

fn collect<'a>(table: &'a Table, path: &mut Vec<&'a Key>, sections: &mut Vec<TomlSection>) {
    for name in table.iter().map(|(name, _)| name) {
        let Some((key, item)) = table.get_key_value(name) else { continue };
        path.push(key);
        match item {
            Item::Table(inner) => {
                if !inner.is_implicit() && !inner.is_dotted() {
                    sections.push(section(inner, path, "[", "]"));
                }
                collect(inner, path, sections);
            }
            Item::ArrayOfTables(list) => {
                for inner in list {
                    sections.push(section(inner, path, "[[", "]]"));
                    collect(inner, path, sections);
                }
            }
            Item::Value(_) | Item::None => {}
        }
        path.pop();
    }
}

fn section(table: &Table, path: &[&Key], open: &str, close: &str) -> TomlSection {
    let names: Vec<String> = path.iter().map(|key| key.get().to_owned()).collect();
    let values = table.get_values().into_iter().enumerate();
    let mut entries: Vec<KeyValue> =
        values.map(|(offset, (keys, value))| entry(&keys, value, &names, offset)).collect();
    entries.sort_by_key(|entry| entry.rank);
    TomlSection {
        header: format!("{open}{}{close}", dotted(path)),
        path: names,
        above: raw(table.decor().prefix()),
        beside: raw(table.decor().suffix()).trim().to_owned(),
        entries,
        position: table.position().unwrap_or(-1),
    }
}

fn entry(keys: &[&Key], value: &Value, path: &[String], offset: usize) -> KeyValue {
    let above = keys.last().map(|key| raw(key.leaf_decor().prefix())).unwrap_or_default();
    KeyValue {
        key: dotted(keys),
        above,
        beside: raw(value.decor().suffix()).trim().to_owned(),
        value: value.clone(),
        offset,
        rank: keys.first().map_or(0, |key| order::of_key(path, key.get())),
    }
}

fn dotted(keys: &[&Key]) -> String {
    keys.iter().map(|key| key.display_repr()).collect::<Vec<_>>().join(".")
}

fn raw(text: Option<&RawString>) -> String {
    text.and_then(RawString::as_str).unwrap_or_default().to_owned()
}

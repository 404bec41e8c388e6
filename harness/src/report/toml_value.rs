//! Values of a report in TOML: JSON values, and texts of a server on one line.
//! Which of them a baseline holds is for [`super::updated_baseline`].

use serde_json::Value;
use toml_edit::{Array, InlineTable, Item, Key, Table};

use crate::escape;

/// Puts a value at `keys`, as `a.b.c = …`; nothing if something else is there.
pub(super) fn put(table: &mut Table, keys: &[&str], found: &Value) -> Option<()> {
    let (last, parents) = keys.split_last()?;
    let table = parents.iter().try_fold(table, |table, key| {
        let mut below = Table::new();
        below.set_dotted(true);
        table.entry_format(&key_in_one_line(key)).or_insert(Item::Table(below)).as_table_mut()
    })?;
    table.insert_formatted(&key_in_one_line(last), Item::Value(in_toml(found)?));
    Some(())
}

/// Returns a text as one line that holds no command of a CI job, in the usual
/// form where that does.
pub(super) fn in_one_line(text: &str) -> toml_edit::Value {
    if escape::is_plain(text) {
        return text.into();
    }
    // The literal always parses; `escape::toml` has a test.
    escape::toml(text).parse().unwrap_or_else(|_| text.into())
}

/// The same for a key.
fn key_in_one_line(text: &str) -> Key {
    if escape::is_plain(text) {
        return text.into();
    }
    escape::toml(text).parse().unwrap_or_else(|_| text.into())
}

/// The value in TOML, which has no null.
fn in_toml(found: &Value) -> Option<toml_edit::Value> {
    Some(match found {
        Value::Null => return None,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => in_one_line(text),
        Value::Array(list) => list.iter().map(in_toml).collect::<Option<Array>>()?.into(),
        Value::Object(map) => {
            let mut table = InlineTable::new();
            for (key, found) in map {
                table.insert_formatted(&key_in_one_line(key), in_toml(found)?);
            }
            table.into()
        }
    })
}

//! Values: spaces, quotes, and lists that do not fit on a line.

use toml_edit::{Array, InlineTable, RawString, Value};

/// How wide a line may be.
const WIDTH: usize = 120;

/// The value as it is to stand behind `before` columns.
pub(super) fn write(value: &Value, before: usize) -> String {
    if has_comment(value) {
        // An author who writes comments into a list has chosen its layout.
        let mut plain = value.clone();
        plain.decor_mut().clear();
        return plain.to_string().trim().to_owned();
    }
    let line = on_one_line(value);
    match value {
        Value::Array(list) if before + line.chars().count() > WIDTH => {
            let items = list.iter().map(|item| format!("    {},\n", on_one_line(item)));
            format!("[\n{}]", items.collect::<String>())
        }
        _ => line,
    }
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(on_one_line).collect::<Vec<_>>().join(", ")),
        Value::InlineTable(table) if table.is_empty() => "{}".to_owned(),
        Value::InlineTable(table) => {
            let members = table.get_values().into_iter().map(|(keys, value)| {
                let key = keys.iter().map(|key| key.display_repr()).collect::<Vec<_>>().join(".");
                format!("{key} = {}", on_one_line(value))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => in_double_quotes(&text.display_repr()),
        scalar => {
            let mut plain = scalar.clone();
            plain.decor_mut().clear();
            plain.to_string()
        }
    }
}

/// Text in single quotes is for what would need escapes otherwise.
fn in_double_quotes(written: &str) -> String {
    let inner = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match inner {
        Some(text) if !written.starts_with("'''") && !text.contains(['\\', '"']) => format!("\"{text}\""),
        _ => written.to_owned(),
    }
}

fn has_comment(value: &Value) -> bool {
    let commented = |text: Option<&RawString>| text.and_then(RawString::as_str).is_some_and(|text| text.contains('#'));
    let around = |value: &Value| commented(value.decor().prefix()) || commented(value.decor().suffix());
    let in_list =
        |list: &Array| commented(Some(list.trailing())) || list.iter().any(|item| around(item) || has_comment(item));
    let in_table = |table: &InlineTable| {
        commented(Some(table.trailing()))
            || table.get_values().into_iter().any(|(keys, value)| {
                let decor = keys.last().map(|key| key.leaf_decor());
                let beside = decor.is_some_and(|decor| commented(decor.prefix()) || commented(decor.suffix()));
                beside || around(value) || has_comment(value)
            })
    };
    match value {
        Value::Array(list) => in_list(list),
        Value::InlineTable(table) => in_table(table),
        _ => false,
    }
}

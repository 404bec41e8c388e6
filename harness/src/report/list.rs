//! The list of ways to write a report. A new one is a file with its [`Format`]
//! and a line here.

use super::format::Format;

/// All formats.
pub static FORMATS: &[&Format] = &[
    &super::human::HUMAN,
    &super::json::JSON,
    &super::junit::JUNIT,
    &super::html::PAGE,
    &super::github::GITHUB,
    &super::markdown::MARKDOWN,
    &super::tap::TAP,
    &super::updated_baseline::BASELINE,
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}

/// All of them, for `--help`.
pub fn formats_help() -> String {
    let lines = FORMATS.iter().map(|format| format!("`{}` ({})", format.name, format.text));
    format!(
        "{}. Each goes to standard output, or to a file with KIND=FILE. May be repeated",
        lines.collect::<Vec<_>>().join(", ")
    )
}

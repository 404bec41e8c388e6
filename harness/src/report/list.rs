//! The list of ways to write a report. A new one is a file with its [`Format`]
//! and a line here.

use super::format::Format;
use super::{baseline, github, html, human, json, junit, markdown, tap};

/// All formats.
pub static FORMATS: &[&Format] = &[
    &human::HUMAN,
    &json::JSON,
    &junit::JUNIT,
    &html::PAGE,
    &github::GITHUB,
    &markdown::MARKDOWN,
    &tap::TAP,
    &baseline::BASELINE,
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}

/// All of them, for `--help`.
pub fn formats_help() -> String {
    let lines = FORMATS.iter().map(|format| format!("`{}` ({})", format.name, format.text));
    format!(
        "{}; each goes to standard output, or to a file as KIND=FILE; may be given several times",
        lines.collect::<Vec<_>>().join(", ")
    )
}

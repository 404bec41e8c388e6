//! Names and values side by side; those are marked that were altered or are not as
//! expected.

use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::report::time::numeric_date;
use crate::report::{Deviation, TokenReport};

/// Above how many letters a value stands on lines of its own.
const LONG: usize = 160;

/// A JSON object, its dates in words; altered members that it lacks are named too.
pub(super) fn object(members: &Map<String, Value>, deviations: &[(&str, &Deviation)]) -> Markup {
    let dated = |name: &str, value: &Value| match numeric_date(name, value) {
        Some(date) => format!("{value} ({date})"),
        None => shown(value),
    };
    let pairs = members.iter().map(|(name, value)| (name.as_str(), dated(name, value)));
    table(&pairs.collect::<Vec<_>>(), deviations)
}

/// A JSON object of whose members some are tokens that are shown elsewhere.
pub(super) fn object_with(
    members: &Map<String, Value>,
    tokens: &[TokenReport],
    deviations: &[(&str, &Deviation)],
) -> Markup {
    let pairs = members.iter().map(|(name, value)| (name.as_str(), brief(tokens, name, shown(value))));
    table(&pairs.collect::<Vec<_>>(), deviations)
}

/// Pairs such as headers or parameters.
pub(super) fn pairs(pairs: &[(String, String)], tokens: &[TokenReport], deviations: &[(&str, &Deviation)]) -> Markup {
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), brief(tokens, name, value.clone())));
    table(&pairs.collect::<Vec<_>>(), deviations)
}

/// The beginning of what is shown, decoded, elsewhere.
fn brief(tokens: &[TokenReport], name: &str, text: String) -> String {
    let is_decoded = tokens.iter().any(|token| token.name == name);
    if !is_decoded || text.len() <= LONG {
        return text;
    }
    let beginning: String = text.chars().take(24).collect();
    format!("{beginning}… (decoded above)")
}

fn table(pairs: &[(&str, String)], deviations: &[(&str, &Deviation)]) -> Markup {
    let of = |name: &str| deviations.iter().find(|(member, _)| member.eq_ignore_ascii_case(name)).map(|(_, one)| *one);
    let missing =
        deviations.iter().filter(|(member, _)| !pairs.iter().any(|(name, _)| member.eq_ignore_ascii_case(name)));
    html! {
        table.members {
            @for (name, value) in pairs {
                @match of(name) {
                    Some(deviation) => {
                        tr.deviates { th scope="row" { (in_parts(name, &['_'])) } td { mark { (in_parts(value, &[',', '&'])) } (by(deviation)) } }
                    },
                    None => { tr { th scope="row" { (in_parts(name, &['_'])) } td { (in_parts(value, &[',', '&'])) } } },
                }
            }
            @for (member, deviation) in missing {
                tr.deviates { th scope="row" { (in_parts(member, &['_'])) } td { mark { "missing" } (by(deviation)) } }
            }
        }
    }
}

/// Whether the provider altered it, or the server did not meet an expectation.
pub(super) fn kind(deviation: &Deviation) -> &'static str {
    if deviation.is_alteration() { "altered" } else { "not as expected" }
}

/// The quirk, overlay or expectation by which it is marked.
pub(super) fn by(deviation: &Deviation) -> Markup {
    html! { span.by { (deviation.by) @if let Some(requirement) = &deviation.requirement { ", against " (requirement) } } }
}

/// A text that, where a line is too short for it, is broken after one of
/// `ends` rather than within a word; copied, it is the same.
fn in_parts(text: &str, ends: &[char]) -> Markup {
    html! { @for part in text.split_inclusive(ends) { (part) @if part.ends_with(ends) { wbr; } } }
}

/// A value in a line; a long one on several.
fn shown(value: &Value) -> String {
    let short = value.to_string();
    if short.len() > LONG && (value.is_object() || value.is_array()) { format!("{value:#}") } else { short }
}

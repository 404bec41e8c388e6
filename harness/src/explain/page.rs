//! `docs/scenario-reference.md`: everything that can stand in a scenario file,
//! from the lists beside this file. `docs/writing-scenarios.md`, written by
//! hand, explains how to write one.

use std::fmt::Write;

use mock_idp::Overlay;

use super::key::{OF_END_USERS, of_action, of_head, of_steps};
use super::setting::{keys_of_provider, presence};
use super::table::{Key, Tables};
use super::{Explanation, expectation, result};
use crate::expect::{ALTERNATIVES, EITHER, SECTIONS, Section, ValueKind};
use crate::immich::SETTINGS;
use crate::step::ACTIONS;

const INTRODUCTION: &str = "\
# Scenario reference

All keys and words of scenario files. [writing-scenarios.md](writing-scenarios.md) explains how to write a scenario. \
`oidc-harness explain NAME` explains one key or word, and editors complete them with the JSON schema. The name of a \
key is its path: `provider.paths.token` is `token` in `[provider.paths]`, or `paths.token` in `[provider]`. This page \
is generated from the code.
";

/// Where profiles, quirks and overlays are explained.
const DEVIATIONS: &str = "\
[profiles.md](profiles.md) lists the products. [quirks.md](quirks.md) lists the quirks, as `provider.quirks.<name> = \
<parameter>`. [Overlays](#overlays) are plain changes to one message.
";

const EXPECTATIONS: &str = "
## `expect`

In a step, write `expect.<path> = value`, or a [matcher](#matchers) instead of the value. In a path, `*` is the name \
of a cookie, header, parameter, step or endpoint; after `nth` it is a number from 1.
";

/// The page; nothing in it depends on the scenarios that there are.
pub fn page() -> String {
    let tables = Tables::new();
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n## The head\n\n");
    keys(&mut page, "", &of_head(&tables));
    page.push_str("\n## `[server]`: the server's settings\n\n");
    settings(&mut page);
    page.push_str("\n## `[provider]`: the provider\n\n");
    keys(&mut page, "provider.", &keys_of_provider(&tables));
    let _ = write!(page, "\n{DEVIATIONS}\n### Overlays\n\n");
    overlays(&mut page, &tables);
    page.push_str("\n## `[users.<name>]`: end-users of the provider\n\n");
    let of_end_users =
        OF_END_USERS.iter().map(|(name, text)| [code(&format!("users.<name>.{name}")), (*text).to_owned()]);
    let claims = [code("users.<name>.<claim>"), "Any claim, with any value.".to_owned()];
    rows(&mut page, ["key", "meaning"], of_end_users.chain([claims]));
    page.push_str("\n## `[[steps]]`\n\nA step has exactly one of the actions below. It can also have\n\n");
    keys(&mut page, "", &of_steps(&tables));
    for action in ACTIONS {
        let (text, own) = of_action(&tables, action);
        let _ = write!(page, "\n### `{action}`\n\n{text}\n");
        if !own.is_empty() {
            page.push('\n');
            keys(&mut page, &format!("{action}."), &own);
        }
    }
    page.push_str(EXPECTATIONS);
    for section in SECTIONS {
        let _ = write!(page, "\n### `expect.{}`\n\n{}\n\n", section.name, section.text);
        let paths = paths(section).into_iter().map(|(path, kind)| [code(&path), of_kind(kind)]);
        rows(&mut page, ["path", "value"], paths);
    }
    let _ = write!(page, "\n### `expect.{EITHER}`\n\n{ALTERNATIVES}\n");
    page.push_str("\n### Matchers\n\n");
    let matchers = expectation::matchers();
    rows(
        &mut page,
        ["written", "meaning"],
        matchers.iter().map(|one| [code(&format!("<path>.{}", one.name)), one.text.clone()]),
    );
    page.push_str("\n## Placeholders\n\n");
    rows(
        &mut page,
        ["written", "meaning"],
        expectation::placeholders().iter().map(|one| [code(&one.name), one.text.clone()]),
    );
    page.push_str("\n## Results\n\n");
    rows(&mut page, ["result", "meaning", "run is red"], result::entries().iter().map(result_row));
    page
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Writes a table. A bar in a cell would end the cell.
fn rows<const N: usize>(page: &mut String, headings: [&str; N], rows: impl Iterator<Item = [String; N]>) {
    let _ = writeln!(page, "| {} |\n|{}", headings.join(" | "), "---|".repeat(N));
    for cells in rows {
        let _ = writeln!(page, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
}

fn keys(page: &mut String, above: &str, keys: &[Key]) {
    let cells = keys.iter().map(|key| {
        let default = if key.default.is_empty() { String::new() } else { code(&key.default) };
        [code(&format!("{above}{}", key.name)), key.kind.clone(), default, meaning(key)]
    });
    rows(page, ["key", "takes", "default", "meaning"], cells);
}

/// What a key means, and what each word that it takes does.
fn meaning(key: &Key) -> String {
    let alone = key.words.iter().filter(|(_, text)| text.is_empty()).map(|(word, _)| code(word)).collect::<Vec<_>>();
    let alone = if alone.is_empty() { String::new() } else { format!(" One of {}.", alone.join(", ")) };
    let told = key.words.iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!(" `{word}`: {text}"));
    format!("{}{alone}{}", key.text, told.collect::<String>())
}

fn settings(page: &mut String) {
    let cells = SETTINGS.iter().map(|setting| {
        let path = format!("server.{}.{}", setting.section, setting.name);
        [code(&path), setting.kind.words().to_owned(), setting.text.to_owned(), presence(setting.core).to_owned()]
    });
    rows(page, ["key", "takes", "meaning", "presence"], cells);
}

fn overlays(page: &mut String, tables: &Tables) {
    let messages: Vec<String> = Overlay::messages().iter().map(|message| code(message)).collect();
    let _ = write!(page, "`<message>` is one of {}.\n\n", messages.join(", "));
    keys(page, "provider.overlay.<message>.", &tables.at("/$defs/Overlay/properties/discovery").1);
}

/// The paths into a section of the evidence, and what stands there: values
/// first, then what is in tables, last what may be anything.
fn paths(section: &Section) -> Vec<(String, ValueKind)> {
    let mut values = section.values();
    values.retain(|(_, kind)| *kind != ValueKind::Table);
    values.sort_by_key(|(path, kind)| (*kind == ValueKind::Any, path.contains('.')));
    let path = |below: &str| format!("expect.{}.{below}", section.name).trim_end_matches('.').to_owned();
    values.into_iter().map(|(below, kind)| (path(below), kind)).collect()
}

fn of_kind(kind: ValueKind) -> String {
    match kind {
        ValueKind::Word(_, words) => words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", "),
        ValueKind::Texts => "text, or a list of texts if it occurs several times".to_owned(),
        kind => kind.words().to_owned(),
    }
}

fn result_row(entry: &Explanation) -> [String; 3] {
    let red = entry.facts.iter().find(|fact| fact.heading == "run is red").map(|fact| fact.text.clone());
    [entry.name.clone(), entry.text.clone(), red.unwrap_or_default()]
}

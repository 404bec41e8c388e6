//! `docs/coverage.md`: every row of every list, and the scenarios that stand
//! for it.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{LISTS, List, Row};
use crate::scenario::{Catalogue, Level, Shape};
use crate::target::SETTINGS;

/// The scenarios that name each row of `list`. What a server only *may* do
/// stands for nothing.
pub fn shown<'a>(list: &List, catalogue: &'a Catalogue) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut shown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for scenario in &catalogue.scenarios {
        for case in &scenario.cases {
            let shape = &case.play.shape;
            for id in list.named_by(shape).iter().filter(|_| shape.level != Level::May) {
                let scenarios = shown.entry(id).or_default();
                if scenarios.last() != Some(&scenario.name.as_str()) {
                    scenarios.push(&scenario.name);
                }
            }
        }
    }
    shown
}

/// Rows that neither have a scenario nor say why, and those that have both.
pub fn uncovered(catalogue: &Catalogue) -> Vec<&'static str> {
    let all = LISTS.iter().flat_map(|list| {
        let shown = shown(list, catalogue);
        list.rows.iter().filter(move |row| shown.contains_key(row.id) == row.without.is_some())
    });
    all.map(|row| row.id).collect()
}

/// The whole page.
pub fn page(catalogue: &Catalogue) -> String {
    let mut page = String::from(
        "# Coverage\n\nWhat the catalogue is held against, row by row. This page is made from the code and the \
         scenario files. Scenarios of level `may` stand for nothing here.\n",
    );
    for list in LISTS {
        let shown = shown(list, catalogue);
        let with = list.rows.iter().filter(|row| shown.contains_key(row.id)).count();
        let _ = write!(
            page,
            "\n## {}\n\n{} {with} of {} rows have a scenario.\n\n| | | shown by |\n|---|---|---|\n",
            list.title,
            list.text,
            list.rows.len()
        );
        for row in list.rows {
            let _ =
                writeln!(page, "| {} | {} | {} |", row.id, row.text.replace('|', "\\|"), cell(row, shown.get(row.id)));
        }
    }
    settings(catalogue, &mut page);
    page
}

fn cell(row: &Row, scenarios: Option<&Vec<&str>>) -> String {
    match (scenarios, row.without) {
        (Some(scenarios), _) => links(scenarios),
        (None, Some(reason)) => format!("none: {reason}"),
        (None, None) => "**none**".to_owned(),
    }
}

fn links(scenarios: &[&str]) -> String {
    scenarios.iter().map(|name| format!("[{name}](../scenarios/{name}.toml)")).collect::<Vec<_>>().join(", ")
}

/// Settings that no scenario needs to show, and why.
const SETTINGS_WITHOUT: &[(&str, &str)] =
    &[("accountManagementUrl", "it came after 3.1, and what it does is not known well enough to ask for it")];

/// Every setting, and the scenarios that set or cite it.
fn settings(catalogue: &Catalogue, page: &mut String) {
    page.push_str("\n## Settings of Immich\n\n| setting | what it does | set or cited by |\n|---|---|---|\n");
    for setting in SETTINGS {
        let cited = format!("immich: {}.{}", setting.section, setting.name);
        let uses = |shape: &Shape| {
            let settings = if setting.section == "oauth" { &shape.server.oauth } else { &shape.server.password_login };
            settings.contains_key(setting.name) || shape.requirement.contains(&cited)
        };
        let using =
            catalogue.scenarios.iter().filter(|scenario| scenario.cases.iter().any(|case| uses(&case.play.shape)));
        let names: Vec<&str> = using.map(|scenario| scenario.name.as_str()).collect();
        let without = SETTINGS_WITHOUT.iter().find(|(name, _)| *name == setting.name);
        let shown = match (names.as_slice(), without) {
            ([], Some((_, reason))) => format!("none: {reason}"),
            ([], None) => "**none**".to_owned(),
            (names, _) => links(names),
        };
        let _ = writeln!(page, "| `{}.{}` | {} | {shown} |", setting.section, setting.name, setting.text);
    }
}

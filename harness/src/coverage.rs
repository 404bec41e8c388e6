//! `docs/coverage.md`: every row of every list, and the scenarios that stand
//! for it.

use std::fmt::Write;

use crate::checklist::{LISTS, List, Row};
use crate::immich::{SETTINGS, Setting};
use crate::level::Level;
use crate::scenario::{Catalogue, Shape};

/// A row of the page: of a list, or a setting.
struct Line<'a> {
    id: String,
    text: &'static str,
    /// The scenarios that stand for it.
    shown: Vec<&'a str>,
    /// Why there are none.
    without: Option<&'static str>,
}

impl Line<'_> {
    fn cell(&self) -> String {
        let links = self.shown.iter().map(|name| format!("[{name}](../scenarios/{name}.toml)"));
        match (self.shown.as_slice(), self.without) {
            ([], Some(reason)) => format!("none: {reason}"),
            ([], None) => "**none**".to_owned(),
            _ => links.collect::<Vec<_>>().join(", "),
        }
    }
}

/// The scenarios with a play that meets the condition.
fn such(catalogue: &Catalogue, is_such: impl Fn(&Shape) -> bool) -> Vec<&str> {
    let such = catalogue.scenarios.iter().filter(|one| one.cases().iter().any(|case| is_such(&case.play.shape)));
    such.map(|scenario| scenario.name.as_str()).collect()
}

/// The rows of `list`. What a server only *may* do stands for nothing.
fn of_list<'a>(list: &List, catalogue: &'a Catalogue) -> Vec<Line<'a>> {
    let line = |row: &Row| {
        let names = |shape: &Shape| shape.level != Level::May && shape.stands_for(list).iter().any(|id| id == row.id);
        Line { id: row.id.to_owned(), text: row.text, shown: such(catalogue, names), without: row.without }
    };
    list.rows.iter().map(line).collect()
}

/// Every setting; scenarios set or cite it.
fn of_settings(catalogue: &Catalogue) -> Vec<Line<'_>> {
    let line = |setting: &Setting| {
        let name = format!("{}.{}", setting.section, setting.name);
        let cited = format!("immich: {name}");
        let uses = |shape: &Shape| {
            shape.server.get(setting.section, setting.name).is_some() || shape.requirement.contains(&cited)
        };
        let shown = such(catalogue, uses);
        Line { id: format!("`{name}`"), text: setting.text, shown, without: None }
    };
    SETTINGS.iter().map(line).collect()
}

/// Rows that neither have a scenario nor say why, and those that have both.
pub fn uncovered(catalogue: &Catalogue) -> Vec<String> {
    let lines = LISTS.iter().flat_map(|list| of_list(list, catalogue)).chain(of_settings(catalogue));
    lines.filter(|line| line.shown.is_empty() != line.without.is_some()).map(|line| line.id).collect()
}

/// The whole page.
pub fn page(catalogue: &Catalogue) -> String {
    let mut page = String::from(
        "# Coverage\n\nThis page lists known failures and tests, and the scenarios that cover each of them. Scenarios \
         of level `may` do not count. This page is generated from the code and the scenario files.\n",
    );
    for list in LISTS {
        let lines = of_list(list, catalogue);
        let with = lines.iter().filter(|line| !line.shown.is_empty()).count();
        let total = lines.len();
        let _ = write!(page, "\n## {}\n\n{} {with} of {total} rows have a scenario.\n", list.title, list.text);
        table(["", "", "shown by"], &lines, &mut page);
    }
    page.push_str("\n## Settings of Immich\n");
    table(["setting", "meaning", "set or cited by"], &of_settings(catalogue), &mut page);
    page
}

fn table(head: [&str; 3], lines: &[Line<'_>], page: &mut String) {
    let head = head.map(|name| if name.is_empty() { " ".to_owned() } else { format!(" {name} ") }).join("|");
    let _ = writeln!(page, "\n|{head}|\n|---|---|---|");
    for line in lines {
        let _ = writeln!(page, "| {} | {} | {} |", line.id, line.text.replace('|', "\\|"), line.cell());
    }
}

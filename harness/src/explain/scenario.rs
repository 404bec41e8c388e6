//! Scenarios: what each shows, its story, and the file itself.

use super::story::story;
use super::{Entry, Kind};
use crate::scenario::{Catalogue, Scenario};

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Entry> {
    catalogue.scenarios.iter().filter_map(entry).collect()
}

fn entry(scenario: &Scenario) -> Option<Entry> {
    let shape = scenario.shape()?;
    let text = match &shape.why {
        Some(why) => format!("{}. {why}", shape.title),
        None => format!("{}.", shape.title),
    };
    let told = scenario.cases.first().map(story).unwrap_or_default();
    let cases = scenario.cases.iter().filter_map(|case| case.name.clone());
    let entry = Entry::new(Kind::Scenario, &scenario.name, text)
        .fact("story", told.join("\n"))
        .fact("level", shape.level.name())
        .fact("requirement", shape.requirement.join("\n"))
        .fact("field", shape.field.join(", "))
        .fact("cases", cases.collect::<Vec<_>>().join("\n"))
        .fact("run", run(scenario, None))
        .fact("by hand", format!("oidc-harness explore {}", address(scenario)))
        .fact("file", scenario.source.text.trim_end().to_owned());
    Some(entry)
}

/// Built-in scenarios go by name, others by path.
fn address(scenario: &Scenario) -> String {
    if Catalogue::is_built_in(&scenario.name, &scenario.source.text) {
        return scenario.name.clone();
    }
    scenario.source.path.display().to_string()
}

/// The command that plays it.
fn run(scenario: &Scenario, case: Option<&str>) -> String {
    let address = address(scenario);
    match (address == scenario.name, case) {
        (true, None) => format!("oidc-harness run --filter {address}"),
        (true, Some(case)) => format!("oidc-harness run --filter {address}::{case}"),
        (false, None) => format!("oidc-harness run {address}"),
        (false, Some(case)) => format!("oidc-harness run {address} --filter ::{case}"),
    }
}

/// The story of one case, where a file has several.
pub(super) fn case(catalogue: &Catalogue, name: &str) -> Option<Entry> {
    let (scenario, case) = name.split_once("::")?;
    let scenario = catalogue.scenarios.iter().find(|known| known.name == scenario)?;
    let case = scenario.cases.iter().find(|known| known.name.as_deref() == Some(case))?;
    let entry = Entry::new(Kind::Scenario, name, format!("{}.", case.play.shape.title))
        .fact("story", story(case).join("\n"))
        .fact("level", case.play.shape.level.name())
        .fact("run", run(scenario, case.name.as_deref()))
        .fact("by hand", format!("oidc-harness explore {name}"));
    Some(entry)
}

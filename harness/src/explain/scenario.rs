//! Scenarios: what each shows, and the file itself.

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
    let cases = scenario.cases.iter().filter_map(|case| case.name.clone());
    let entry = Entry::new(Kind::Scenario, &scenario.name, text)
        .fact("level", shape.level.name())
        .fact("requirement", shape.requirement.join("\n"))
        .fact("field", shape.field.join(", "))
        .fact("cases", cases.collect::<Vec<_>>().join("\n"))
        .fact("run", format!("oidc-harness run --filter {}", scenario.name))
        .fact("file", scenario.source.text.trim_end().to_owned());
    Some(entry)
}

//! The clauses that scenarios cite, with the scenarios that cite them.

use std::collections::BTreeMap;

use super::{Entry, Kind};
use crate::scenario::Catalogue;

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Entry> {
    let mut cited: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for scenario in &catalogue.scenarios {
        for requirement in scenario.shape().into_iter().flat_map(|shape| &shape.requirement) {
            cited.entry(requirement).or_default().push(&scenario.name);
        }
    }
    cited
        .into_iter()
        .map(|(requirement, scenarios)| {
            let text = match requirement.strip_prefix("immich: ") {
                Some(subject) => format!("What Immich does with {subject}, and what servers that follow it must do."),
                None => format!("A clause of {}.", requirement.split(" §").next().unwrap_or_default()),
            };
            Entry::new(Kind::Requirement, requirement, text).fact("scenarios", scenarios.join("\n"))
        })
        .collect()
}

//! The clauses that scenarios cite, with the scenarios that cite them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Category, Explanation};
use crate::checklist::{LISTS, List};
use crate::scenario::citation::{SPECIFICATIONS, address, page};
use crate::scenario::{Catalogue, Scenario};

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Explanation> {
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
                Some(subject) => format!("What Immich does with {subject}, and what compatible servers must do, too."),
                None => format!("A clause of {}.", requirement.split(" §").next().unwrap_or_default()),
            };
            Explanation::new(Category::Requirement, requirement, text)
                .fact("read", address(requirement).unwrap_or_default())
                .fact("scenarios", scenarios.join("\n"))
        })
        .collect()
}

/// The specifications that the clauses are of.
pub(super) fn specifications(catalogue: &Catalogue) -> Vec<Explanation> {
    let shapes = catalogue.scenarios.iter().filter_map(Scenario::shape);
    let cited: BTreeSet<&str> = shapes.flat_map(|shape| shape.requirement.iter().map(String::as_str)).collect();
    let entry = |name: &&str| {
        let clauses =
            cited.iter().filter(|clause| clause.strip_prefix(name).is_some_and(|rest| rest.starts_with(" §")));
        let clauses: Vec<&str> = clauses.copied().collect();
        Explanation::new(Category::Requirement, *name, "A specification. Scenarios cite its clauses.")
            .fact("read", page(name).unwrap_or_default())
            .fact("clauses", clauses.join("\n"))
    };
    SPECIFICATIONS.iter().map(entry).collect()
}

/// The rows of the lists that scenarios stand for.
pub(super) fn rows(catalogue: &Catalogue) -> Vec<Explanation> {
    let named = |list: &List, id: &str| {
        let stands = |scenario: &&Scenario| {
            scenario.shape().is_some_and(|shape| shape.stands_for(list).iter().any(|named| named == id))
        };
        let names = catalogue.scenarios.iter().filter(stands).map(|scenario| scenario.name.clone());
        names.collect::<Vec<_>>().join("\n")
    };
    let entries = LISTS.iter().flat_map(|list| list.rows.iter().map(move |row| (list, row)));
    entries
        .map(|(list, row)| {
            Explanation::new(Category::Row, row.id, row.text)
                .fact("list", list.title)
                .fact("scenarios", named(list, row.id))
        })
        .collect()
}

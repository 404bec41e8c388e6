//! Which scenarios use which quirk. What a quirk does is for the provider.

use std::collections::{BTreeMap, BTreeSet};

use mock_idp::QUIRKS;

use super::catalogue::Catalogue;
use super::file_keys::Shape;

/// The scenarios that use each quirk.
pub fn quirk_uses(catalogue: &Catalogue) -> BTreeMap<&'static str, Vec<String>> {
    let mut uses: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for scenario in &catalogue.scenarios {
        let named: BTreeSet<&String> = scenario.cases().iter().flat_map(|case| quirks_of(&case.play.shape)).collect();
        for quirk in QUIRKS.iter().filter(|quirk| named.iter().any(|name| *name == quirk.name)) {
            uses.entry(quirk.name).or_default().push(scenario.name.clone());
        }
    }
    uses
}

/// The quirks that a scenario names itself, wherever.
fn quirks_of(shape: &Shape) -> impl Iterator<Item = &String> {
    let of_steps = shape.steps.iter().flat_map(|step| {
        let changed = step.provider_change().and_then(|change| change.quirks);
        step.quirks.written().keys().chain(changed.into_iter().flat_map(|quirks| quirks.written().keys()))
    });
    shape.provider.quirks.written().keys().chain(of_steps)
}

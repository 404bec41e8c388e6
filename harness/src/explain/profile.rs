//! The products that the provider can imitate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mock_idp::{Fact, PROFILES, Profile, profile};

use super::{Category, Explanation};
use crate::scenario::Catalogue;

/// All profiles. Those in the binary are sound; a test reads them.
pub fn profiles() -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter().filter_map(|name| profile(name).ok())
}

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Explanation> {
    let uses = uses(catalogue);
    // A line breaks at the blanks of a list.
    let value = |fact: &Fact| fact.value.to_string().replace("\",\"", "\", \"");
    let fact = |(key, fact): (&String, &Fact)| format!("{key} = {} ({})", value(fact), source(fact));
    let named = |(name, text): (&String, &String)| format!("{name}: {text}");
    profiles()
        .map(|profile| {
            let text = format!(
                "With this profile, the provider looks like {} ({}) to a relying party.",
                profile.product, profile.version
            );
            Explanation::new(Category::Profile, profile.name.clone(), text)
                .fact("facts", profile.facts.iter().map(fact).collect::<Vec<_>>().join("\n"))
                .fact("unlike it", profile.unlike.iter().map(|one| one.what.clone()).collect::<Vec<_>>().join("\n"))
                .fact("sources", profile.sources.iter().map(named).collect::<Vec<_>>().join("\n"))
                .fact("scenarios", uses.get(&profile.name).cloned().unwrap_or_default().join("\n"))
                .command("by hand", format!("oidc-harness idp --profile {}", profile.name))
        })
        .collect()
}

fn source(fact: &Fact) -> &str {
    if fact.is_confirmed() { &fact.source } else { "not confirmed" }
}

/// The scenarios that use each profile.
fn uses(catalogue: &Catalogue) -> BTreeMap<String, Vec<String>> {
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for scenario in &catalogue.scenarios {
        let names = scenario.cases().iter().filter_map(|case| case.play.shape.provider.profile.clone());
        for name in names.collect::<BTreeSet<_>>() {
            uses.entry(name).or_default().push(scenario.name.clone());
        }
    }
    uses
}

/// `docs/profiles.md`: all of them, value by value.
pub fn page(catalogue: &Catalogue) -> String {
    let uses = uses(catalogue);
    let mut page = format!(
        "# Profiles\n\nThe {} products that the provider can imitate: with `[provider] profile = \"authentik\"` in a \
         scenario, or `oidc-harness idp --profile authentik` by hand. A profile has provider settings, quirks and \
         overlays, each value with its source; a scenario's own settings override it. `{{name}}` is the realm, tenant \
         or slug, `{{client_id}}` the client. No scenario relies on an unconfirmed value. This page is generated from \
         `mock-idp/src/profile/*.toml`; correct a wrong value there.\n\n\
         | profile | product | facts are about | confirmed | scenarios |\n|---|---|---|---|---|\n",
        PROFILES.len()
    );
    for profile in profiles() {
        let confirmed = profile.facts.values().filter(|fact| fact.is_confirmed()).count();
        let links = uses.get(&profile.name).into_iter().flatten();
        let links: Vec<String> = links.map(|name| format!("[{name}](../scenarios/{name}.toml)")).collect();
        let _ = writeln!(
            page,
            "| [{0}](#{0}) | {1} | {2} | {3} of {4} | {5} |",
            profile.name,
            profile.product,
            profile.version,
            confirmed,
            profile.facts.len(),
            links.join(", ")
        );
    }
    for profile in profiles() {
        section(&mut page, profile);
    }
    page
}

fn section(page: &mut String, profile: &Profile) {
    let _ = write!(page, "\n## {}\n\n{}, {}.\n\n", profile.name, profile.product, profile.version);
    page.push_str("| key | value | source |\n|---|---|---|\n");
    for (key, fact) in &profile.facts {
        let value = fact.value.to_string().replace('|', "\\|");
        let _ = writeln!(page, "| `{key}` | `{value}` | {} |", source(fact));
    }
    page.push('\n');
    for (name, text) in &profile.sources {
        let _ = writeln!(page, "- *{name}*: {text}");
    }
    if !profile.unlike.is_empty() {
        page.push_str("\nNot imitated:\n\n");
    }
    for one in &profile.unlike {
        let _ = writeln!(page, "- {} ({})", one.what, one.source);
    }
}

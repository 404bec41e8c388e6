//! `docs/attacks.md`: every attack, its source, and the scenarios that show it.

use std::fmt::Write;

use super::{ATTACKS, Shown};
use crate::scenario::Catalogue;

/// Returns the page in Markdown.
pub fn page() -> String {
    let count = ATTACKS.iter().filter(|attack| matches!(attack.shown, Shown::By(_))).count();
    let mut page = format!(
        "# Attacks\n\nThis page lists known attacks on servers that sign users in through OpenID Connect, and the \
         scenarios that show whether a server withstands them. {count} of {} attacks have a scenario. No row says \
         which product is vulnerable. This page is generated from the code.\n\n| attack | source | shown by \
         |\n|---|---|---|\n",
        ATTACKS.len()
    );
    for attack in ATTACKS {
        let (name, address) = attack.source.citation();
        let shown = match attack.shown {
            Shown::By(names) => {
                let links = names.iter().map(|name| format!("[{name}](../scenarios/{name}.toml)"));
                links.collect::<Vec<_>>().join(", ")
            }
            Shown::Not(reason) => format!("none: {reason}"),
        };
        let _ = writeln!(page, "| {} | [{name}]({address}) | {shown} |", attack.name);
    }
    page
}

/// Returns the scenarios that the list names but the catalogue lacks.
pub fn unknown_scenarios(catalogue: &Catalogue) -> Vec<&'static str> {
    let named = ATTACKS.iter().filter_map(|attack| match attack.shown {
        Shown::By(names) => Some(names),
        Shown::Not(_) => None,
    });
    let is_known = |name: &&&str| catalogue.scenarios.iter().any(|scenario| scenario.name == **name);
    named.flatten().filter(|name| !is_known(name)).copied().collect()
}

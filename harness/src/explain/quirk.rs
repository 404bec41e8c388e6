//! The quirks of the provider and the defects of the reference server.

use std::fmt::Write;

use mock_idp::{Message, QUIRKS, Quirk};

use super::{Category, Explanation};
use crate::reference::DEFECTS;
use crate::scenario::{Catalogue, quirk_uses};

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Explanation> {
    let uses = quirk_uses(catalogue);
    let touches = |quirk: &Quirk| {
        let touched = quirk.touches.iter().map(|(message, member)| format!("{}: {member}", message.name()));
        touched.collect::<Vec<_>>().join("\n")
    };
    QUIRKS
        .iter()
        .map(|quirk| {
            Explanation::new(Category::Quirk, quirk.name, quirk.text)
                .fact("requirement", quirk.requirement)
                .fact("takes", quirk.parameter.expected())
                .fact("changes", touches(quirk))
                .fact("scenarios", uses.get(quirk.name).cloned().unwrap_or_default().join("\n"))
                .command("by hand", format!("oidc-harness idp --quirk {}", quirk.name))
        })
        .collect()
}

pub(super) fn defects() -> Vec<Explanation> {
    let by_hand = |name: &str| format!("oidc-harness reference --defect {name}\noidc-harness run --defect {name}");
    DEFECTS
        .iter()
        .map(|defect| {
            Explanation::new(Category::Defect, defect.name, defect.text).command("by hand", by_hand(defect.name))
        })
        .collect()
}

/// `docs/quirks.md`: all of them, by the message that they change first.
pub fn page(catalogue: &Catalogue) -> String {
    let uses = quirk_uses(catalogue);
    let mut page = format!(
        "# Quirks\n\nThe {} quirks of the provider, by the first message that they change. A quirk changes only what its \
         text says. Two quirks that change the same member cannot be combined. `oidc-harness explain NAME` shows more, \
         `oidc-harness list quirks --json` prints JSON. This page is generated from the code.\n",
        QUIRKS.len()
    );
    for message in Message::ALL {
        let family: Vec<_> = QUIRKS.iter().filter(|quirk| first(quirk) == Some(*message)).collect();
        if family.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {}\n\n| quirk | what the provider does | requirement | takes | scenarios |\n|---|---|---|---|---|\n",
            message.title()
        );
        for quirk in family {
            let links =
                uses.get(quirk.name).into_iter().flatten().map(|name| format!("[{name}](../scenarios/{name}.toml)"));
            let cells = [
                format!("`{}`", quirk.name),
                quirk.text.to_owned(),
                quirk.requirement.to_owned(),
                quirk.parameter.expected(),
                links.collect::<Vec<_>>().join(", "),
            ];
            let _ = writeln!(page, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
        }
    }
    page
}

fn first(quirk: &Quirk) -> Option<Message> {
    quirk.touches.first().map(|(message, _)| *message)
}

//! Quirks and overlays, of the whole scenario or of a step: whether there are
//! such, and whether they go together.

use mock_idp::{Conflict, Deviations, Overlay, QuirkError};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::deviation_table::{Overlays, Quirks};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, path, read};

/// What is wrong with the tables at `below`, one by one and together.
pub(super) fn deviations(
    quirks: &Quirks,
    overlay: &Overlays,
    below: &[&str],
    node: &Node,
    problems: &mut Vec<Diagnostic>,
) {
    for error in quirks.errors_with(overlay) {
        let before = problems.len();
        if let QuirkError::Overlay { message, .. } = &error {
            overlay_form(message, below, node, problems);
        }
        if problems.len() == before {
            problems.push(deviation(&error, below, node));
        }
    }
}

/// Whether those of a step go with those that are in force when it comes.
pub(super) fn together(
    resting: &Deviations,
    own: &Deviations,
    below: &[&str],
    node: &Node,
    problems: &mut Vec<Diagnostic>,
) {
    let conflict = resting.with(own).err().map(QuirkError::Conflict);
    problems.extend(conflict.map(|error| deviation(&error, below, node)));
}

/// How a file writes the overlay of one message.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OverlayForm {
    set: Map<String, Value>,
    remove: Vec<String>,
    append: Map<String, Value>,
}

/// Reports what is wrong with the form of an overlay that the provider cannot
/// read.
fn overlay_form(message: &str, below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    if let Some(table) = node.at(&path(&[below, &["overlay", message]].concat())) {
        let _: Option<OverlayForm> = read(table, problems);
    }
}

fn is_off(node: &Node) -> bool {
    node.to_json() == false
}

fn deviation(error: &QuirkError, below: &[&str], node: &Node) -> Diagnostic {
    let place = |table: &str, key: Option<&str>| {
        let mut keys: Vec<&str> = below.to_vec();
        keys.push(table);
        keys.extend(key);
        node.place(&path(&keys))
    };
    let own_key = |table: &str, key: &str| node.key_place(&path(&[below, &[table]].concat()), key);
    let text = error.to_string();
    match error {
        QuirkError::Unknown(name) => Diagnostic::error(text, own_key("quirks", name))
            .suggest(name, Deviations::known())
            .note("`oidc-harness list quirks` lists all quirks"),
        QuirkError::Argument { quirk, .. } => {
            let help = if node.at(&path(&[below, &["quirks", quirk]].concat())).is_some_and(is_off) {
                "remove this line: quirks are off unless the file names them".to_owned()
            } else {
                format!("`oidc-harness explain {quirk}` describes its values")
            };
            Diagnostic::error(text, place("quirks", Some(quirk))).note(help)
        }
        QuirkError::UnknownMessage(name) => {
            let messages = Overlay::messages();
            let help = format!("allowed messages: {}", messages.join(", "));
            let names = messages.iter().map(String::as_str);
            Diagnostic::error(text, own_key("overlay", name)).suggest(name, names).note(help)
        }
        QuirkError::Overlay { message, .. } => Diagnostic::error(text, place("overlay", Some(message)))
            .note("write `set` and `append` as tables, and `remove` as a list of names: `remove = [\"aud\"]`"),
        QuirkError::Conflict(Conflict { first, second, .. }) => {
            // One of them may stand elsewhere: in the provider's table, or in
            // a profile.
            let named = |name: &str| {
                let (table, key) = name.split_once('.').unwrap_or(("quirks", name));
                let is_here = node.at(&path(&[below, &[table, key]].concat())).is_some();
                is_here.then(|| own_key(table, key))
            };
            let mut here = [first, second].into_iter().filter_map(|name| named(name));
            let problem = Diagnostic::error(text, here.next().unwrap_or_else(|| place("quirks", None)));
            let problem = here.next().into_iter().fold(problem, |problem, span| problem.also(span, ""));
            problem.note("remove one of the two, or write a case for each")
        }
    }
}

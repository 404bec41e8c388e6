//! Settings of the server: that Immich has them, and takes their values.

use crate::diagnostic::Diagnostic;
use crate::document::{Node, path};
use crate::immich::{SETTINGS, Scalar, WantedSettings, setting};

/// The settings in the table at `below`.
pub(super) fn settings(wanted: &WantedSettings, below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    for (section, keys) in wanted.sections() {
        for key in keys.keys().filter(|key| setting(section, key).is_none()) {
            let names = SETTINGS.iter().filter(|setting| setting.section == section).map(|setting| setting.name);
            let span = node.key_place(&path(&[below, &[section]].concat()), key);
            let help = format!("the settings of `{section}` are {}", names.clone().collect::<Vec<_>>().join(", "));
            let problem = Diagnostic::error(format!("unknown setting `{section}.{key}`"), span);
            problems.push(problem.suggest(key, names).note(help));
        }
    }
}

/// What a server would refuse to be set to.
pub(super) fn setting_values(wanted: &WantedSettings, below: &[&str], node: &Node, problems: &mut Vec<Diagnostic>) {
    for (section, keys) in wanted.sections() {
        for (key, value) in keys {
            let Some(kind) = setting(section, key).map(|setting| setting.kind).filter(|kind| !kind.admits(value))
            else {
                continue;
            };
            let quotes = if kind == Scalar::Text { "in quotes" } else { "without quotes" };
            let (is, help) = (kind.words(), format!("write {}, {quotes}", kind.words()));
            let span = node.place(&path(&[below, &[section, key]].concat()));
            problems.push(Diagnostic::error(format!("`{section}.{key}` must be {is}"), span).note(help));
        }
    }
}

//! The sections of the settings document that a run changes. Pure.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

/// Settings by section and key.
pub type Sections = BTreeMap<String, IndexMap<String, Value>>;

/// The section of sign-in with a provider.
pub(crate) const OAUTH: &str = "oauth";

/// The only sections that a run ever changes.
pub(crate) const CHANGED: &[&str] = &[OAUTH, "passwordLogin"];

/// Those sections of a settings document.
pub(crate) fn sections_of(document: &Value) -> Sections {
    let section = |name: &str| Some((name.to_owned(), document.get(name)?.as_object()?.clone().into_iter().collect()));
    CHANGED.iter().filter_map(|name| section(name)).collect()
}

/// What a scenario wants: the server's defaults, so that it means the same
/// everywhere, and `wanted` on top. Keys that the server does not know are
/// never sent to it.
pub(crate) fn desired(defaults: &Value, wanted: &Sections) -> Sections {
    let mut sections = sections_of(defaults);
    for (name, section) in &mut sections {
        for (key, value) in wanted.get(name).into_iter().flatten() {
            if let Some(slot) = section.get_mut(key) {
                slot.clone_from(value);
            }
        }
    }
    sections
}

/// Puts sections into a freshly read document, which is otherwise untouched.
pub(crate) fn lay_over(document: &mut Value, sections: &Sections) {
    for (name, section) in sections {
        if let Some(slot) = document.get_mut(name) {
            *slot = Value::Object(section.clone().into_iter().collect());
        }
    }
}

/// The keys, as `section.key`, in which two differ.
pub(crate) fn differences(left: &Sections, right: &Sections) -> Vec<String> {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let mut different = Vec::new();
    for name in names {
        let (left, right) = (left.get(name), right.get(name));
        let keys: BTreeSet<&String> = left.into_iter().chain(right).flat_map(IndexMap::keys).collect();
        let value = |section: Option<&IndexMap<String, Value>>, key: &String| section.and_then(|s| s.get(key).cloned());
        let differing = keys.into_iter().filter(|key| value(left, key) != value(right, key));
        different.extend(differing.map(|key| format!("{name}.{key}")));
    }
    different
}

/// The keys, as `section.key`, that one of two has and the other lacks.
pub(crate) fn unshared(left: &Sections, right: &Sections) -> Vec<String> {
    let mut keys = lacking(left, right);
    keys.extend(lacking(right, left));
    keys
}

/// The keys, as `section.key`, of `sections` that a server which `has` others
/// lacks.
pub(crate) fn lacking(sections: &Sections, has: &Sections) -> Vec<String> {
    differences(sections, &keep_known(sections, has))
}

/// The values of `wanted` for the keys that a server `has`; where it has keys
/// that `wanted` lacks, they stay.
pub(crate) fn fitted(has: &Sections, wanted: &Sections) -> Sections {
    let mut sections = has.clone();
    for (name, section) in keep_known(wanted, has) {
        sections.entry(name).or_default().extend(section);
    }
    sections
}

/// Those of `sections` whose keys are `known`.
fn keep_known(sections: &Sections, known: &Sections) -> Sections {
    let mut kept = sections.clone();
    for (name, section) in &mut kept {
        section.retain(|key, _| known.get(name).is_some_and(|known| known.contains_key(key)));
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sections(document: &Value) -> Sections {
        sections_of(document)
    }

    #[test]
    fn defaults_underlie_what_is_wanted_and_unknown_keys_stay_out() {
        let defaults = json!({"oauth": {"enabled": false, "scope": "openid"}, "trash": {"days": 30}});
        let wanted = sections(&json!({"oauth": {"enabled": true, "prompt": "login"}}));
        let desired = desired(&defaults, &wanted);
        assert_eq!(desired, sections(&json!({"oauth": {"enabled": true, "scope": "openid"}})));
    }

    #[test]
    fn only_named_sections_change() {
        let mut document = json!({"oauth": {"enabled": false}, "trash": {"days": 7}});
        lay_over(&mut document, &sections(&json!({"oauth": {"enabled": true}, "passwordLogin": {"enabled": true}})));
        assert_eq!(document, json!({"oauth": {"enabled": true}, "trash": {"days": 7}}));
    }

    #[test]
    fn differences_are_named() {
        let left = sections(&json!({"oauth": {"a": 1, "b": 2}, "passwordLogin": {"enabled": true}}));
        let right = sections(&json!({"oauth": {"a": 1, "b": 3, "c": 4}}));
        assert_eq!(differences(&left, &right), ["oauth.b", "oauth.c", "passwordLogin.enabled"]);
        assert!(differences(&left, &left).is_empty());
    }

    #[test]
    fn added_and_removed_settings_differ_from_changed_ones() {
        let before = sections(&json!({"oauth": {"a": 1, "old": 2}}));
        let after = sections(&json!({"oauth": {"a": 3, "new": 4}}));
        assert_eq!(unshared(&before, &after), ["oauth.old", "oauth.new"]);
        assert_eq!(fitted(&after, &before), sections(&json!({"oauth": {"a": 1, "new": 4}})));
        assert!(unshared(&before, &before).is_empty());
    }
}

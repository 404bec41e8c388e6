//! The steps of scenarios, the keys of scenario files and of their steps, and
//! the levels, as the schema describes them; severities and tags.

use indexmap::IndexMap;

use super::table::{Key, Tables};
use super::{Category, Explanation};
use crate::scenario::{PUBLIC_TAGS, PublicTag};
use crate::severity::Severity;
use crate::step::ACTIONS;

/// What is said of end-users beside their claims.
pub(super) const OF_END_USERS: &[(&str, &str)] = &[
    ("omit", "A list in [users.NAME]: default claims that this end-user does not have."),
    ("null", "A list in [users.NAME]: claims of this end-user with the value `null`."),
];

pub(super) fn entries() -> Vec<Explanation> {
    let tables = Tables::new();
    let head = of_head(&tables).into_iter().map(|key| (key, "a scenario"));
    let of_steps = of_steps(&tables).into_iter().map(|key| (key, "a step"));
    let of_actions =
        ACTIONS.iter().flat_map(|action| of_action(&tables, action).1.into_iter().map(move |key| (key, *action)));
    // A key with the same meaning in several steps has one entry.
    let mut places: IndexMap<(String, String), (Key, Vec<&str>)> = IndexMap::new();
    for (key, place) in head.chain(of_steps).chain(of_actions) {
        let told = (key.name.clone(), key.text.clone());
        places.entry(told).or_insert_with(|| (key, Vec::new())).1.push(place);
    }
    let entry = |(key, places): (Key, Vec<&str>)| {
        Explanation::new(Category::Key, &key.name, &key.text)
            .fact("of", places.join(", "))
            .fact("takes", key.takes())
            .fact("default", key.default)
    };
    let of_end_users =
        OF_END_USERS.iter().map(|(name, text)| Explanation::new(Category::Key, *name, *text).fact("of", "an end-user"));
    places.into_values().map(entry).chain(of_end_users).collect()
}

/// The keys of a whole file.
pub(super) fn of_head(tables: &Tables) -> Vec<Key> {
    tables.at("").1
}

/// The keys that every step can have beside its action.
pub(super) fn of_steps(tables: &Tables) -> Vec<Key> {
    let keys = tables.at("/properties/steps/items").1.into_iter();
    keys.filter(|key| !ACTIONS.contains(&key.name.split('.').next().unwrap_or_default())).collect()
}

/// What an action does, and the keys that it has.
pub(super) fn of_action(tables: &Tables, action: &str) -> (String, Vec<Key>) {
    tables.at(&format!("/$defs/Step/properties/{action}"))
}

pub(super) fn steps() -> Vec<Explanation> {
    let tables = Tables::new();
    let entry = |name: &&str| {
        let (text, keys) = of_action(&tables, name);
        let keys = keys.iter().map(|key| format!("{}: {}", key.name, key.text));
        Explanation::new(Category::Step, *name, text).fact("keys", keys.collect::<Vec<_>>().join("\n"))
    };
    ACTIONS.iter().map(entry).collect()
}

pub(super) fn severities() -> Vec<Explanation> {
    Severity::ALL
        .iter()
        .map(|(severity, text)| {
            Explanation::new(Category::Severity, severity.name(), format!("How bad a problem is. {text}"))
        })
        .collect()
}

pub(super) fn tags() -> Vec<Explanation> {
    let entry = |tag: &PublicTag| {
        Explanation::new(Category::Tag, tag.name, tag.text)
            .command("play them", format!("oidc-harness run --tag {}", tag.name))
    };
    PUBLIC_TAGS.iter().map(entry).collect()
}

pub(super) fn levels() -> Vec<Explanation> {
    let words = Tables::new().words("Level").into_iter();
    words
        .map(|(word, text)| {
            Explanation::new(Category::Level, word, format!("The cited requirement's own word. {text}"))
        })
        .collect()
}

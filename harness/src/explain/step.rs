//! The steps of scenarios, as their schema describes them.

use super::key::of_action;
use super::table::Tables;
use super::{Explanation, Topic};
use crate::step::Action;

pub(super) fn entries() -> Vec<Explanation> {
    let tables = Tables::new();
    let entry = |name: &&str| {
        let (text, keys) = of_action(&tables, name);
        let keys = keys.iter().map(|key| format!("{}: {}", key.name, key.text));
        Explanation::new(Topic::Step, *name, text).fact("keys", keys.collect::<Vec<_>>().join("\n"))
    };
    Action::NAMES.iter().map(entry).collect()
}

//! The settings of the server, and those of the provider.

use super::table::{Key, Tables};
use super::{Category, Explanation};
use crate::immich::SETTINGS;

/// What a scenario may count on.
pub(super) const fn presence(core: bool) -> &'static str {
    if core {
        "every Immich-compatible server"
    } else {
        "some servers; on others, the harness skips scenarios that need it"
    }
}

pub(super) fn entries() -> Vec<Explanation> {
    SETTINGS
        .iter()
        .map(|setting| {
            Explanation::new(Category::Setting, format!("{}.{}", setting.section, setting.name), setting.text)
                .fact("presence", presence(setting.core))
                .fact("takes", setting.kind.words())
                .fact("example", format!("[server.{}]\n{} = {}", setting.section, setting.name, setting.kind.example()))
        })
        .collect()
}

/// What may stand in `[provider]`, as the schema describes it.
pub(super) fn of_provider() -> Vec<Explanation> {
    let entry = |key: Key| {
        Explanation::new(Category::ProviderSetting, &key.name, &key.text)
            .fact("takes", key.takes())
            .fact("default", key.default)
            .fact("example", format!("[provider]\n{} = …", key.name))
    };
    keys_of_provider(&Tables::new()).into_iter().map(entry).collect()
}

/// The keys of `[provider]`.
pub(super) fn keys_of_provider(tables: &Tables) -> Vec<Key> {
    tables.at("/properties/provider").1
}

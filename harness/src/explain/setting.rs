//! The settings of the server.

use super::{Entry, Kind};
use crate::target::SETTINGS;

pub(super) fn entries() -> Vec<Entry> {
    let presence = |core| {
        if core {
            "every Immich-compatible server has it"
        } else {
            "scenarios that need it are skipped where a server lacks it"
        }
    };
    SETTINGS
        .iter()
        .map(|setting| {
            Entry::new(Kind::Setting, format!("{}.{}", setting.section, setting.name), setting.text)
                .fact("presence", presence(setting.core))
                .fact("scenarios", format!("[server.{}]\n{} = …", setting.section, setting.name))
        })
        .collect()
}

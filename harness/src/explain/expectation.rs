//! What scenarios can expect to see.

use super::{Entry, Kind};
use crate::expect::{OUTCOMES, SECTIONS};

pub(super) fn entries() -> Vec<Entry> {
    SECTIONS
        .iter()
        .map(|section| {
            let members = match section.name {
                "outcome" => OUTCOMES.join(", "),
                _ => section.members.join(", ").replace('*', "any name"),
            };
            Entry::new(Kind::Expectation, section.name, section.text).fact("takes", members)
        })
        .collect()
}

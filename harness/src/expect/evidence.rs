//! The evidence after a step, by section.

use serde_json::Value;

use super::list::SECTIONS;
use super::seen::Seen;
use crate::immich::TargetError;

/// What is seen after a step: for each section the evidence, or why it is
/// unknown.
#[derive(Debug, Default)]
pub struct Evidence {
    /// What was seen, by section.
    pub seen: Value,
    unknown: Vec<(&'static str, TargetError)>,
}

impl Evidence {
    /// Returns the evidence of the sections that `wanted` names.
    pub fn of(seen: &Seen<'_>, wanted: &[&str]) -> Self {
        let mut evidence = Self::default();
        for section in SECTIONS.iter().filter(|section| wanted.contains(&section.name)) {
            match (section.evidence)(seen) {
                Ok(value) => evidence.seen[section.name] = value.unwrap_or_default(),
                Err(error) => evidence.unknown.push((section.name, error)),
            }
        }
        evidence
    }

    /// Why nothing is known of a section, if that is so.
    pub fn unknown(&self, section: &str) -> Option<&TargetError> {
        self.unknown.iter().find(|(name, _)| *name == section).map(|(_, error)| error)
    }
}

//! How one play calls its secrets. [`super::known_secrets`] knows the secrets of all.

use std::collections::HashMap;

use super::SecretKind;

/// So many secrets of one play are remembered of those that only their fields
/// tell. A server can send any number; further ones are labelled where they
/// stand.
pub(super) const MOST_LEARNED: usize = 500;

/// Such a secret is remembered up to this length, in bytes.
pub(super) const LONGEST_LEARNED: usize = 4096;

/// The labels of a play.
#[derive(Debug, Default)]
pub(super) struct Labels {
    by_value: HashMap<String, String>,
    /// The highest number of each kind.
    numbers: HashMap<SecretKind, usize>,
    /// How many of them the harness knows only from their fields.
    learned: usize,
}

impl Labels {
    /// Returns those of a play, which counts on from these.
    pub(super) fn following(&self) -> Self {
        Self { numbers: self.numbers.clone(), ..Self::default() }
    }

    /// Gives a secret a label.
    pub(super) fn give(&mut self, kind: SecretKind, value: &str) -> String {
        let number = self.numbers.entry(kind).or_default();
        *number += 1;
        let label = kind.label(*number);
        self.by_value.insert(value.to_owned(), label.clone());
        label
    }

    /// Whether there is room for a secret that only its field tells; then it is
    /// counted.
    pub(super) fn takes_one(&mut self) -> bool {
        let takes = self.learned < MOST_LEARNED;
        self.learned += usize::from(takes);
        takes
    }

    /// How many secrets have a label.
    pub(super) fn count(&self) -> usize {
        self.by_value.len()
    }

    /// The label of a secret.
    pub(super) fn of(&self, value: &str) -> Option<&str> {
        self.by_value.get(value).map(String::as_str)
    }

    /// All secrets, and their labels.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_value.iter().map(|(value, label)| (value.as_str(), label.as_str()))
    }
}

//! What to do about a cause, where nothing is known of the server. The checks say the
//! value to enter; what to change at one product is in [`super::product`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// By cause. The table in the binary is sound; a test reads it.
static REMEDIES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("remedies.toml")).unwrap_or_default());

/// Returns what to do about a cause; none if no check names it.
pub fn cause_remedy(cause: &str) -> Option<&'static str> {
    REMEDIES.get(cause).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::doctor::CHECKS;

    #[test]
    fn every_cause_has_a_remedy_and_no_other_word() {
        let causes: BTreeSet<&str> = CHECKS.iter().flat_map(|check| check.causes).map(|(cause, _)| *cause).collect();
        assert_eq!(REMEDIES.keys().map(String::as_str).collect::<BTreeSet<_>>(), causes);
        for remedy in REMEDIES.values() {
            let is_sentence = remedy.ends_with('.') || remedy.ends_with("https://id.example.org");
            assert!(is_sentence && remedy.starts_with(|letter: char| letter.is_uppercase()), "{remedy}");
        }
    }
}

//! The name that a person may have meant who wrote another.

use std::fmt;

/// The one of `candidates` that a person may have meant by `found`, if one is
/// near enough.
pub fn closest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter(|name| *name != found)
        .map(|name| (strsim::damerau_levenshtein(found, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}

/// Asks for a name that a person may have meant.
pub fn did_you_mean(name: impl fmt::Display) -> String {
    format!("did you mean `{name}`?")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("levle", Some("level"))]
    #[case("level", None)]
    #[case("zebra", None)]
    fn only_what_is_near_is_suggested(#[case] found: &str, #[case] meant: Option<&str>) {
        assert_eq!(closest(found, ["level", "title"]), meant);
    }
}

//! Tags of tests, for `--tag`, and those by which a maintainer says in one line
//! what a server passes.

use super::Shape;
use crate::level::Level;
use crate::severity::Severity;

/// A tag with a meaning of its own: all built-in tests that have it say something
/// about a server.
#[derive(Debug)]
pub struct PublicTag {
    /// The word for `--tag`.
    pub name: &'static str,
    /// Which tests have it, as a sentence.
    pub text: &'static str,
    /// Whether a test has it, by what it says, and by whether it has a control.
    has: fn(&Shape, bool) -> bool,
}

/// All of them.
pub static PUBLIC_TAGS: &[PublicTag] = &[
    PublicTag {
        name: "smoke",
        text: "One or two tests of most topics, for a first look.",
        has: |shape, _| shape.tags.iter().any(|own| own == "smoke"),
    },
    PublicTag {
        name: "compatible",
        text: "Tests of level `must` that check what Immich does: they cite an `immich:` clause.",
        has: |shape, _| is_must(shape) && shape.requirement.iter().any(|clause| clause.starts_with("immich:")),
    },
    PublicTag {
        name: "secure",
        text: "Tests of level `must` in which the server must refuse, or whose problem has the severity `high`.",
        has: |shape, has_control| is_must(shape) && (has_control || shape.severity == Severity::High),
    },
];

fn is_must(shape: &Shape) -> bool {
    shape.level == Level::Must
}

/// The public tags of a test.
pub(super) fn public_tags(shape: &Shape, has_control: bool) -> impl Iterator<Item = &'static str> {
    PUBLIC_TAGS.iter().filter(move |tag| (tag.has)(shape, has_control)).map(|tag| tag.name)
}

#[cfg(test)]
mod tests {
    use crate::scenario::Catalogue;

    #[test]
    fn public_tags_are_of_many_tests() {
        let catalogue = Catalogue::embedded();
        let count = |name| catalogue.totals.get(name).copied().unwrap_or_default();
        assert!((35..=55).contains(&count("smoke")), "{}", count("smoke"));
        assert!(count("compatible") > 300 && count("secure") > 300, "{:?}", catalogue.totals);
    }
}

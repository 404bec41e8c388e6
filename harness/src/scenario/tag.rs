//! Tags of tests, for `--tag`, and those by which a maintainer says in one line
//! what a server passes.

use super::Case;
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
    has: fn(&Case) -> bool,
}

/// All of them.
pub static PUBLIC_TAGS: &[PublicTag] = &[
    PublicTag {
        name: "smoke",
        text: "One or two tests of most topics, for a first look.",
        has: |case| is_written(case, "smoke"),
    },
    PublicTag {
        name: "compatible",
        text: "Tests of level `must` that check what Immich does: they cite an `immich:` clause.",
        has: |case| is_must(case) && case.play.shape.requirement.iter().any(|clause| clause.starts_with("immich:")),
    },
    PublicTag {
        name: "secure",
        text: "Tests of level `must` in which the server must refuse, or whose problem has the severity `high`.",
        has: |case| is_must(case) && (case.control.is_some() || case.play.shape.severity == Severity::High),
    },
];

fn is_written(case: &Case, tag: &str) -> bool {
    case.play.shape.tags.iter().any(|own| own == tag)
}

fn is_must(case: &Case) -> bool {
    case.play.shape.level == Level::Must
}

impl Case {
    /// Whether the file or a rule gives it this tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.public_tags().any(|public| public == tag) || is_written(self, tag)
    }

    /// The public tags that it has.
    pub fn public_tags(&self) -> impl Iterator<Item = &'static str> {
        PUBLIC_TAGS.iter().filter(|tag| (tag.has)(self)).map(|tag| tag.name)
    }
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

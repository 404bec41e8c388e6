//! One part of a catalogue, for runs that share its tests. [`super::Catalogue`] keeps the
//! tests of it.

use std::str::FromStr;

/// One of several parts of a catalogue, such as `1/4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if index >= 1 && index <= of => Ok(Self { index, of }),
            _ => Err("write a shard as NUMBER/TOTAL, such as 1/4".to_owned()),
        }
    }
}

impl Shard {
    /// Whether the test at this place in the catalogue is one of its tests.
    pub(super) const fn has(self, place: usize) -> bool {
        place % self.of == self.index - 1
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0/3")]
    #[case("4/3")]
    #[case("1")]
    #[case("a/b")]
    fn other_shards_are_refused(#[case] text: &str) {
        assert!(text.parse::<Shard>().is_err());
    }
}

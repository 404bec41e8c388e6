//! How like the words of a pasted text are to known ones.

use std::collections::BTreeMap;

/// The likeness of each pasted word to each known one.
#[derive(Debug)]
pub(super) struct Likenesses(BTreeMap<String, Vec<f64>>);

impl Likenesses {
    /// Compares each with each.
    pub fn new<'a>(known: impl Iterator<Item = &'a String>, pasted: &[String]) -> Self {
        let row = |word: &String| pasted.iter().map(|found| likeness(word, found)).collect::<Vec<_>>();
        let rows = known.map(|word| (word.clone(), row(word)));
        Self(rows.filter(|(_, row)| row.iter().any(|likeness| *likeness > 0.0)).collect())
    }

    /// A number from 0 to 1 for each pasted word; none if no word is like it.
    pub fn of(&self, known: &str) -> &[f64] {
        self.0.get(known).map_or(&[], Vec::as_slice)
    }
}

/// How much of a known word counts where `found` stands: all of it, most of it
/// after a slip or two of the finger, or nothing.
fn likeness(known: &str, found: &str) -> f64 {
    let (shorter, longer) = (known.len().min(found.len()), known.len().max(found.len()));
    let slips = match longer {
        _ if known == found => return 1.0,
        _ if shorter < 3 => return 0.0,
        0..4 => return 0.0,
        4..8 => 1,
        _ => 2,
    };
    // A slip leaves one end of a word as it was; comparing ends is quick.
    let has_an_end =
        known.as_bytes().first() == found.as_bytes().first() || known.as_bytes().last() == found.as_bytes().last();
    let is_like = longer - shorter <= slips && has_an_end && strsim::osa_distance(known, found) <= slips;
    if is_like { 0.8 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("audience", "audeince", true)]
    #[case("audience", "audit", false)]
    #[case("iss", "ids", false)]
    #[case("http", "ttp", true)]
    fn a_slip_is_forgiven_in_longer_words(#[case] known: &str, #[case] found: &str, #[case] expected: bool) {
        assert_eq!(likeness(known, found) > 0.0, expected);
    }
}

//! How much of a known text stands in a pasted one, in order and close together.

/// What it costs when a word that does not belong to it stands in between.
const STRANGE_WORD: f64 = 1.0;

/// A word of a known text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    /// What it weighs.
    pub weight: f64,
    /// How like each pasted word is to it; empty if none is.
    pub likenesses: &'a [f64],
}

/// The best place of a known text in a pasted one.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Alignment {
    /// The weight of the words that were found there.
    pub weight: f64,
    /// How many they are.
    pub words: usize,
}

/// Finds the best place in a text of `length` words, as Smith and Waterman do
/// for sequences. Words of the known text may be missing.
pub(super) fn align(known: &[Word<'_>], length: usize) -> Alignment {
    let mut best = Alignment::default();
    let mut above = vec![Alignment::default(); length + 1];
    for word in known.iter().filter(|word| !word.likenesses.is_empty()) {
        let mut row = vec![Alignment::default()];
        for (index, likeness) in word.likenesses.iter().enumerate() {
            let strange = Alignment { weight: row[index].weight - STRANGE_WORD, ..row[index] };
            let mut here = heavier(above[index + 1], strange);
            if *likeness > 0.0 {
                let weight = above[index].weight + word.weight * likeness;
                here = heavier(here, Alignment { weight, words: above[index].words + 1 });
            }
            best = heavier(best, here);
            row.push(heavier(Alignment::default(), here));
        }
        above = row;
    }
    best
}

fn heavier(one: Alignment, other: Alignment) -> Alignment {
    if other.weight > one.weight { other } else { one }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::spelling::Likenesses;
    use super::super::words::words;
    use super::*;

    #[rstest]
    #[case("OAuth state is missing", 4)]
    #[case("[Nest] ERROR OAuth state is missing [Api]", 4)]
    #[case("state is missing", 3)]
    #[case("missing is OAuth state", 2)]
    fn words_count_in_their_order(#[case] pasted: &str, #[case] expected: usize) {
        let (known, pasted) = (words("OAuth state is missing"), words(pasted));
        let likenesses = Likenesses::new(known.iter(), &pasted);
        let known: Vec<Word<'_>> =
            known.iter().map(|word| Word { weight: 2.0, likenesses: likenesses.of(word) }).collect();
        assert_eq!(align(&known, pasted.len()).words, expected);
    }
}

//! Makes nearly right messages, as fingers, terminals and memory do.

/// A source of slips that gives the same ones for the same seed everywhere.
pub(super) struct Slips(u64);

impl Slips {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, by Knuth's constants.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }

    /// The text with one or two slips, perhaps in a line of a log.
    pub(super) fn near_miss(&mut self, said: &str) -> String {
        match self.below(9) {
            0 => self.typo(said),
            1 => self.without_a_word(said),
            2 => self.piece(said),
            3 => {
                if self.below(2) == 0 {
                    said.to_uppercase()
                } else {
                    said.to_lowercase()
                }
            }
            4 => said.chars().filter(|letter| !"\"'`(),:.".contains(*letter)).collect(),
            5 => in_a_log(&self.typo(said)),
            6 => {
                let typo = self.typo(said);
                self.broken(&typo)
            }
            7 => {
                let typo = self.typo(said);
                self.typo(&typo)
            }
            _ => format!("docker logs says: \"{}\" what now?", self.without_a_word(said)),
        }
    }

    /// Swaps, loses, doubles or mistypes a letter of a longer word.
    fn typo(&mut self, said: &str) -> String {
        let letters: Vec<char> = said.chars().collect();
        let is_inner =
            |at: &usize| *at > 0 && letters[at - 1..].iter().take(4).filter(|c| c.is_alphabetic()).count() == 4;
        let places: Vec<usize> = (1..letters.len()).filter(is_inner).collect();
        if places.is_empty() {
            return said.to_owned();
        }
        let at = places[self.below(places.len())];
        let mut letters = letters;
        match self.below(4) {
            0 => letters.swap(at, at + 1),
            1 => _ = letters.remove(at),
            2 => letters.insert(at, letters[at]),
            _ => letters[at] = ['a', 'e', 'i', 'o', 'n', 's', 't'][self.below(7)],
        }
        letters.into_iter().collect()
    }

    fn without_a_word(&mut self, said: &str) -> String {
        let mut words: Vec<&str> = said.split(' ').collect();
        if words.len() < 5 {
            return self.typo(said);
        }
        words.remove(self.below(words.len()));
        words.join(" ")
    }

    /// Seven of ten words in a row.
    fn piece(&mut self, said: &str) -> String {
        let words: Vec<&str> = said.split(' ').collect();
        if words.len() < 5 {
            return said.to_lowercase();
        }
        let length = (words.len() * 7).div_ceil(10);
        let from = self.below(words.len() - length + 1);
        words[from..from + length].join(" ")
    }

    fn broken(&mut self, said: &str) -> String {
        let words: Vec<&str> = said.split(' ').collect();
        let (above, below) = words.split_at(self.below(words.len()));
        format!("{}\n{}", above.join(" "), below.join(" "))
    }
}

fn in_a_log(said: &str) -> String {
    format!(
        "\u{1b}[32m[Nest] 7  - \u{1b}[39m11/29/2026, 1:37:49 AM \u{1b}[31m  ERROR\u{1b}[39m \
         \u{1b}[33m[Api:OAuthRepository~y8uzmbli]\u{1b}[39m \u{1b}[31m{said}\u{1b}[39m\n    at e \
         (file:///usr/src/app/node_modules/openid-client/build/index.js:116:12)"
    )
}

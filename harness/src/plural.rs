//! How many there are of something, as a sentence says it. Words that stay as
//! they are, such as “passed”, need none of this.

use std::fmt::Display;

/// The noun for so many.
pub(crate) fn noun<'a, N: PartialEq + From<u8>>(count: &N, one: &'a str, many: &'a str) -> &'a str {
    if *count == N::from(1) { one } else { many }
}

/// A count with its noun: `1 test`, `2 tests`.
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str, many: &str) -> String {
    format!("{count} {}", noun(&count, one, many))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0 entries")]
    #[case(1, "1 entry")]
    #[case(2, "2 entries")]
    fn only_one_is_one(#[case] count: usize, #[case] text: &str) {
        assert_eq!(counted(count, "entry", "entries"), text);
    }
}

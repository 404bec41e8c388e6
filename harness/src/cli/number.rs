//! Numbers of at least one on the command line.

use std::fmt::Display;
use std::str::FromStr;

/// Reads a number; 0 is a mistake, not a word for something else.
pub(super) fn at_least_one<N: FromStr<Err: Display> + Default + PartialEq>(text: &str) -> Result<N, String> {
    let number = text.parse::<N>().map_err(|error| error.to_string())?;
    if number == N::default() { Err("must be 1 or more".to_owned()) } else { Ok(number) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1", Ok(1))]
    #[case("0", Err("must be 1 or more".to_owned()))]
    #[case("00", Err("must be 1 or more".to_owned()))]
    #[case("-1", Err("invalid digit found in string".to_owned()))]
    fn zero_is_a_mistake(#[case] text: &str, #[case] expected: Result<u32, String>) {
        assert_eq!(at_least_one(text), expected);
    }
}

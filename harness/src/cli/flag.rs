//! What flags of several commands share: the headings that group them in the
//! help, and the reader of numbers of at least one.

use std::fmt::Display;
use std::str::FromStr;

/// Flags that select tests, and how many play at a time.
pub(super) const TESTS: &str = "Tests";

/// Flags of the server under test.
pub(super) const SERVER: &str = "Server";

/// Flags of its provider.
pub(super) const PROVIDER: &str = "Provider";

/// Flags of the built-in server.
pub(super) const REFERENCE: &str = "Reference server";

/// Flags that decide when a run fails and how it is reported.
pub(super) const RESULT: &str = "Result";

/// Reads a number of at least one; 0 is an error.
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

//! Comparison of secrets: client secrets, the secret of the run, code
//! challenges, proofs of a browser.

use aws_lc_rs::constant_time::verify_slices_are_equal;

/// Whether `given` is the `right` secret. The time it takes says how long the
/// secrets are, but not where they differ.
pub(crate) fn is_same_secret(given: &str, right: &str) -> bool {
    verify_slices_are_equal(given.as_bytes(), right.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", "", true)]
    #[case("secret", "secret", true)]
    #[case("secret", "secreT", false)]
    #[case("secret", "secret!", false)]
    #[case("", "secret", false)]
    fn only_the_same_is_the_same(#[case] given: &str, #[case] right: &str, #[case] same: bool) {
        assert_eq!(is_same_secret(given, right), same);
    }
}

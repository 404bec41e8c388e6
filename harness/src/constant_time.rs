//! Comparing secrets: the time it takes does not show where they differ.

use aws_lc_rs::constant_time::verify_slices_are_equal;

/// Whether two secrets are the same. That they differ in length may show.
pub(crate) fn are_equal(one: impl AsRef<[u8]>, other: impl AsRef<[u8]>) -> bool {
    verify_slices_are_equal(one.as_ref(), other.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    #[rstest]
    #[case("", "", true)]
    #[case("abc", "abc", true)]
    #[case("abc", "abd", false)]
    #[case("abc", "ab", false)]
    #[case("", "a", false)]
    fn secrets_are_compared_as_a_whole(#[case] one: &str, #[case] other: &str, #[case] expected: bool) {
        assert_eq!(super::are_equal(one, other), expected);
    }
}

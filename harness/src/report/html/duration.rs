//! How long something took, for people.

/// Returns milliseconds as `0.04 s`, `0.3 s`, `12.3 s` or `2 min 5 s`.
pub(super) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..100 => format!("0.{:02} s", milliseconds.div_ceil(10)),
        100..60_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1000 % 60),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0.00 s")]
    #[case(1, "0.01 s")]
    #[case(99, "0.10 s")]
    #[case(345, "0.3 s")]
    #[case(12_345, "12.3 s")]
    #[case(125_999, "2 min 5 s")]
    fn a_duration_is_short(#[case] milliseconds: u64, #[case] text: &str) {
        assert_eq!(duration(milliseconds), text);
    }
}

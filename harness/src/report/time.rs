//! Points in time and durations, for people.

use jiff::Timestamp;
use serde_json::Value;

use super::shape::Report;

/// Claims whose value is a `NumericDate` (RFC 7519 §2; OpenID Connect Core §2).
const DATES: &[&str] = &["iat", "exp", "nbf", "auth_time", "updated_at"];

/// Returns a date of RFC 3339 as `29 November 2026, 13:48 UTC`; what is no date
/// stays as it stands.
fn date(text: &str) -> String {
    let read = text.parse::<Timestamp>();
    read.map_or_else(|_| text.to_owned(), |date| date.strftime("%-d %B %Y, %H:%M UTC").to_string())
}

impl Report {
    /// Returns when the run began, in words; where its parts are of different times,
    /// `29 November 2026, 13:48 UTC to 30 November 2026, 07:15 UTC`.
    pub(super) fn dates(&self) -> Option<String> {
        let first = date(self.date.as_ref()?);
        Some(self.last_date.as_ref().map_or(first.clone(), |last| format!("{first} to {}", date(last))))
    }
}

/// Returns the seconds since 1970 of such a claim as `29 November 2026, 13:48:12 UTC`;
/// none for other claims and values, and out of range.
pub(super) fn numeric_date(name: &str, value: &Value) -> Option<String> {
    let seconds = value.as_i64().filter(|_| DATES.contains(&name))?;
    let date = Timestamp::from_second(seconds).ok()?;
    Some(date.strftime("%-d %B %Y, %H:%M:%S UTC").to_string())
}

/// Returns milliseconds as `0.04 s`, `0.3 s`, `12.3 s` or `2 min 5 s`.
pub(super) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..100 => format!("0.{:02} s", milliseconds / 10),
        100..60_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1000 % 60),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_date_is_in_words() {
        assert_eq!(date("2026-11-09T03:48:12Z"), "9 November 2026, 03:48 UTC");
        assert_eq!(date("yesterday"), "yesterday");
        assert_eq!(numeric_date("exp", &json!(0)).as_deref(), Some("1 January 1970, 00:00:00 UTC"));
        for (name, value) in [("exp", json!(i64::MAX)), ("exp", json!("0")), ("sub", json!(0))] {
            assert_eq!(numeric_date(name, &value), None);
        }
    }

    #[rstest]
    #[case(0, "0.00 s")]
    #[case(99, "0.09 s")]
    #[case(345, "0.3 s")]
    #[case(12_345, "12.3 s")]
    #[case(125_999, "2 min 5 s")]
    fn a_duration_is_short(#[case] milliseconds: u64, #[case] text: &str) {
        assert_eq!(duration(milliseconds), text);
    }
}

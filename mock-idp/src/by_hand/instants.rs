//! Instants in words that a person reads.

use jiff::fmt::friendly::{Designator, Spacing, SpanPrinter};
use jiff::{RoundMode, Span, SpanRound, Timestamp, Unit};
use serde_json::{Map, Value};

/// An instant, in seconds since 1970, and how far it is from `now`.
pub(super) fn instant(seconds: i64, now: i64) -> Option<String> {
    let stamp = Timestamp::from_second(seconds).ok()?;
    let distance = seconds.saturating_sub(now);
    let far = match distance {
        0 => "at that moment".to_owned(),
        1.. => format!("{} later", span(distance)?),
        _ => format!("{} earlier", span(distance.saturating_neg())?),
    };
    Some(format!("{}, {far}", stamp.strftime("%Y-%m-%d %H:%M:%S UTC")))
}

/// The time of day of an instant.
pub(super) fn time_of_day(seconds: i64) -> String {
    Timestamp::from_second(seconds).map(|stamp| stamp.strftime("%H:%M:%S").to_string()).unwrap_or_default()
}

/// A length of time in its largest unit and the next smaller one.
fn span(seconds: i64) -> Option<String> {
    const WORDS: SpanPrinter =
        SpanPrinter::new().designator(Designator::Verbose).spacing(Spacing::BetweenUnitsAndDesignators);
    let smallest = match seconds {
        86_400.. => Unit::Hour,
        3600.. => Unit::Minute,
        _ => Unit::Second,
    };
    let units = SpanRound::new().largest(Unit::Day).smallest(smallest).mode(RoundMode::Trunc);
    let span = Span::new().try_seconds(seconds).ok()?.round(units.days_are_24_hours()).ok()?;
    Some(WORDS.span_to_string(&span))
}

/// Claims that are instants, in words, as seen from `now`.
pub(super) fn instants(claims: &Map<String, Value>, now: i64) -> Vec<(&str, String)> {
    let claims = claims.iter().filter(|(name, _)| is_instant(name));
    claims.filter_map(|(name, value)| Some((name.as_str(), instant(value.as_i64()?, now)?))).collect()
}

/// Claims whose number is an instant (OIDC Core §2, §5.1; RFC 7519 §4.1).
fn is_instant(claim: &str) -> bool {
    matches!(claim, "iat" | "exp" | "nbf" | "auth_time" | "updated_at")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(1_800_000_000, "2027-01-15 08:00:00 UTC, at that moment")]
    #[case(1_800_000_300, "2027-01-15 08:05:00 UTC, 5 minutes later")]
    #[case(1_799_999_999, "2027-01-15 07:59:59 UTC, 1 second earlier")]
    #[case(1_800_007_199, "2027-01-15 09:59:59 UTC, 1 hour 59 minutes later")]
    #[case(1_800_090_061, "2027-01-16 09:01:01 UTC, 1 day 1 hour later")]
    #[case(1_713_600_000, "2024-04-20 08:00:00 UTC, 1000 days earlier")]
    fn instants(#[case] seconds: i64, #[case] text: &str) {
        assert_eq!(instant(seconds, 1_800_000_000).as_deref(), Some(text));
    }

    #[test]
    fn only_some_claims_are_instants() {
        let claims = serde_json::json!({"exp": 1_800_000_060, "iat": "soon", "quota": 7});
        let Value::Object(claims) = claims else { unreachable!("it is an object") };
        let expected = ("exp", "2027-01-15 08:01:00 UTC, 1 minute later".to_owned());
        assert_eq!(super::instants(&claims, 1_800_000_000), [expected]);
    }

    #[test]
    fn what_is_no_instant_has_no_words() {
        assert_eq!(instant(i64::MAX, 0), None);
        assert_eq!(time_of_day(i64::MIN), "");
    }
}

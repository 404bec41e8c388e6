//! Expectations that no server can meet: each alone, or two of one step
//! together. Whether the value under a keyword is of the right kind is for
//! [`super::value`]. Pure.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::condition::Condition;
use super::expected::Expected;
use super::list::kind_of;
use super::outcome::OUTCOMES;
use super::value::ValueKind;
use crate::diagnostic::Diagnostic;

/// The whole numbers that a member can be; `*` in its path is any key.
struct Domain {
    path: &'static str,
    range: RangeInclusive<f64>,
    /// The numbers, in words.
    words: &'static str,
}

const fn count(path: &'static str) -> Domain {
    Domain { path, range: 0.0..=f64::MAX, words: "a whole number, 0 or more" }
}

static DOMAINS: &[Domain] = &[
    Domain { path: "response.status", range: 100.0..=599.0, words: "a whole number from 100 to 599" },
    count("accounts.created"),
    count("accounts.changed"),
    count("provider-saw.*.count"),
    count("provider-saw.*.refused"),
    count("other-provider-saw.*.count"),
    count("other-provider-saw.*.refused"),
];

/// What one expectation of a step means for another one.
struct Exclusion {
    /// Where the first looks; `*` is any key.
    path: &'static str,
    /// Where the second looks: `*` is the same key, `**` any rest of the path.
    other: &'static str,
    /// The values that the first may have.
    values: fn() -> Vec<Value>,
    /// Whether the second cannot hold where the first has this value.
    excludes: fn(&Value, &Expected) -> bool,
    /// Why, and what to do.
    help: &'static str,
}

static EXCLUSIONS: &[Exclusion] = &[
    Exclusion {
        path: "outcome",
        other: "response.status",
        values: || OUTCOMES.iter().map(|word| json!(word)).collect(),
        excludes: |outcome, status| !statuses_of(outcome).any(|number| status.admits_value(Some(&number.into()))),
        help: "the status of `signed-in`, `linked` and `done` is below 400, that of `refused` is 300 or more: change one \
               of the two",
    },
    Exclusion {
        path: "account.exists",
        other: "account.**",
        values: || vec![json!(true), json!(false)],
        excludes: |exists, other| *exists == json!(false) && other.path != ["account", "exists"],
        help: "where there is no account, nothing can be expected of it: remove one of the two",
    },
    no_request("provider-saw.*.count", "provider-saw.*.**"),
    no_request("other-provider-saw.*.count", "other-provider-saw.*.**"),
];

/// Of requests that do not come, nothing can be expected.
const fn no_request(path: &'static str, other: &'static str) -> Exclusion {
    Exclusion {
        path,
        other,
        values: || (0..10).map(Value::from).collect(),
        excludes: |count, other| *count == json!(0) && is_of_a_request(other),
        help: "where no request came, nothing can be expected of one: remove one of the two",
    }
}

/// The statuses that an answer with this outcome can have.
fn statuses_of(outcome: &Value) -> RangeInclusive<u64> {
    match outcome.as_str() {
        Some("signed-in" | "linked" | "done") => 200..=399,
        Some("refused") => 300..=599,
        _ => 100..=599,
    }
}

/// Whether an expectation is about one request, not about how many there were.
fn is_of_a_request(one: &Expected) -> bool {
    let below: Vec<&str> = one.path.iter().skip(2).map(String::as_str).collect();
    !matches!(below.as_slice(), ["count" | "refused" | "nth"] | ["nth", _])
}

/// Complains about what no server can meet in the expectations of a step.
pub(super) fn contradictions(all: &[Expected]) -> Vec<Diagnostic> {
    let (possible, impossible): (Vec<&Expected>, Vec<&Expected>) =
        all.iter().partition(|one| can_hold(one, domain_of(one)));
    let mut problems: Vec<Diagnostic> = impossible.into_iter().map(never).collect();
    for one in &possible {
        for other in possible.iter().filter(|other| are_together(one, other)) {
            problems.extend(EXCLUSIONS.iter().filter(|row| row.applies(one, other)).map(|row| {
                let text = format!("`{}` and `{}` cannot both hold", one.dotted(), other.dotted());
                Diagnostic::error(text, other.span.clone()).also(one.span.clone(), "the other one").note(row.help)
            }));
        }
    }
    problems
}

/// Whether both must hold: they stand in one alternative, or outside of all.
fn are_together(one: &Expected, other: &Expected) -> bool {
    one.alternative == other.alternative || one.alternative.is_none() || other.alternative.is_none()
}

impl Exclusion {
    /// Whether two expectations exclude each other by it.
    fn applies(&self, one: &Expected, other: &Expected) -> bool {
        let key = one.path.get(1).map(String::as_str).unwrap_or_default();
        if !fits(self.path, &one.path) || !fits(&self.other.replacen(".*.", &format!(".{key}."), 1), &other.path) {
            return false;
        }
        let mut admitted = (self.values)().into_iter().filter(|value| one.admits_value(Some(value))).peekable();
        admitted.peek().is_some() && admitted.all(|value| (self.excludes)(&value, other))
    }
}

/// Whether a path is one of a pattern, in which `*` is any key and `**` any rest.
fn fits(pattern: &str, path: &[String]) -> bool {
    let keys: Vec<&str> = pattern.split('.').collect();
    let (keys, is_open) = match keys.split_last() {
        Some((&"**", keys)) => (keys.to_vec(), true),
        _ => (keys, false),
    };
    (keys.len() == path.len() || is_open && keys.len() < path.len())
        && keys.iter().zip(path).all(|(key, own)| *key == "*" || key == own)
}

fn never(one: &Expected) -> Diagnostic {
    let help = match domain_of(one).filter(|_| can_hold(one, None)) {
        Some(domain) => format!("`{}` is {}: change what is expected of it", one.dotted(), domain.words),
        None => "no value meets all of its matchers: remove one of them".to_owned(),
    };
    let text = format!("`{}` can never be {}", one.dotted(), one.matcher.words());
    Diagnostic::error(text, one.span.clone()).note(help)
}

fn domain_of(one: &Expected) -> Option<&'static Domain> {
    DOMAINS.iter().find(|domain| fits(domain.path, &one.path))
}

/// Whether some value of its member meets an expectation, as far as it can be
/// known.
fn can_hold(one: &Expected, domain: Option<&Domain>) -> bool {
    if one.admits_value(None) {
        return true;
    }
    let kind = kind_of(&one.path);
    let can_be = |value: &Value| match (domain, kind) {
        (Some(Domain { range, .. }), _) => {
            value.as_f64().is_some_and(|number| number.fract() == 0.0 && range.contains(&number))
        }
        (None, Some(ValueKind::Number)) => value.is_number(),
        (None, Some(ValueKind::Switch)) => value.is_boolean(),
        (None, Some(ValueKind::Text | ValueKind::Word(..))) => value.is_string(),
        _ => true,
    };
    match candidates(one) {
        Some(values) => values.iter().any(|value| can_be(value) && one.admits_value(Some(value))),
        None => true,
    }
}

/// Returns the values to try: if no value here meets the expectation, no other value
/// does. Returns `None` if a placeholder or a pattern may stand for any value.
fn candidates(one: &Expected) -> Option<Vec<Value>> {
    let conditions = one.matcher.conditions();
    let mut operands: Vec<Value> = one.matcher.plain().cloned().into_iter().collect();
    let mut named = operands.clone();
    for condition in conditions {
        match condition {
            Condition::Is(value) => named.push(value.clone()),
            Condition::OneOf(values) => named.extend(values.iter().cloned()),
            Condition::AtLeast(bound) => operands.push(json!(bound.ceil())),
            Condition::AtMost(bound) => operands.push(json!(bound.floor())),
            Condition::Contains(part) => operands.push(part.clone()),
            _ => {}
        }
    }
    if named.iter().any(|value| value.to_string().contains('{')) {
        return None;
    }
    let is_pattern = |condition: &Condition| {
        matches!(condition, Condition::Matches(_) | Condition::StartsWith(_) | Condition::EndsWith(_))
            || matches!(condition, Condition::Contains(Value::String(_)))
    };
    let is_absent = conditions.iter().any(|condition| matches!(condition, Condition::Absent(true)));
    if named.is_empty() && !is_absent && conditions.iter().any(is_pattern) {
        return None;
    }
    // What comes several times is a list.
    let list = Value::Array(named.iter().chain(&operands).cloned().collect());
    if named.is_empty() {
        operands.extend([json!("a text"), json!(0), json!(1), json!(400), json!(true), json!(false)]);
        named = operands;
    }
    named.push(list);
    Some(named)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::document::Node;

    fn complaints(text: &str) -> Vec<String> {
        let node = Node::parse(&Source { path: "t.toml".into(), text: text.into() }).unwrap();
        let mut problems = Vec::new();
        let _ = Expected::collect(&node, &mut problems);
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[rstest]
    #[case("response.status = 99", "`response.status` can never be 99")]
    #[case(
        "response.status = { at-least = 500, at-most = 499 }",
        "`response.status` can never be at least 500 and at most 499"
    )]
    #[case("response.status.at-least = 600", "`response.status` can never be at least 600")]
    #[case("provider-saw.token.count = -1", "`provider-saw.token.count` can never be -1")]
    #[case("accounts.created.at-most = -1", "`accounts.created` can never be at most -1")]
    #[case("accounts.created = 1.5", "`accounts.created` can never be 1.5")]
    #[case("account.name = { absent = true, is = 'A' }", "`account.name` can never be absent and \"A\"")]
    #[case(
        "account.name = { absent = true, matches = 'A' }",
        "`account.name` can never be absent and text that matches /A/"
    )]
    #[case("account.name = { is = 'A', not = 'A' }", "`account.name` can never be \"A\" and any value except \"A\"")]
    #[case(
        "outcome = { one-of = ['refused'], not = 'refused' }",
        "`outcome` can never be \"refused\" and any value except \"refused\""
    )]
    #[case(
        "response.text = { is = 'abc', starts-with = 'b' }",
        "`response.text` can never be \"abc\" and text that starts with \"b\""
    )]
    #[case("account.name.contains = 5", "`account.name` can never be a value that contains 5")]
    #[case(
        "response.body.x = { at-least = 3, at-most = 2.5 }",
        "`response.body.x` can never be at least 3 and at most 2.5"
    )]
    #[case("outcome = 'refused'\nresponse.status = 200", "`outcome` and `response.status` cannot both hold")]
    #[case("outcome = 'signed-in'\nresponse.status.at-least = 400", "`outcome` and `response.status` cannot both hold")]
    #[case("account = { exists = false, name = 'A' }", "`account.exists` and `account.name` cannot both hold")]
    #[case("account = { exists = false, name.absent = true }", "`account.exists` and `account.name` cannot both hold")]
    #[case(
        "provider-saw.token = { count = 0, code = 'A' }",
        "`provider-saw.token.count` and `provider-saw.token.code` cannot both hold"
    )]
    #[case(
        "provider-saw.token = { count.at-most = 0, nth.1.code = 'A' }",
        "`provider-saw.token.count` and `provider-saw.token.nth.1.code` cannot both hold"
    )]
    #[case(
        "outcome = 'refused'\neither.a.response.status = 200\neither.b.response.status = 400",
        "`outcome` and `response.status` cannot both hold"
    )]
    fn what_can_never_hold_is_a_mistake(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(complaints(text), [expected]);
    }

    #[rstest]
    #[case("outcome = 'refused'\nresponse.status = 302")]
    #[case("outcome.one-of = ['refused', 'signed-in']\nresponse.status = 200")]
    #[case("outcome.not = 'signed-in'\nresponse.status = 200")]
    #[case("outcome = 'refused-by-provider'\nresponse.status = 200")]
    #[case("response.status = { at-least = 400, at-most = 400 }")]
    #[case("response.status.matches = '^4'")]
    #[case("response.body.x = { is = 'a', contains = 'b' }")]
    #[case("account.name = { is = '{run}', starts-with = 'b' }")]
    #[case("account.name = { absent = true, or-absent = true }")]
    #[case("account = { exists = true, name.absent = true }")]
    #[case("account.exists.not = 'x'\naccount.name = 'A'")]
    #[case("provider-saw = { token.count = 0, userinfo.method = 'GET' }")]
    #[case("provider-saw.token = { count = 0, refused = 0, nth.1.absent = true }")]
    #[case("provider-saw.token = { count.at-most = 1, code = 'A' }")]
    #[case(
        "either.a = { outcome = 'refused', accounts.created = 0 }\neither.b = { outcome = 'signed-in', response.status = 201 }"
    )]
    fn what_may_hold_is_none(#[case] text: &str) {
        let found = complaints(text);
        assert!(
            found.iter().all(|problem| !problem.contains("can never") && !problem.contains("cannot both")),
            "{found:?}"
        );
    }
}

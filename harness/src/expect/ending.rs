//! The end that the expectations of a step ask for. The section `outcome` has
//! the real end.

use std::ops::Range;

use serde_json::Value;

use super::{Expected, REFUSALS};

/// What says how a step ends.
pub const ENDINGS: &[&str] = &["outcome", "response.status", "response.message"];

/// Whether anything says how a step ends; otherwise it has to go well.
pub fn is_said(expected: &[Expected]) -> bool {
    expected.iter().any(|one| ENDINGS.contains(&one.dotted().as_str()))
}

/// What lets a step end in a refusal: its outcome, or where nothing is said of
/// that, a status that only errors have, or the words of one.
pub fn refusal(expected: &[Expected]) -> Option<&Expected> {
    let of = |path: &'static str| expected.iter().filter(move |one| one.dotted() == path);
    if of("outcome").next().is_some() {
        return of("outcome").find(|one| REFUSALS.iter().any(|word| one.admits(word)));
    }
    let admits = |one: &Expected, mut statuses: Range<u16>| statuses.any(|it| one.admits_value(Some(&it.into())));
    let is_error = |one: &&Expected| admits(one, 400..600) && !admits(one, 200..400);
    let is_word = |one: &&Expected| !one.admits_value(None) && !one.admits_value(Some(&Value::Null));
    of("response.status").find(is_error).or_else(|| of("response.message").find(is_word))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::document::Node;

    #[rstest]
    #[case("outcome = 'refused'", Some("outcome"))]
    #[case("outcome.one-of = ['signed-in', 'refused']", Some("outcome"))]
    #[case("outcome = 'signed-in'", None)]
    #[case("outcome = 'signed-in'\nresponse.status.at-most = 499", None)]
    #[case("response.status = 401", Some("response.status"))]
    #[case("response.status.one-of = [201, 400]", None)]
    #[case("response.status.at-least = 400", Some("response.status"))]
    #[case("response.status = 201", None)]
    #[case("response.message.contains = 'no'", Some("response.message"))]
    #[case("response.message.absent = true", None)]
    #[case("account.exists = false", None)]
    fn finds_what_lets_a_step_be_refused(#[case] text: &str, #[case] expected: Option<&str>) {
        let node = Node::parse(&Source { path: "s.toml".into(), text: text.into() }).unwrap();
        let all = Expected::collect(&node, &mut Vec::new());
        assert_eq!(refusal(&all).map(Expected::dotted).as_deref(), expected);
    }
}

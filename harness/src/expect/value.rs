//! The kind of each value in the evidence, as far as it is known before a play.
//! An expectation of another kind never holds, or always does.
//! [`super::expected`] checks whether a path exists.

use serde_json::Value;

use super::matcher::{KEYWORDS, Matcher};
use crate::diagnostic::Diagnostic;
use crate::document::{Content, Node, Table};
use crate::immich::Scalar;

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    Text,
    /// Text, or a list of it where it comes several times.
    Texts,
    /// A number.
    Number,
    /// True or false.
    Switch,
    /// One of some words; how one of them is called.
    Word(&'static str, &'static [&'static str]),
    /// A table, into which paths go on.
    Table,
    /// Any value.
    Any,
}

impl ValueKind {
    /// That of a single value of the server.
    pub(super) const fn of(kind: Scalar) -> Self {
        match kind {
            Scalar::Text => Self::Text,
            Scalar::Number => Self::Number,
            Scalar::Switch => Self::Switch,
        }
    }

    /// How people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text | Self::Texts => "text",
            Self::Number => "a number",
            Self::Switch => "true or false",
            Self::Word(..) => "a word",
            Self::Table => "a table",
            Self::Any => "any value",
        }
    }
}

/// Which words may stand where one of some stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Those that a scenario may expect.
    OfScenarios,
    /// All by which a report says what was found, such as `no answer came`.
    OfReports,
}

/// Paths below a section, in which `*` is any key, and what stands there; the
/// first that fits counts.
pub type Values = Vec<(&'static str, ValueKind)>;

/// The kind of what stands at `path`, if it is known.
pub fn kind_at(values: &Values, path: &[String]) -> Option<ValueKind> {
    let fits = |pattern: &str| {
        let keys: Vec<&str> = pattern.split('.').filter(|key| !key.is_empty()).collect();
        keys.len() == path.len() && keys.iter().zip(path).all(|(key, own)| *key == "*" || key == own)
    };
    let kind = values.iter().find(|(pattern, _)| fits(pattern)).map(|(_, kind)| *kind);
    kind.filter(|kind| *kind != ValueKind::Any)
}

/// The keys that could stand instead of the last one of `path`.
fn beside(values: &Values, path: &[String]) -> impl Iterator<Item = &'static str> {
    values.iter().filter_map(move |(pattern, _)| {
        let (parents, last) = pattern.rsplit_once('.').unwrap_or(("", pattern));
        let parents = parents.split('.').filter(|key| !key.is_empty());
        let above = path.split_last().map_or(&[][..], |(_, above)| above);
        let fits =
            parents.clone().count() == above.len() && parents.zip(above).all(|(key, own)| key == "*" || key == own);
        (fits && last != "*" && !last.is_empty()).then_some(last)
    })
}

/// What is wrong with an expectation's value: a key that is no matcher, or an
/// operand of a different kind than what is seen there. `path` goes on from the
/// section, whose name is `section`.
pub(super) fn complaints(
    section: &str,
    values: &Values,
    path: &[String],
    words: Words,
    node: &Node,
) -> Vec<Diagnostic> {
    let Some(kind) = kind_at(values, path).filter(|kind| *kind != ValueKind::Table) else { return Vec::new() };
    let dotted = std::iter::once(section).chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
    let near = |problem: Diagnostic| match path.last() {
        // Of what is read from a request, any name may be meant.
        Some(last) if !beside(values, path).any(|name| name == last) => {
            let Diagnostic { notes, .. } = Diagnostic::error("", 0..0).suggest(last, beside(values, path));
            Diagnostic { notes: [notes, problem.notes].concat(), ..problem }
        }
        _ => problem,
    };
    let Content::Table(table) = &node.content else {
        return operand(kind, &dotted, words, node).map(near).into_iter().collect();
    };
    if !Matcher::is_matcher(&node.to_json()) {
        // Other checks report paths below a section with a single value.
        if path.is_empty() {
            return Vec::new();
        }
        return no_matcher(table);
    }
    let wrong = table.iter().filter_map(|(keyword, entry)| match (keyword.as_str(), &entry.node.content) {
        ("is" | "not", _) => operand(kind, &dotted, words, &entry.node),
        ("one-of", Content::List(list)) => list.iter().find_map(|item| operand(kind, &dotted, words, item)),
        ("at-least" | "at-most", _) if kind != ValueKind::Number => Some(other_kind(kind, &dotted, &entry.node)),
        _ => None,
    });
    let wrong: Vec<Diagnostic> = wrong.map(near).collect();
    if wrong.is_empty() && words == Words::OfScenarios {
        excludes_nothing(kind, node).into_iter().collect()
    } else {
        wrong
    }
}

/// The complaint about a matcher that holds of every word that may stand there,
/// and of any other.
fn excludes_nothing(kind: ValueKind, node: &Node) -> Option<Diagnostic> {
    let ValueKind::Word(what, known) = kind else { return None };
    // Modifiers alone are for [`super::table`] to report.
    let matcher = Matcher::parse(&node.to_json()).ok().filter(|matcher| !matcher.conditions().is_empty())?;
    let admits = |word: &str| matcher.check(Some(&word.into())).is_ok();
    let all = known.iter().all(|word| admits(word)) && admits("none of them");
    let help = format!("write one {what}, or list all that are right: `one-of = […]`");
    all.then(|| Diagnostic::error("this expectation matches everything", node.span.clone()).note(help))
}

fn no_matcher(table: &Table) -> Vec<Diagnostic> {
    let unknown = table.iter().filter(|(key, _)| !KEYWORDS.contains(&key.as_str()));
    let help = format!("allowed matchers: {}", KEYWORDS.join(", "));
    unknown
        .map(|(key, entry)| {
            let problem = Diagnostic::error(format!("unknown matcher `{key}`"), entry.key_span.clone());
            problem.suggest(key, KEYWORDS.iter().copied()).note(&help)
        })
        .collect()
}

/// What is wrong with one value that is held against what is seen.
fn operand(kind: ValueKind, dotted: &str, words: Words, node: &Node) -> Option<Diagnostic> {
    let value = node.to_json();
    // A report lists what a scenario names one of.
    let kind = if kind == ValueKind::Text && words == Words::OfReports { ValueKind::Texts } else { kind };
    let fits = match kind {
        ValueKind::Text | ValueKind::Word(..) => value.is_string(),
        ValueKind::Texts => value.is_string() || value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
        ValueKind::Number => value.is_number(),
        ValueKind::Switch => value.is_boolean(),
        ValueKind::Table | ValueKind::Any => true,
    };
    if !fits {
        return Some(other_kind(kind, dotted, node));
    }
    let (ValueKind::Word(what, known), Value::String(word)) = (kind, value) else { return None };
    if words == Words::OfReports || known.contains(&word.as_str()) {
        return None;
    }
    let problem = Diagnostic::error(format!("unknown {what} `{word}`"), node.span.clone());
    Some(problem.suggest(&word, known.iter().copied()).note(format!("the {what}s are {}", known.join(", "))))
}

fn other_kind(kind: ValueKind, dotted: &str, node: &Node) -> Diagnostic {
    let help = match kind {
        ValueKind::Text | ValueKind::Texts => "write text, in quotes".to_owned(),
        ValueKind::Number => "write a number, without quotes".to_owned(),
        ValueKind::Switch => "write true or false, without quotes".to_owned(),
        ValueKind::Word(what, words) => format!("the {what}s are {}", words.join(", ")),
        ValueKind::Table | ValueKind::Any => String::new(),
    };
    Diagnostic::error(format!("`{dotted}` must be {}", kind.words()), node.span.clone()).note(help)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::expect::Expected;

    #[rstest]
    #[case("account.exists = 'no'", Some("`account.exists` must be true or false"))]
    #[case("account.exists = false", None)]
    #[case("response.status = '400'", Some("`response.status` must be a number"))]
    #[case("response.status.one-of = [400, '401']", Some("`response.status` must be a number"))]
    #[case("response.status.atleast = 400", Some("unknown matcher `atleast`"))]
    #[case("response.status.at-least = 400", None)]
    #[case("response.body.status = '400'", None)]
    #[case("provider-saw.token.cout = 1", Some("`provider-saw.token.cout` must be text"))]
    #[case("provider-saw.token.cout.at-least = 1", Some("`provider-saw.token.cout` must be text"))]
    #[case("provider-saw.token.count = 1", None)]
    #[case("provider-saw.token.nth.2.resource = ['a', 'b']", None)]
    #[case("provider-saw.token.headers.authorization.not = 'Basic'", None)]
    #[case("cookies.any.http-only = 'yes'", Some("`cookies.any.http-only` must be true or false"))]
    #[case("sessions.one = 'dead'", Some("unknown session state `dead`"))]
    #[case("outcome.one-of = ['refused', 'signed in']", Some("unknown outcome `signed in`"))]
    #[case("outcome.matches = '.'", Some("this expectation matches everything"))]
    #[case("sessions.one.absent = false", Some("this expectation matches everything"))]
    #[case("outcome.not = 'signed-in'", None)]
    fn a_value_of_another_kind_is_a_mistake(#[case] text: &str, #[case] complaint: Option<&str>) {
        let node = Node::parse(&Source { path: "t.toml".into(), text: text.into() }).unwrap();
        let mut problems = Vec::new();
        let expected = Expected::collect(&node, &mut problems);
        assert_eq!(problems.first().map(|problem| problem.message.as_str()), complaint, "{problems:?}");
        assert_eq!(expected.len(), usize::from(complaint.is_none()), "{expected:?}");
    }
}

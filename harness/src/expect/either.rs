//! Alternatives: a step may end in one of several ways. The scenario names each
//! way, and [`crate::runner`] judges them.

use super::value::Words;
use super::{Expected, REFUSALS, SUCCESSES};
use crate::diagnostic::Diagnostic;
use crate::document::{Entry, Node};
use crate::level::Level;

/// The key of an `expect` table below which the alternatives stand.
pub const EITHER: &str = "either";

/// What the key means.
pub const TEXT: &str = "Alternatives: `expect.either.<name>.<path>`. All expectations of at least one alternative must \
                        hold. A report shows which alternative an expectation belongs to.";

const HELP: &str = "write `expect.either.NAME.outcome = …` for each alternative, each with another NAME";

/// Collects the expectations of all alternatives.
pub(super) fn alternatives(either: &Entry, problems: &mut Vec<Diagnostic>) -> Vec<Expected> {
    let names = either.node.table();
    if names.is_none_or(|names| names.len() < 2) {
        let text = format!("`{EITHER}` needs two or more alternatives");
        problems.push(Diagnostic::error(text, either.key_span.clone()).note(HELP));
    }
    let before = problems.len();
    let mut ways: Vec<(&Entry, Vec<Expected>)> = Vec::new();
    for (name, entry) in names.into_iter().flatten() {
        if entry.node.table().is_none() {
            let text = format!("the alternative `{name}` is not a table");
            problems.push(Diagnostic::error(text, entry.node.span.clone()).note(HELP));
            continue;
        }
        let node = Node { span: entry.key_span.clone(), ..entry.node.clone() };
        let own = Expected::of_table(&node, Words::OfScenarios, problems);
        problems.extend(mistake(name, entry, &own, &ways));
        let own = own.into_iter().map(|one| Expected { alternative: Some(name.clone()), ..one }).collect();
        ways.push((entry, own));
    }
    if problems.len() == before && exclude_nothing(&ways) {
        let text = "these alternatives allow both a success and a refusal";
        let help = "add another expectation to an alternative, such as `account.exists = false`. If every success and \
                    every refusal is right, write `expect.outcome.one-of = […]`";
        problems.push(Diagnostic::error(text, either.key_span.clone()).note(help));
    }
    ways.into_iter().flat_map(|(_, own)| own).collect()
}

/// What is wrong with one alternative, which comes after `others`.
fn mistake(name: &str, entry: &Entry, own: &[Expected], others: &[(&Entry, Vec<Expected>)]) -> Option<Diagnostic> {
    let at_its_name = |text: String| Diagnostic::error(text, entry.key_span.clone());
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || !name.chars().all(is_of_a_name) {
        let help = "write a name of letters, digits and hyphens, such as `creates-an-account`";
        return Some(at_its_name(format!("invalid name of an alternative: `{name}`")).note(help));
    }
    // Something else is wrong with one that has none.
    if own.is_empty() {
        return None;
    }
    if own.iter().all(|one| one.level.is_some_and(|level| level != Level::Must)) {
        let text = format!("the alternative `{name}` has no expectation of level `must`");
        return Some(at_its_name(text).note("remove `level` from one of its expectations, or remove the alternative"));
    }
    let (other, _) = others.iter().find(|(_, other)| told(other) == told(own))?;
    let text = format!("the alternative `{name}` expects the same as another one");
    let help = "change what the alternative expects, or remove it";
    Some(at_its_name(text).also(other.key_span.clone(), "the other one").note(help))
}

/// All that an alternative expects, in an order of its own.
fn told(own: &[Expected]) -> Vec<String> {
    let mut told: Vec<_> = own.iter().map(|one| Expected { alternative: None, ..one.clone() }.tell()).collect();
    told.sort();
    told
}

/// Whether some alternative asks for nothing but a success, and some for nothing
/// but a refusal.
fn exclude_nothing(ways: &[(&Entry, Vec<Expected>)]) -> bool {
    let admits = |own: &[Expected], word: &str| {
        let mut binding = own.iter().filter(|one| one.level != Some(Level::May));
        binding.all(|one| one.path == ["outcome"] && one.admits(word))
    };
    let admitted = |words: &[&str]| ways.iter().any(|(_, own)| words.iter().any(|word| admits(own, word)));
    admitted(SUCCESSES) && admitted(REFUSALS)
}

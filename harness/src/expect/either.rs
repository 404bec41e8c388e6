//! Alternatives: a step may end in one of several ways, each of which has a
//! name. [`crate::runner`] judges them.

use super::Expected;
use super::value::Words;
use crate::diagnostic::Diagnostic;
use crate::document::{Entry, Node};

/// The key of an `expect` table below which the alternatives stand.
pub const EITHER: &str = "either";

/// What the key means.
pub const TEXT: &str = "Alternatives: `expect.either.<name>.<path>`. All expectations of at least one alternative \
                        must hold. The report names the alternative of each expectation.";

const HELP: &str = "write `expect.either.NAME.outcome = …` for each alternative, each with another NAME";

/// Collects the expectations of all alternatives.
pub(super) fn alternatives(either: &Entry, problems: &mut Vec<Diagnostic>) -> Vec<Expected> {
    let names = either.node.table();
    if names.is_none_or(|names| names.len() < 2) {
        let text = format!("`{EITHER}` needs two or more alternatives");
        problems.push(Diagnostic::error(text, either.key_span.clone()).note(HELP));
    }
    let mut all = Vec::new();
    for (name, entry) in names.into_iter().flatten() {
        if entry.node.table().is_none() {
            let text = format!("the alternative `{name}` is not a table");
            problems.push(Diagnostic::error(text, entry.node.span.clone()).note(HELP));
            continue;
        }
        let node = Node { span: entry.key_span.clone(), ..entry.node.clone() };
        let own = Expected::of_table(&node, Words::OfScenarios, problems).into_iter();
        all.extend(own.map(|one| Expected { alternative: Some(name.clone()), ..one }));
    }
    all
}

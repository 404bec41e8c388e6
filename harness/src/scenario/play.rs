//! What is played: a scenario with one of its cases, or a control, resolved.

use std::ops::Range;

use super::Shape;
use super::validation::validate;
use crate::diagnostic::Diagnostic;
use crate::document::{Content, Node, mended};
use crate::expect::Expected;
use crate::step::ACTIONS;

/// A scenario with one of its cases, or a control, resolved.
#[derive(Debug, Clone)]
pub struct Play {
    /// What it says, placeholders not yet filled in.
    pub shape: Shape,
    /// What is expected, by step.
    pub expected: Vec<Vec<Expected>>,
    /// Where each step stands in the file.
    pub places: Vec<Range<usize>>,
}

impl Play {
    /// Returns the problems that a server can show that fails it, and why each matters:
    /// the scenario's, then those of its expectations.
    pub fn problems(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let own = self.expected.iter().flatten().filter_map(|one| one.problem.as_ref());
        let own = own.map(|own| (own.sentence.as_str(), own.why.as_deref()));
        std::iter::once((self.shape.problem.as_str(), self.shape.why.as_deref())).chain(own)
    }
}

/// Reads a play; none if a problem was found.
pub(super) fn play(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Play> {
    let before = problems.len();
    let shape = mended::<Shape>(node, problems);
    let steps = match node.get("steps").map(|steps| &steps.content) {
        Some(Content::List(steps)) => steps.as_slice(),
        _ => &[],
    };
    let expected: Vec<Vec<Expected>> = steps
        .iter()
        .map(|step| step.get("expect").map(|expect| Expected::collect(expect, problems)).unwrap_or_default())
        .collect();
    let shape = shape?;
    validate(&shape.value, node, &expected, &shape.without, problems);
    let shape = shape.value;
    let places = places(node);
    (problems.len() == before).then(|| Play { shape, expected, places })
}

/// Where each step's action stands.
pub(super) fn places(node: &Node) -> Vec<Range<usize>> {
    let Some(Content::List(steps)) = node.get("steps").map(|steps| &steps.content) else { return Vec::new() };
    let action = |step: &Node| {
        let named = step.table()?.iter().find(|(key, _)| ACTIONS.contains(&key.as_str()))?;
        Some(named.1.key_span.clone())
    };
    steps.iter().map(|step| action(step).unwrap_or_else(|| step.span.clone())).collect()
}

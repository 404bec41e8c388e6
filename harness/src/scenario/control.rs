//! The control of a case: its positive twin, without what is wrong. A refusal
//! that has none proves nothing, since a server that refuses every sign-in would
//! pass.

use super::Shape;
use super::cases::lay_over;
use super::play::{Play, places};
use super::validation::validate;
use crate::diagnostic::Diagnostic;
use crate::document::{Content, Node, Table, read};
use crate::expect::{Expected, REFUSALS, SUCCESSES, ending};
use crate::level::Level;
use crate::step::StepShape;

/// The positive twin: the case without what is wrong, and `[control]` on top.
pub(super) fn control(case: &Node, play: &Play, problems: &mut Vec<Diagnostic>) -> Option<Play> {
    let admits = |one: &Expected, words: &[&str]| one.path == ["outcome"] && words.iter().any(|word| one.admits(word));
    let refusal = play.expected.iter().find_map(|expected| ending::refusal(expected))?;
    let mut node = case.clone();
    let part = node.table_mut().and_then(|table| table.shift_remove("control"));
    let mut changed = strip(&mut node);
    if let Some(part) = &part {
        lay_over(&mut node, &part.node, problems);
        problems.extend(expectations(&part.node));
        let before = problems.len();
        problems.extend(omission(&part.node, &node, play));
        problems.extend(needs(&part.node, play));
        if problems.len() > before {
            return None;
        }
        changed = true;
    }
    // One that may be missing, or is an alternative, proves nothing.
    let must_succeed = |one: &Expected| {
        let level = one.level.unwrap_or(play.shape.level);
        admits(one, SUCCESSES) && !admits(one, REFUSALS) && level != Level::May && one.alternative.is_none()
    };
    let success = play.expected.iter().flatten().any(must_succeed);
    if !changed {
        if !success {
            let text = "this refusal proves nothing: a server that refuses every sign-in passes";
            let problem = Diagnostic::error(text, refusal.span.clone())
                .note("add `[control]` with the changes that make the sign-in succeed");
            problems.push(problem);
        }
        return None;
    }
    let shape: Shape = read(&node, problems)?;
    let expected: Vec<_> = shape.steps.iter().map(|_| Vec::new()).collect();
    validate(&shape, &node, &expected, &[], problems);
    let places = places(&node);
    Some(Play { shape, expected, places })
}

/// A complaint about each step of a control that expects something.
fn expectations(control: &Node) -> impl Iterator<Item = Diagnostic> {
    let steps = control.get("steps").and_then(Node::table).into_iter().flat_map(|steps| steps.values());
    steps.filter_map(|step| step.node.entry("expect")).map(|expect| {
        Diagnostic::error("`expect` is not allowed in `[control]`", expect.key_span.clone())
            .note("remove `expect`: every step of a control must succeed, otherwise the test is blocked")
    })
}

/// A complaint about a control that omits every step that must be refused: what
/// is left would succeed at a server that refuses every sign-in.
fn omission(part: &Node, control: &Node, play: &Play) -> Option<Diagnostic> {
    let omitted = part.entry("omit")?;
    let Some(Content::List(steps)) = control.get("steps").map(|steps| &steps.content) else { return None };
    let is_left = |id: Option<&str>| steps.iter().any(|step| step.get("id").and_then(Node::text) == id);
    let mut refused = play.shape.steps.iter().zip(&play.expected).filter(|(_, one)| ending::refusal(one).is_some());
    let proves = refused.any(|(step, _)| step.id.is_none() || is_left(step.id.as_deref()));
    let text = "the control omits the step that the server must refuse, so it proves nothing";
    let help = "omit the step that begins the attack, and keep the step that a server refuses";
    (!proves).then(|| Diagnostic::error(text, omitted.node.span.clone()).note(help))
}

/// A complaint about each step that a control omits although a step that it keeps
/// builds on it.
fn needs(part: &Node, play: &Play) -> Vec<Diagnostic> {
    let omitted = match part.get("omit").map(|omit| &omit.content) {
        Some(Content::List(omitted)) => omitted.as_slice(),
        _ => &[],
    };
    let is_omitted = |id: &str| omitted.iter().any(|one| one.text() == Some(id));
    let kept = play.shape.steps.iter().filter(|step| !step.id.as_deref().is_some_and(is_omitted));
    let references = kept.filter_map(|step| Some(step.action()?.references()));
    let needed: Vec<&str> =
        references.flat_map(|of| of.step.into_iter().chain(of.other_step)).map(|(_, id)| id).collect();
    let is_needed = |one: &&Node| one.text().is_some_and(|id| needed.contains(&id));
    omitted
        .iter()
        .filter(is_needed)
        .map(|one| {
            let text = format!(
                "the control omits step `{}`, but keeps a step that refers to it",
                one.text().unwrap_or_default()
            );
            Diagnostic::error(text, one.span.clone()).note("omit both steps, or keep both")
        })
        .collect()
}

/// Leaves out quirks, overlays and tampering. Whether there was any.
fn strip(node: &mut Node) -> bool {
    let take = |table: Option<&mut Table>, keys: &[&str]| {
        table.is_some_and(|table| keys.iter().filter(|key| table.shift_remove(**key).is_some()).count() > 0)
    };
    let provider = node.table_mut().and_then(|table| table.get_mut("provider"));
    let mut any = take(provider.and_then(|entry| entry.node.table_mut()), &["quirks", "overlay"]);
    let steps = node.table_mut().and_then(|table| table.get_mut("steps"));
    if let Some(Content::List(steps)) = steps.map(|entry| &mut entry.node.content) {
        for step in steps {
            any |= take(step.table_mut(), &["quirks", "overlay"]);
            for (action, keys) in StepShape::tampering() {
                let table = step.table_mut().and_then(|step| step.get_mut(action));
                any |= take(table.and_then(|entry| entry.node.table_mut()), keys);
            }
        }
    }
    any
}

//! The cases of a scenario file: the file itself, with what each case changes
//! laid over it, and without the steps that it omits. What a case then says is
//! for [`super::play`].

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::document::{Content, Entry, Node, in_words};
use crate::step::ACTIONS;

/// The key of a case or control that lists the steps to leave out.
const OMIT: &str = "omit";

/// The file itself, or one document for each of its cases, as far as they are wanted.
pub(super) fn variants(
    file: &Node,
    is_wanted: impl Fn(Option<&str>) -> bool,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(Option<String>, Node)> {
    let mut plain = file.clone();
    if let Some(table) = plain.table_mut() {
        table.shift_remove("cases");
    }
    let cases = file.get("cases");
    if let Some(cases) = cases.filter(|cases| cases.table().is_none()) {
        problems.push(no_table(cases, "late"));
    }
    let Some(cases) = cases.and_then(Node::table).filter(|cases| !cases.is_empty()) else {
        return Some((None, plain)).filter(|_| is_wanted(None)).into_iter().collect();
    };
    let lay = |(name, entry): (&String, &Entry)| {
        let mut node = plain.clone();
        if entry.node.table().is_none() {
            problems.push(no_table(&entry.node, name));
            return (Some(name.clone()), node);
        }
        lay_over(&mut node, &entry.node, problems);
        (Some(name.clone()), node)
    };
    cases.iter().filter(|(name, _)| is_wanted(Some(name))).map(lay).collect()
}

fn no_table(node: &Node, case: &str) -> Diagnostic {
    let problem = Diagnostic::error(format!("expected a table, found {}", in_words(node)), node.span.clone());
    problem.note(format!("write `[cases.{case}]`, and below it the keys that the case changes"))
}

/// Lays a partial scenario over a whole one; steps are named by their `id`, and
/// those in `omit` are left out.
pub(super) fn lay_over(node: &mut Node, part: &Node, problems: &mut Vec<Diagnostic>) {
    let mut part = part.clone();
    if let Some(format) = part.table_mut().and_then(|table| table.shift_remove("format")) {
        let problem = Diagnostic::error("unknown key `format`", format.key_span);
        problems.push(problem.note("write `format` once, at the top of the file"));
    }
    let omitted = part.table_mut().and_then(|table| table.shift_remove(OMIT));
    let steps = part.table_mut().and_then(|table| table.shift_remove("steps"));
    node.lay_over(&part);
    if let Some(steps) = steps {
        change_steps(node, &steps, problems);
    }
    if let Some(omitted) = omitted {
        omit_steps(node, &omitted.node, problems);
    }
}

/// Lays changes over the steps of a scenario. Another action replaces the
/// step's own.
fn change_steps(node: &mut Node, steps: &Entry, problems: &mut Vec<Diagnostic>) {
    let Some(changes) = steps.node.table() else {
        let text = format!("expected a table, found {}", in_words(&steps.node));
        let problem = Diagnostic::error(text, steps.key_span.clone())
            .note("write `steps.ID.…`: a case can change steps, but not add any");
        problems.push(problem);
        return;
    };
    for (id, change) in changes {
        match steps_of(node).into_iter().flatten().find(|step| id_of(step) == Some(id)) {
            Some(step) => {
                let is_another = |action: &&str| change.node.get(action).is_some() && step.get(action).is_none();
                if ACTIONS.iter().any(is_another)
                    && let Some(table) = step.table_mut()
                {
                    table.retain(|key, _| !ACTIONS.contains(&key.as_str()));
                }
                step.lay_over(&change.node);
            }
            None => problems.push(no_such_step(node, id, change.key_span.clone())),
        }
    }
}

/// Takes out the steps whose ids are in the list.
fn omit_steps(node: &mut Node, omitted: &Node, problems: &mut Vec<Diagnostic>) {
    let Content::List(ids) = &omitted.content else {
        let problem = Diagnostic::error(format!("expected a list, found {}", in_words(omitted)), omitted.span.clone());
        problems.push(problem.note("write the ids of steps in brackets: omit = [\"attack\"]"));
        return;
    };
    for one in ids {
        let Some(id) = one.text() else {
            let problem = Diagnostic::error(format!("expected text, found {}", in_words(one)), one.span.clone());
            problems.push(problem.note("write the `id` of a step in quotes: omit = [\"attack\"]"));
            continue;
        };
        let is_there = steps_of(node).is_some_and(|steps| {
            let count = steps.len();
            steps.retain(|step| id_of(step) != Some(id));
            steps.len() < count
        });
        if !is_there {
            problems.push(no_such_step(node, id, one.span.clone()));
        }
    }
}

fn steps_of(node: &mut Node) -> Option<&mut Vec<Node>> {
    match &mut node.table_mut()?.get_mut("steps")?.node.content {
        Content::List(steps) => Some(steps),
        _ => None,
    }
}

fn id_of(step: &Node) -> Option<&str> {
    step.get("id").and_then(Node::text)
}

fn no_such_step(node: &Node, id: &str, span: Range<usize>) -> Diagnostic {
    let steps = match node.get("steps").map(|steps| &steps.content) {
        Some(Content::List(steps)) => steps.as_slice(),
        _ => &[],
    };
    let ids: Vec<&str> = steps.iter().filter_map(id_of).collect();
    let help = match ids.as_slice() {
        [] => format!("add `id = \"{id}\"` to the step"),
        ids => format!("the steps with an `id` are `{}`", ids.join("`, `")),
    };
    Diagnostic::error(format!("no step has the id `{id}`"), span).suggest(id, ids).note(help)
}

//! The cases of a scenario file: the file itself, with what each case changes
//! laid over it. What a case then says is for [`super::play`].

use crate::diagnostic::Diagnostic;
use crate::document::{Content, Entry, Node, in_words};

/// The file itself, or one document for each of its cases.
pub(super) fn variants(file: &Node, problems: &mut Vec<Diagnostic>) -> Vec<(Option<String>, Node)> {
    let mut plain = file.clone();
    if let Some(table) = plain.table_mut() {
        table.shift_remove("cases");
    }
    let cases = file.get("cases");
    if let Some(cases) = cases.filter(|cases| cases.table().is_none()) {
        problems.push(no_table(cases, "late"));
    }
    let Some(cases) = cases.and_then(Node::table).filter(|cases| !cases.is_empty()) else {
        return vec![(None, plain)];
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
    cases.iter().map(lay).collect()
}

fn no_table(node: &Node, case: &str) -> Diagnostic {
    let problem = Diagnostic::error(format!("expected a table, found {}", in_words(node)), node.span.clone());
    problem.note(format!("write `[cases.{case}]`, and below it what the case changes"))
}

/// Lays a partial scenario over a whole one; steps are named by their `id`.
pub(super) fn lay_over(node: &mut Node, part: &Node, problems: &mut Vec<Diagnostic>) {
    let mut part = part.clone();
    if let Some(format) = part.table_mut().and_then(|table| table.shift_remove("format")) {
        let problem = Diagnostic::error("unknown key `format`", format.key_span);
        problems.push(problem.note("write `format` once, at the top of the file"));
    }
    let steps = part.table_mut().and_then(|table| table.shift_remove("steps"));
    node.lay_over(&part);
    let Some(steps) = steps else { return };
    let Some(changes) = steps.node.table() else {
        let text = format!("expected a table, found {}", in_words(&steps.node));
        let problem =
            Diagnostic::error(text, steps.key_span).note("write `steps.ID.…`: a case changes steps and adds none");
        problems.push(problem);
        return;
    };
    for (id, change) in changes {
        let list = node.table_mut().and_then(|table| table.get_mut("steps"));
        let list = match list.map(|entry| &mut entry.node.content) {
            Some(Content::List(list)) => list.as_mut_slice(),
            _ => &mut [],
        };
        let is_meant = |step: &&mut Node| step.get("id").and_then(Node::text) == Some(id);
        if let Some(step) = list.iter_mut().find(is_meant) {
            step.lay_over(&change.node);
            continue;
        }
        let ids: Vec<&str> = list.iter().filter_map(|step| step.get("id").and_then(Node::text)).collect();
        let help = match ids.as_slice() {
            [] => format!("add `id = \"{id}\"` to the step"),
            ids => format!("the steps with an `id` are `{}`", ids.join("`, `")),
        };
        let problem = Diagnostic::error(format!("no step has the id `{id}`"), change.key_span.clone());
        problems.push(problem.suggest(id, ids).note(help));
    }
}

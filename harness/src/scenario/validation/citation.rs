//! What a scenario cites: specifications, Immich's own rules, and rows of the
//! lists that the coverage page has.

use crate::checklist::LISTS;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Node, Segment, lacks, path};
use crate::scenario::{Shape, citation};

pub(super) fn citations(shape: &Shape, node: &Node, without: &[Vec<Segment>], problems: &mut Vec<Diagnostic>) {
    let is_broken = |list: &str, index: usize| lacks(without, &[list, &index.to_string()]);
    let at = |list: &str, index: usize| node.place(&path(&[list, &index.to_string()]));
    for (index, text) in shape.requirement.iter().enumerate() {
        if is_broken("requirement", index) {
            continue;
        }
        if let Err(problem) = citation::requirement(text) {
            let name = text.split_once(" §").map_or("", |(name, _)| name);
            let help = if citation::SPECIFICATIONS.contains(&text.as_str()) {
                format!("add the number of a clause, as in `{text} §3.1`")
            } else if text.starts_with("immich: ") {
                citation::subject_help()
            } else if name.is_empty() {
                "cite a clause, such as `RFC 9207 §2.4`, or what Immich does, such as `immich: oauth.scope`".to_owned()
            } else if citation::SPECIFICATIONS.contains(&name) {
                format!("write the number as in `{name} §3.1`, or `§3.1 (2)` for one item of a clause")
            } else {
                format!("allowed specifications: {}", citation::SPECIFICATIONS.join(", "))
            };
            let mut problem = Diagnostic::error(problem, at("requirement", index));
            if let Some(citation) = citation::meant(text) {
                problem = problem.note(did_you_mean(citation));
            }
            problems.push(problem.note(help));
        }
    }
    for list in LISTS {
        for (index, id) in shape
            .stands_for(list)
            .iter()
            .enumerate()
            .filter(|(_, id)| !list.has(id))
            .filter(|(index, _)| !is_broken(list.key, *index))
        {
            let problem = format!("unknown id `{id}` in the list “{}”", list.title);
            let known = list.rows.iter().map(|row| row.id);
            let help = "use the id of a row in docs/coverage.md";
            problems.push(Diagnostic::error(problem, at(list.key, index)).suggest(id, known).note(help));
        }
    }
}

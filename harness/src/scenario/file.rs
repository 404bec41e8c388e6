//! One scenario file: its cases and their controls.

use std::ops::Range;
use std::sync::Arc;

use super::Shape;
use super::validation::validate;
use crate::diagnostic::{Broken, Diagnostic, Source};
use crate::document::{Content, FileFormat, Node, Table, mended, read};
use crate::expect::{Expected, REFUSALS, SUCCESSES, ending};
use crate::level::Level;
use crate::step::{ACTIONS, StepShape};

/// A scenario that can be played.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// `topic/name`.
    pub name: String,
    /// The file.
    pub source: Arc<Source>,
    /// At least one.
    pub cases: Vec<Case>,
}

/// One test: the file with one of its cases laid over it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The case's name, where the file has cases.
    pub name: Option<String>,
    /// What is played.
    pub play: Play,
    /// What must succeed first.
    pub control: Option<Play>,
}

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

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(name: &str, source: Source) -> Result<Self, Broken> {
        let source = Arc::new(source);
        let broken = |problems| Broken { source: Arc::clone(&source), problems };
        let file = Node::parse(&source).map_err(&broken)?;
        FileFormat::SCENARIO.check(&file, &source).map_err(|problem| broken(vec![problem]))?;
        let mut problems = Vec::new();
        let mut cases = Vec::new();
        for (name, node) in variants(&file, &mut problems) {
            if let Some(play) = play(&node, &mut problems) {
                let control = control(&node, &play, &mut problems);
                cases.push(Case { name, play, control });
            }
        }
        // What is wrong with the file is wrong with each of its cases.
        let mut seen = Vec::new();
        problems.retain(|problem| {
            !seen.contains(problem) && {
                seen.push(problem.clone());
                true
            }
        });
        problems.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
        if problems.is_empty() { Ok(Self { name: name.to_owned(), source, cases }) } else { Err(broken(problems)) }
    }

    /// The names of the tests in a file, unread otherwise; those of a broken
    /// file are not known.
    pub(super) fn case_names(source: &Source) -> Vec<Option<String>> {
        let Ok(file) = Node::parse(source) else { return Vec::new() };
        match file.get("cases").and_then(Node::table).filter(|cases| !cases.is_empty()) {
            Some(cases) => cases.keys().map(|name| Some(name.clone())).collect(),
            None => vec![None],
        }
    }

    /// Returns the file with each of its cases laid over it, in the order of
    /// `cases`.
    pub fn documents(&self) -> Vec<Node> {
        let file = Node::parse(&self.source);
        let variants = file.map(|file| variants(&file, &mut Vec::new())).unwrap_or_default();
        variants.into_iter().map(|(_, document)| document).collect()
    }

    /// What the file says of itself: title, requirements and so on.
    pub fn shape(&self) -> Option<&Shape> {
        self.cases.first().map(|case| &case.play.shape)
    }

    /// What a test of it is called, as filters and reports know it:
    /// `topic/name::case`.
    pub fn test_name(&self, case: &Case) -> String {
        test_name(&self.name, case.name.as_deref())
    }

    /// The folder that the file is in.
    pub fn topic(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// `topic/name`, or `topic/name::case` where there are cases.
pub fn test_name(scenario: &str, case: Option<&str>) -> String {
    case.map_or_else(|| scenario.to_owned(), |case| format!("{scenario}::{case}"))
}

/// The file itself, or one document for each of its cases.
fn variants(file: &Node, problems: &mut Vec<Diagnostic>) -> Vec<(Option<String>, Node)> {
    let mut plain = file.clone();
    if let Some(table) = plain.table_mut() {
        table.shift_remove("cases");
    }
    let cases = file.get("cases");
    if let Some(cases) = cases.filter(|cases| cases.table().is_none()) {
        problems.push(no_table(cases));
    }
    let Some(cases) = cases.and_then(Node::table).filter(|cases| !cases.is_empty()) else {
        return vec![(None, plain)];
    };
    let lay = |(name, entry): (&String, &crate::document::Entry)| {
        let mut node = plain.clone();
        if entry.node.table().is_none() {
            problems.push(no_table(&entry.node));
            return (Some(name.clone()), node);
        }
        lay_over(&mut node, &entry.node, problems);
        (Some(name.clone()), node)
    };
    cases.iter().map(lay).collect()
}

fn no_table(node: &Node) -> Diagnostic {
    let problem = Diagnostic::error("expected a table", node.span.clone());
    problem.note("name each case, as in `[cases.late]`, and write below it what changes")
}

/// Lays a partial scenario over a whole one; steps are named by their `id`.
fn lay_over(node: &mut Node, part: &Node, problems: &mut Vec<Diagnostic>) {
    let mut part = part.clone();
    if let Some(format) = part.table_mut().and_then(|table| table.shift_remove("format")) {
        let problem = Diagnostic::error("unknown key `format`", format.key_span);
        problems.push(problem.note("write `format` once, at the top of the file"));
    }
    let steps = part.table_mut().and_then(|table| table.shift_remove("steps"));
    node.lay_over(&part);
    let Some(steps) = steps else { return };
    let Some(changes) = steps.node.table() else {
        let problem = Diagnostic::error("expected a table of steps, by `id`", steps.key_span)
            .note("write `steps.ID.…`: a case changes steps and adds none");
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
            [] => "no step has an `id`: give the step one".to_owned(),
            ids => format!("the steps with an `id` are `{}`", ids.join("`, `")),
        };
        let problem = Diagnostic::error(format!("no step has the id `{id}`"), change.key_span.clone());
        problems.push(problem.suggest(id, ids).note(help));
    }
}

fn play(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Play> {
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

/// The positive twin: the case without what is wrong, and `[control]` on top.
fn control(case: &Node, play: &Play, problems: &mut Vec<Diagnostic>) -> Option<Play> {
    let admits = |one: &Expected, words: &[&str]| one.path == ["outcome"] && words.iter().any(|word| one.admits(word));
    let refusal = play.expected.iter().find_map(|expected| ending::refusal(expected))?;
    let mut node = case.clone();
    let part = node.table_mut().and_then(|table| table.shift_remove("control"));
    let mut changed = strip(&mut node);
    if let Some(part) = &part {
        lay_over(&mut node, &part.node, problems);
        problems.extend(expectations(&part.node));
        changed = true;
    }
    // One that may be missing proves nothing.
    let must_succeed = |one: &Expected| {
        let level = one.level.unwrap_or(play.shape.level);
        admits(one, SUCCESSES) && !admits(one, REFUSALS) && level != Level::May
    };
    let success = play.expected.iter().flatten().any(must_succeed);
    if !changed {
        if !success {
            let text = "this refusal proves nothing: a server that refuses every sign-in passes";
            let problem = Diagnostic::error(text, refusal.span.clone())
                .note("write in [control] what to change so that the sign-in works");
            problems.push(problem);
        }
        return None;
    }
    let shape: Shape = read(&node, problems)?;
    let expected: Vec<_> = play.expected.iter().map(|_| Vec::new()).collect();
    validate(&shape, &node, &expected, &[], problems);
    let places = places(&node);
    Some(Play { shape, expected, places })
}

/// A complaint about each step of a control that expects something.
fn expectations(control: &Node) -> impl Iterator<Item = Diagnostic> {
    let steps = control.get("steps").and_then(Node::table).into_iter().flat_map(|steps| steps.values());
    steps.filter_map(|step| step.node.entry("expect")).map(|expect| {
        Diagnostic::error("a control has no expectations of its own", expect.key_span.clone())
            .note("remove it: every step of a control must succeed, or the test is blocked")
    })
}

/// Where each step's action stands.
fn places(node: &Node) -> Vec<Range<usize>> {
    let Some(Content::List(steps)) = node.get("steps").map(|steps| &steps.content) else { return Vec::new() };
    let action = |step: &Node| {
        let named = step.table()?.iter().find(|(key, _)| ACTIONS.contains(&key.as_str()))?;
        Some(named.1.key_span.clone())
    };
    steps.iter().map(|step| action(step).unwrap_or_else(|| step.span.clone())).collect()
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use super::*;

    fn parse(text: &str) -> Result<Scenario, Broken> {
        Scenario::parse("a/b", Source { path: "b.toml".into(), text: text.into() })
    }

    const HEAD: &str = "format = 1\ntitle = 'T'\nrequirement = ['RFC 6749 §4.1']\n[users.alice]\n";

    #[test]
    fn the_control_leaves_out_what_is_wrong() {
        let steps = "[[steps]]\nsign-in.as = 'alice'\nexpect.outcome = 'refused'\n";
        let scenario = parse(&format!("{HEAD}[provider]\nquirks.expired = true\n{steps}")).unwrap();
        let control = scenario.cases[0].control.as_ref().unwrap();
        assert!(control.shape.provider.quirks.written().is_empty());
        assert!(!scenario.cases[0].play.shape.provider.quirks.written().is_empty());
    }

    #[test]
    fn a_refusal_without_a_control_is_refused() {
        let broken = parse(&format!("{HEAD}[[steps]]\nsign-in.as = 'alice'\nexpect.outcome = 'refused'\n"));
        assert!(broken.unwrap_err().problems[0].message.contains("proves nothing"));
    }

    #[test]
    fn cases_change_steps_by_their_id() {
        let steps = "[[steps]]\nid = 'one'\nsign-in.as = 'alice'\n";
        let cases = "[cases.a]\nsteps.one.sign-in.client = 'mobile'\n[cases.b]\nsteps.two.expect.outcome = 'done'\n";
        let broken = parse(&format!("{HEAD}{steps}{cases}")).unwrap_err();
        assert_eq!(broken.problems.len(), 1);
        assert!(broken.problems[0].message.contains("no step has the id `two`"));
    }
}

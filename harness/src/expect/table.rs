//! An `expect` table of a scenario file: its expectations, which sections of
//! the evidence they look into, and whether they hold there.

use serde_json::{Map, Value};

use super::contradiction::contradictions;
use super::either::{EITHER, alternatives};
use super::expected::Expected;
use super::list::{SECTIONS, section};
use super::matcher::{Found, KEYWORDS, MODIFIERS, Matcher, Mismatch, PROBLEM, SEVERITY, WHY, WrongOperand, remedy};
use super::own_problem::OwnProblem;
use super::value::{Words, complaints, kind_at};
use crate::diagnostic::{Diagnostic, closest, did_you_mean};
use crate::document::{Content, Node};
use crate::level::Level;
use crate::placeholder::Placeholders;

impl Expected {
    /// Collects the expectations in an `expect` table.
    pub fn collect(node: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Self> {
        let mut rest = node.clone();
        let either = rest.table_mut().and_then(|table| table.shift_remove(EITHER));
        let is_more = either.is_none() || rest.table().is_some_and(|table| !table.is_empty());
        let mut all = if is_more { Self::of_table(&rest, Words::OfScenarios, problems) } else { Vec::new() };
        all.extend(either.iter().flat_map(|either| alternatives(either, problems)));
        problems.extend(contradictions(&all));
        all
    }

    /// Collects what a table says was found, in the words of reports: more of
    /// them than a scenario may expect.
    pub fn collect_found(node: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Self> {
        Self::of_table(node, Words::OfReports, problems)
    }

    pub(super) fn of_table(node: &Node, words: Words, problems: &mut Vec<Diagnostic>) -> Vec<Self> {
        let mut all = Vec::new();
        descend(node, words, &mut Vec::new(), &mut all, problems);
        all
    }

    /// Returns what the evidence lacks to look into, as a clause.
    fn lacking(&self, evidence: &Value) -> Option<&'static str> {
        let (first, below) = self.path.split_first()?;
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        (section(first)?.lacks)(evidence.get(first).unwrap_or(&Value::Null), &below)
    }

    /// Holds what is expected, placeholders filled in, against the evidence.
    ///
    /// # Errors
    /// What was expected and what was there.
    pub fn check(&self, placeholders: &Placeholders, evidence: &Value) -> Result<(), Mismatch> {
        let matcher = self.matcher.fill(placeholders).map_err(|problem| Mismatch {
            expected: problem,
            actual: Found::Unknown("the harness cannot read this expectation"),
        })?;
        // Without it, `not` and `absent` would hold although nothing was seen.
        if let Some(why) = self.lacking(evidence) {
            return Err(Mismatch { expected: matcher.words(), actual: Found::Unknown(why) });
        }
        matcher.check(self.value_in(evidence))
    }
}

fn descend(node: &Node, words: Words, path: &mut Vec<String>, all: &mut Vec<Expected>, problems: &mut Vec<Diagnostic>) {
    let json = node.to_json();
    if let Some((section, below)) = path.split_first().and_then(|(first, below)| Some((section(first)?, below))) {
        let wrong = complaints(section.name, &section.values(), below, words, node);
        if !wrong.is_empty() {
            problems.extend(wrong);
            return;
        }
    }
    let Content::Table(table) = &node.content else { return leaf(node, words, path, json, all, problems) };
    if !path.is_empty() && Matcher::is_matcher(&json) && !is_of_members(path, &json) {
        return leaf(node, words, path, json, all, problems);
    }
    if table.is_empty() {
        problems.push(Diagnostic::error("this table is empty", node.span.clone()).note(possible(path, words)));
    }
    for (key, entry) in table {
        path.push(key.clone());
        if let Err(problem) = known(path) {
            let (message, suggestion) = problem;
            let mut diagnostic = Diagnostic::error(message, entry.key_span.clone());
            if let Some(name) = suggestion {
                diagnostic = diagnostic.note(did_you_mean(name));
            }
            problems.push(diagnostic.note(possible(path, words)));
        } else {
            // The place of a dotted expectation is its last key and value.
            let mut node = entry.node.clone();
            if matches!(node.content, Content::Table(_)) {
                node.span = entry.key_span.clone();
            }
            descend(&node, words, path, all, problems);
        }
        path.pop();
    }
}

/// Whether the keys of a table are members that have the names of an expectation's own
/// problem, as in `response.headers.severity`: no value is known to stand where it does.
fn is_of_members(path: &[String], json: &Value) -> bool {
    let named = |table: &Map<String, Value>| table.keys().all(|key| [PROBLEM, WHY, SEVERITY].contains(&key.as_str()));
    let Some((first, below)) = path.split_first() else { return false };
    let is_value = section(first).is_some_and(|section| kind_at(&section.values(), below).is_some());
    !is_value && json.as_object().is_some_and(named)
}

fn leaf(
    node: &Node,
    words: Words,
    path: &[String],
    json: Value,
    all: &mut Vec<Expected>,
    problems: &mut Vec<Diagnostic>,
) {
    let says_what = |key: &String| !MODIFIERS.contains(&key.as_str());
    if Matcher::is_matcher(&json) && !node.table().into_iter().flatten().any(|(key, _)| says_what(key)) {
        let problem = Diagnostic::error("this expectation matches everything", node.span.clone());
        problems.push(problem.note("add `is = …`, or another matcher"));
        return;
    }
    let matcher = match Matcher::parse(&json) {
        Ok(matcher) => matcher,
        Err(wrong) => {
            problems.extend(wrong.into_iter().map(|WrongOperand { keyword, reason }| {
                let place = node.get(&keyword).map_or_else(|| node.span.clone(), |operand| operand.span.clone());
                Diagnostic::error(reason, place).note(remedy(&keyword))
            }));
            return;
        }
    };
    let level = json.get("level").filter(|_| Matcher::is_matcher(&json));
    let level = match level.map(|level| serde_json::from_value::<Level>(level.clone())) {
        None => None,
        Some(Ok(level)) => Some(level),
        Some(Err(_)) => {
            let place = node.get("level").map_or_else(|| node.span.clone(), |level| level.span.clone());
            let word = node.get("level").and_then(Node::text).unwrap_or_default();
            let problem = Diagnostic::error(format!("unknown level `{word}`"), place);
            problems.push(problem.note("write `must`, `should` or `may`, the word that the cited requirement uses"));
            return;
        }
    };
    let problem = if Matcher::is_matcher(&json) { OwnProblem::of(node, words) } else { Ok(None) };
    match problem {
        Ok(problem) => {
            let (path, span) = (path.to_vec(), node.span.clone());
            all.push(Expected { alternative: None, path, matcher, level, problem, span });
        }
        Err(problem) => problems.push(problem),
    }
}

/// What could stand instead of the last key of a path.
fn possible(path: &[String], words: Words) -> String {
    let section = path.first().and_then(|first| section(first));
    match section {
        Some(section) if section.members().is_empty() => format!("write `expect.{} = …`", section.name),
        Some(section) => format!("the members of `{}` are {}", section.name, section.members().join(", ")),
        None => {
            let either = (words == Words::OfScenarios).then_some(EITHER);
            let names: Vec<&str> = SECTIONS.iter().map(|section| section.name).chain(either).collect();
            format!("allowed expectations: {}", names.join(", "))
        }
    }
}

/// Whether such a path can be in the evidence at all.
fn known(path: &[String]) -> Result<(), (String, Option<String>)> {
    let names = || SECTIONS.iter().map(|section| section.name);
    let Some((first, rest)) = path.split_first() else { return Ok(()) };
    let Some(section) = section(first) else {
        return Err((format!("unknown expectation `{first}`"), closest(first, names()).map(ToOwned::to_owned)));
    };
    let Some(second) = rest.first() else { return Ok(()) };
    let members = section.members();
    if members.is_empty() && !KEYWORDS.contains(&second.as_str()) {
        return Err((format!("`{first}` is not a table"), None));
    }
    if members.contains(&"*") || members.contains(&second.as_str()) {
        return Ok(());
    }
    let message = format!("unknown member `{second}` of `{first}`");
    Err((message, closest(second, members.iter().copied()).map(ToOwned::to_owned)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Source;

    /// A member of an answer may have the name of an expectation's own problem.
    #[rstest]
    #[case::member("response.body.problem = 'x'", Some("response.body.problem"))]
    #[case::header("response.headers.severity = 'low'", Some("response.headers.severity"))]
    #[case::parameter("redirect.parameters.why.absent = true", Some("redirect.parameters.why"))]
    #[case::of_an_expectation("account.isAdmin = { is = true, problem = 'Does' }", Some("account.isAdmin"))]
    #[case::without_a_matcher("account.isAdmin.problem = 'Does'", None)]
    fn words_of_an_expectation_can_be_members(#[case] text: &str, #[case] expected: Option<&str>) {
        let source = Source { path: "s.toml".into(), text: text.to_owned() };
        let Ok(node) = Node::parse(&source) else { unreachable!("the text is TOML") };
        let mut problems = Vec::new();
        let found = Expected::collect(&node, &mut problems);
        assert_eq!(found.first().map(Expected::dotted).as_deref(), expected, "{problems:?}");
        assert_eq!(problems.is_empty(), expected.is_some());
    }

    #[rstest]
    #[case(&["account", "same-as"], json!({"not": "first"}), json!({"exists": true, "same-as": []}), true)]
    #[case(&["account", "same-as"], json!({"not": "first"}), json!({"exists": true, "same-as": ["first"]}), false)]
    #[case(&["account", "same-as"], json!({"not": "first"}), json!({"exists": false}), false)]
    #[case(&["account", "same-as"], json!("first"), json!({"exists": false}), false)]
    #[case(&["account", "name"], json!({"not": "x"}), Value::Null, false)]
    #[case(&["account", "exists"], json!(false), json!({"exists": false}), true)]
    #[case(&["provider-saw", "token", "secret"], json!({"absent": true}), json!({"token": {"count": 1}}), true)]
    #[case(&["provider-saw", "token", "secret"], json!({"absent": true}), json!({"token": {"count": 0}}), false)]
    #[case(&["provider-saw", "token", "count"], json!(0), json!({"token": {"count": 0}}), true)]
    #[case(&["provider-saw", "token", "refused"], json!(0), json!({"token": {"count": 0, "refused": 0}}), true)]
    #[case(&["provider-saw", "token", "nth", "1"], json!({"absent": true}), json!({"token": {"nth": []}}), true)]
    #[case(&["provider-saw", "token", "nth", "1", "x"], json!({"absent": true}), json!({"token": {"nth": []}}), false)]
    #[case(&["provider-saw", "token", "nth", "1", "x"], json!({"absent": true}), json!({"token": {"nth": [{}]}}), true)]
    #[case(&["redirect", "parameters", "prompt"], json!({"absent": true}), json!({"parameters": {}}), true)]
    #[case(&["redirect", "parameters", "prompt"], json!({"absent": true}), Value::Null, false)]
    #[case(&["redirect", "url"], json!({"absent": true}), Value::Null, true)]
    #[case(&["cookies", "a"], json!({"absent": true}), json!({}), true)]
    #[case(&["cookies", "a", "http-only"], json!({"not": false}), json!({}), false)]
    #[case(&["cookies", "a"], json!({"absent": true}), Value::Null, false)]
    #[case(&["response", "headers", "x"], json!({"absent": true}), Value::Null, false)]
    #[case(&["response", "body", "x"], json!({"absent": true}), json!({"status": 500, "text": "<html>"}), false)]
    #[case(&["response", "message"], json!({"not": "x"}), json!({"status": 500, "text": "<html>"}), false)]
    #[case(&["response", "body", "x"], json!({"absent": true}), json!({"status": 200, "text": "{}", "body": {}}), true)]
    #[case(&["response", "message"], json!({"absent": true}), json!({"status": 307, "text": ""}), true)]
    #[case(&["sessions", "first"], json!({"not": "alive"}), json!({}), false)]
    fn nothing_holds_of_what_is_not_there(
        #[case] path: &[&str],
        #[case] value: Value,
        #[case] found: Value,
        #[case] holds: bool,
    ) {
        let section = path[0];
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        let Ok(matcher) = Matcher::parse(&value) else { unreachable!("the matcher is right") };
        let expected = Expected { alternative: None, path, matcher, level: None, problem: None, span: 0..0 };
        assert_eq!(expected.check(&Placeholders::default(), &json!({ section: found })).is_ok(), holds);
    }
}

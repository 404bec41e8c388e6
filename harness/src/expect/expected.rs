//! One expectation: a path into the evidence and what must stand there.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::list::SECTIONS;
use super::matcher::{KEYWORDS, Matcher, Mismatch, meaning};
use crate::diagnostic::{Diagnostic, closest};
use crate::scenario::Level;
use crate::scenario::document::{Content, Node};

/// One expectation of a scenario file.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Where in the evidence to look.
    pub path: Vec<String>,
    /// The matcher as written; placeholders not yet filled in.
    pub value: Value,
    /// Its own level, if it has one.
    pub level: Option<Level>,
    /// Where it stands in the file.
    pub span: Range<usize>,
}

/// An [`Expected`] held against the evidence.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    /// Where in the evidence was looked, such as `account.exists`.
    pub path: String,
    /// The level at which it is required.
    pub level: Level,
    /// Whether it held.
    pub held: bool,
    /// What was expected, in words; only where it did not hold.
    pub expected: Option<String>,
    /// What was there, in words; only where it did not hold.
    pub actual: Option<String>,
}

impl Expected {
    /// Collects the expectations in an `expect` table.
    pub fn collect(node: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Self> {
        let mut all = Vec::new();
        descend(node, &mut Vec::new(), &mut all, problems);
        all
    }

    /// The path as scenario files write it.
    pub fn dotted(&self) -> String {
        self.path.join(".")
    }

    /// What must be seen, as a clause.
    pub fn tell(&self) -> String {
        let words = Matcher::parse(&self.value).map_or_else(|problem| problem, |matcher| matcher.words());
        let level = self.level.map(|level| format!(" ({})", level.name())).unwrap_or_default();
        format!("{} is {words}{level}", self.dotted())
    }

    /// Holds `value` (this expectation's, placeholders filled in) against the
    /// evidence.
    pub fn check(&self, value: &Value, evidence: &Value) -> Result<(), Mismatch> {
        let actual = self.path.iter().try_fold(evidence, |node, key| match node {
            Value::Object(map) => map.get(key),
            Value::Array(list) => key.parse::<usize>().ok().and_then(|index| list.get(index.checked_sub(1)?)),
            _ => None,
        });
        match Matcher::parse(value) {
            Ok(matcher) => matcher.check(actual),
            Err(problem) => Err(Mismatch { expected: problem, actual: "a matcher that cannot be read".into() }),
        }
    }
}

fn descend(node: &Node, path: &mut Vec<String>, all: &mut Vec<Expected>, problems: &mut Vec<Diagnostic>) {
    let json = node.to_json();
    let Content::Table(table) = &node.content else { return leaf(node, path, json, all, problems) };
    if !path.is_empty() && Matcher::is_matcher(&json) {
        return leaf(node, path, json, all, problems);
    }
    for (key, entry) in table {
        path.push(key.clone());
        if let Err(problem) = known(path) {
            let (message, suggestion) = problem;
            let mut diagnostic = Diagnostic::error(message, entry.key_span.clone());
            if let Some(name) = suggestion {
                diagnostic = diagnostic.note(format!("did you mean `{name}`?"));
            }
            problems.push(diagnostic.note(possible(path)));
        } else {
            // The place of a dotted expectation is its last key and value.
            let mut node = entry.node.clone();
            if matches!(node.content, Content::Table(_)) {
                node.span = entry.key_span.clone();
            }
            descend(&node, path, all, problems);
        }
        path.pop();
    }
}

fn leaf(node: &Node, path: &[String], json: Value, all: &mut Vec<Expected>, problems: &mut Vec<Diagnostic>) {
    let mut broken = false;
    for (keyword, entry) in node.table().into_iter().flatten().filter(|_| Matcher::is_matcher(&json)) {
        let alone = Value::Object([(keyword.clone(), entry.node.to_json())].into_iter().collect());
        if let Err(problem) = Matcher::parse(&alone) {
            problems.push(Diagnostic::error(problem, entry.node.span.clone()).note(meaning(keyword)));
            broken = true;
        }
    }
    if broken {
        return;
    }
    let level = json.get("level").filter(|_| Matcher::is_matcher(&json));
    let level = match level.map(|level| serde_json::from_value::<Level>(level.clone())) {
        None => None,
        Some(Ok(level)) => Some(level),
        Some(Err(_)) => {
            let place = node.get("level").map_or_else(|| node.span.clone(), |level| level.span.clone());
            let problem = Diagnostic::error("a level is `must`, `should` or `may`", place);
            problems.push(problem.note("it is the word of the cited requirement, for this expectation alone"));
            return;
        }
    };
    all.push(Expected { path: path.to_vec(), value: json, level, span: node.span.clone() });
}

/// What could stand instead of the last key of a path.
fn possible(path: &[String]) -> String {
    let list = |names: &[&str]| names.join(", ");
    let section = path.first().and_then(|first| SECTIONS.iter().find(|section| section.name == first));
    match section {
        Some(section) if section.members.is_empty() => format!("write `expect.{} = …`", section.name),
        Some(section) => format!("it has {}", list(section.members)),
        None => format!("there are {}", list(&SECTIONS.iter().map(|section| section.name).collect::<Vec<_>>())),
    }
}

/// Whether such a path can be in the evidence at all.
fn known(path: &[String]) -> Result<(), (String, Option<String>)> {
    let names = || SECTIONS.iter().map(|section| section.name);
    let Some((first, rest)) = path.split_first() else { return Ok(()) };
    let Some(section) = SECTIONS.iter().find(|section| section.name == first) else {
        return Err((
            format!("nothing called `{first}` can be expected"),
            closest(first, names()).map(ToOwned::to_owned),
        ));
    };
    let Some(second) = rest.first() else { return Ok(()) };
    if section.members.is_empty() && !KEYWORDS.contains(&second.as_str()) {
        return Err((format!("`{first}` has no members"), None));
    }
    if section.members.contains(&"*") || section.members.contains(&second.as_str()) {
        return Ok(());
    }
    let message = format!("`{first}` has no member `{second}`");
    Err((message, closest(second, section.members.iter().copied()).map(ToOwned::to_owned)))
}

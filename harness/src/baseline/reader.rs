//! Reads the parts of a baseline file, and gathers all that is wrong with them.

use std::collections::HashMap;
use std::ops::Range;

use indexmap::IndexMap;
use jiff::civil::Date;
use semver::VersionReq;

use super::file_keys::{KnownEntry, Marks, Why};
use super::fingerprint::Fingerprint;
use super::known::{Cause, EntryPlace, Known, KnownResult};
use super::pinned::Pinned;
use crate::diagnostic::{Diagnostic, Source};
use crate::document::{self, Node, path};
use crate::expect::{Condition, Expected, ValueKind, kind_of};

/// How an entry says what was found.
const FOUND: &str = "write each failing check with the value that the run found, such as `found.STEP.outcome = \
                     \"signed-in\"`. `--report baseline=FILE` writes this for you";

/// The matchers by which an outcome, a number or a switch can be pinned; others
/// would let another fault pass for the known one.
const EXACT: &[&str] = &["is", "one-of", "at-least", "at-most", "absent"];

/// What is read, and what was found to be wrong with it.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) node: &'a Node,
    pub(super) built_in: bool,
    pub(super) problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A complaint about the value, or what else is, at `keys`.
    fn complain(&mut self, message: impl Into<String>, keys: &[&str], help: impl Into<String>) {
        self.problems.push(Diagnostic::error(message, self.node.place(&path(keys))).note(help));
    }

    /// Text that must be there and say something; `help` is what to write.
    fn said(&mut self, table: &[&str], key: &str, text: Option<String>, help: &str) -> Option<String> {
        match text {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                self.complain(format!("`{key}` is empty"), &[table, &[key]].concat(), format!("write {help}"));
                None
            }
            None => {
                self.complain(format!("missing key `{key}`"), table, format!("add `{key} = \"…\"`: {help}"));
                None
            }
        }
    }

    pub(super) fn fingerprint(&mut self, marks: Marks) -> Fingerprint {
        let Marks { present, absent, version } = marks;
        let version = version.and_then(|text| match text.parse::<VersionReq>() {
            Ok(range) => Some(range),
            Err(error) => {
                let help = "write a range such as `>=2.6.1, <3.0.0`";
                self.complain(format!("invalid range of versions: {error}"), &["fingerprint", "version"], help);
                None
            }
        });
        Fingerprint { present, absent, version }
    }

    pub(super) fn cause(&mut self, table: &[&str], why: Why) -> Option<Cause> {
        let reason = self.said(table, "reason", why.reason, "what the server does, as a sentence without a subject");
        let tracked =
            "where you track the failure, such as the address of an issue, or the clause that the server violates";
        // A run writes entries without one; [`Baseline::untracked`] asks for it.
        let reference = match why.reference.filter(|text| !text.trim().is_empty()) {
            None if self.built_in => self.said(table, "reference", None, tracked)?,
            reference => reference.unwrap_or_default(),
        };
        Some(Cause { reason: reason?, reference, severity: why.severity, advice: why.advice })
    }

    /// What an entry says of each test that it names, and where it names it.
    pub(super) fn entry(
        &mut self,
        index: &str,
        entry: KnownEntry,
        causes: &IndexMap<String, Option<Cause>>,
    ) -> Vec<Known> {
        let table = ["known", index];
        let at = |key| [&table[..], &[key]].concat();
        let scenario = self.said(&table, "scenario", entry.scenario, "the scenario, as `topic/name`");
        let words: Vec<&str> = KnownResult::ALL.iter().map(|result| result.name()).collect();
        let words = words.join(", ");
        let result = self.said(&table, "result", entry.result, &format!("the result of the test, one of {words}"));
        let result = result.and_then(|text| self.result(&text, &at("result"), &words));
        let why =
            Why { reason: entry.reason, reference: entry.reference, severity: entry.severity, advice: entry.advice };
        let cause = match entry.cause {
            Some(name) => self.named(&name, &table, &why, causes),
            None if why.reason.is_none() && why.reference.is_none() => {
                let help = "add a `cause`, or `reason` (what the server does) and `reference` (where you track it)";
                self.complain("missing key `reason`", &table, help);
                None
            }
            None => self.cause(&table, why),
        };
        if entry.cases.as_ref().is_some_and(Vec::is_empty) {
            self.complain(
                "`cases` is empty",
                &at("cases"),
                "list at least one case, or remove `cases` to cover all cases",
            );
        }
        let count = usize::from(entry.case.is_some()) + entry.cases.as_ref().map_or(0, Vec::len);
        let place = |keys: &[&str]| self.node.place(&path(keys));
        let one = entry.case.map(|case| (Some(case), place(&at("case"))));
        let several = entry.cases.into_iter().flatten().enumerate();
        let several =
            several.map(|(index, case)| (Some(case), place(&[&at("cases")[..], &[&index.to_string()]].concat())));
        let mut named: Vec<_> = one.into_iter().chain(several).collect();
        if named.is_empty() {
            named.push((None, place(&at("scenario"))));
        }
        let found = self.found(&table);
        let until = entry.until.as_deref().and_then(|text| self.date(text, &at("until")));
        let (Some(scenario), Some(result), Some(cause)) = (scenario, result, cause) else { return Vec::new() };
        let (line, _) = self.source.position(self.node.place(&path(&table)).start);
        let path = self.source.path.display().to_string();
        let built_in = self.built_in;
        let known = |(case, span)| {
            let place = EntryPlace { path: path.clone(), line, span, cases: count, built_in };
            let (scenario, found, cause) = (scenario.clone(), found.clone(), cause.clone());
            Known { scenario, case, result, found, until, cause, place }
        };
        named.into_iter().map(known).collect()
    }

    fn date(&mut self, text: &str, keys: &[&str]) -> Option<Date> {
        let date = text.parse().ok();
        if date.is_none() {
            let help = "write the last day on which the entry holds, such as \"2027-01-31\"";
            self.complain(format!("invalid date `{text}`"), keys, help);
        }
        date
    }

    /// The checks that an entry knows to fail.
    fn found(&mut self, table: &[&str]) -> Vec<Pinned> {
        let found = self.node.at(&path(table)).and_then(|entry| entry.get("found"));
        let steps = found.and_then(Node::table);
        // The reader has already reported one that is not a table.
        if found.is_none() || steps.is_some_and(IndexMap::is_empty) {
            self.complain("missing key `found`", table, FOUND);
        }
        let mut all = Vec::new();
        for (step, document::Entry { key_span, node }) in steps.into_iter().flatten() {
            if node.table().is_none() {
                let problem = Diagnostic::error(format!("`found.{step}` does not name a step"), node.span.clone());
                self.problems.push(problem.note(FOUND));
                continue;
            }
            // The place of a dotted key is the key, not the header above it.
            let node = Node { span: key_span.clone(), ..node.clone() };
            let found = Expected::collect_found(&node, &mut self.problems);
            self.problems.extend(found.iter().filter_map(too_little));
            all.extend(found.into_iter().map(|one| Pinned {
                step: step.clone(),
                path: one.dotted(),
                matcher: one.matcher,
                span: one.span,
            }));
        }
        all
    }

    fn result(&mut self, text: &str, keys: &[&str], words: &str) -> Option<KnownResult> {
        let result = KnownResult::ALL.iter().find(|result| result.name() == text).copied();
        if result.is_none() {
            let problem = Diagnostic::error(format!("unknown result `{text}`"), self.node.place(&path(keys)))
                .suggest(text, KnownResult::ALL.iter().map(|result| result.name()))
                .note(format!("allowed results: {words}"));
            self.problems.push(problem);
        }
        result
    }

    /// The cause that an entry names.
    fn named(
        &mut self,
        name: &str,
        table: &[&str],
        own: &Why,
        causes: &IndexMap<String, Option<Cause>>,
    ) -> Option<Cause> {
        let Why { reason, reference, severity, advice } = own;
        let own = [
            ("reason", reason.is_some()),
            ("reference", reference.is_some()),
            ("severity", severity.is_some()),
            ("advice", advice.is_some()),
        ];
        let node = self.node;
        for (key, _) in own.iter().filter(|(_, is_there)| *is_there) {
            let problem =
                Diagnostic::error(format!("`{key}` is not allowed beside `cause`"), node.key_place(&path(table), key));
            let problem = problem.also(node.key_place(&path(table), "cause"), "the cause already has this key");
            self.problems.push(problem.note(format!("remove `cause` or `{key}`")));
        }
        let cause = causes.get(name);
        let unread = self.node.get("causes").is_some_and(|causes| causes.table().is_none());
        if cause.is_none() && !unread {
            let names = causes.keys().map(String::as_str);
            let problem =
                Diagnostic::error(format!("unknown cause `{name}`"), node.place(&path(&[table, &["cause"]].concat())));
            let help = format!("add `[causes.{name}]` with `reason` and `reference`, or write these two keys here");
            self.problems.push(problem.suggest(name, names).note(help));
        }
        cause.cloned().flatten()
    }

    /// Complains about tests that two entries name.
    pub(super) fn twice(&mut self, known: &[Known]) {
        let mut first: HashMap<(&str, Option<&str>), &Range<usize>> = HashMap::new();
        for Known { scenario, case, place, .. } in known {
            let Some(before) = first.insert((scenario, case.as_deref()), &place.span) else { continue };
            let what = match case {
                Some(case) => format!("two entries are for the case `{case}` of `{scenario}`"),
                None => format!("two entries are for `{scenario}`"),
            };
            let problem = Diagnostic::error(what, place.span.clone()).also(before.clone(), "the first one is here");
            self.problems.push(problem.note("remove one of the two entries"));
        }
    }
}

/// A complaint about what would let another fault pass for the known one.
fn too_little(one: &Expected) -> Option<Diagnostic> {
    let problem = |text: &str| Diagnostic::error(format!("`{}` {text}", one.dotted()), one.span.clone());
    if one.level.is_some() {
        return Some(problem("has a level").note("remove `level`: the scenario sets the level"));
    }
    let exact = matches!(kind_of(&one.path)?, ValueKind::Word(..) | ValueKind::Number | ValueKind::Switch);
    let is_loose = |one: &&Condition| !EXACT.contains(&one.keyword()) || matches!(one, Condition::Absent(false));
    let loose = one.matcher.conditions().iter().find(is_loose).map(Condition::keyword);
    let loose = loose.or(one.matcher.is_or_absent().then_some("or-absent")).filter(|_| exact)?;
    Some(
        problem(&format!("cannot have the matcher `{loose}` here")).note(format!(
            "write the value that the run found; the matchers allowed here are {} = true",
            EXACT.join(", ")
        )),
    )
}

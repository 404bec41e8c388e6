//! A baseline file: what it may say, and all that is wrong with one. What it
//! means is for [`Baseline`]; whether there are such tests, for a catalogue.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use semver::VersionReq;
use serde::Deserialize;

use super::baseline::{Baseline, Cause, Fingerprint, Known, KnownResult, Place, SEVERITIES};
use crate::decode::mended;
use crate::diagnostic::{Broken, Diagnostic, Source};
use crate::document::{Node, path};

/// What the file may say. What an author may leave out by mistake is optional
/// here, so that the complaint can be one of our own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    #[serde(default)]
    fingerprint: Marks,
    /// What several tests show, said once.
    #[serde(default)]
    causes: IndexMap<String, Why>,
    #[serde(default)]
    known: Vec<Entry>,
}

/// See [`Fingerprint`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Marks {
    present: Vec<String>,
    absent: Vec<String>,
    version: Option<String>,
}

/// See [`Cause`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    reason: Option<String>,
    reference: Option<String>,
    severity: Option<String>,
    advice: Option<String>,
}

/// A scenario, or some of its cases, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    scenario: Option<String>,
    case: Option<String>,
    cases: Option<Vec<String>>,
    result: Option<String>,
    /// The name of a cause; without, reason and reference stand here.
    cause: Option<String>,
    reason: Option<String>,
    reference: Option<String>,
    severity: Option<String>,
    advice: Option<String>,
}

impl Baseline {
    /// Reads a baseline file; `built_in` says whether it is in the binary.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: Source, built_in: bool) -> Result<Self, Broken> {
        let source = Arc::new(source);
        let broken = |mut problems: Vec<Diagnostic>| {
            problems.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
            Broken { source: Arc::clone(&source), problems }
        };
        let node = Node::parse(&source).map_err(&broken)?;
        let mut problems = Vec::new();
        let Some(document) = mended::<Document>(&node, &mut problems) else { return Err(broken(problems)) };
        let without = document.without;
        let document = document.value;
        let mut reader = Reader { source: &source, node: &node, built_in, found: Vec::new() };
        let fingerprint = reader.fingerprint(document.fingerprint);
        let causes: IndexMap<String, Option<Cause>> = document
            .causes
            .into_iter()
            .map(|(name, why)| (name.clone(), reader.cause(&["causes", &name], why)))
            .collect();
        let mut known = Vec::new();
        for (index, entry) in document.known.into_iter().enumerate() {
            known.extend(reader.entry(&index.to_string(), entry, &causes));
        }
        reader.twice(&known);
        // What was mended to look at the rest was told already.
        let told: Vec<Range<usize>> = without.iter().map(|path| node.place(path)).collect();
        problems
            .extend(reader.found.into_iter().filter(|one| one.labels.iter().all(|label| !told.contains(&label.span))));
        if !problems.is_empty() {
            return Err(broken(problems));
        }
        Ok(Self { name: document.name, fingerprint, known, source, built_in })
    }
}

/// What is read, and what was found to be wrong with it.
struct Reader<'a> {
    source: &'a Source,
    node: &'a Node,
    built_in: bool,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A complaint about the value, or what else is, at `keys`.
    fn complain(&mut self, message: impl Into<String>, keys: &[&str], help: impl Into<String>) {
        self.found.push(Diagnostic::error(message, self.node.place(&path(keys))).note(help));
    }

    /// Text that must be there and say something; `help` is what to write.
    fn said(&mut self, table: &[&str], key: &str, text: Option<String>, help: &str) -> Option<String> {
        match text {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                self.complain(format!("`{key}` says nothing"), &[table, &[key]].concat(), format!("write {help}"));
                None
            }
            None => {
                self.complain(format!("missing key `{key}`"), table, format!("add `{key} = \"…\"`: {help}"));
                None
            }
        }
    }

    fn fingerprint(&mut self, marks: Marks) -> Fingerprint {
        let Marks { present, absent, version } = marks;
        let version = version.and_then(|text| match text.parse::<VersionReq>() {
            Ok(range) => Some(range),
            Err(error) => {
                let help = "write one such as `>=2.6.1, <3.0.0`";
                self.complain(format!("this is no range of versions: {error}"), &["fingerprint", "version"], help);
                None
            }
        });
        Fingerprint { present, absent, version }
    }

    fn cause(&mut self, table: &[&str], why: Why) -> Option<Cause> {
        let reason = self.said(table, "reason", why.reason, "what the server does, in a sentence without its subject");
        let tracked = "where it is tracked, such as the address of an issue, or the clause that it breaks";
        let reference = self.said(table, "reference", why.reference, tracked);
        if let Some(word) = &why.severity {
            self.severity(word, &[table, &["severity"]].concat());
        }
        Some(Cause { reason: reason?, reference: reference?, severity: why.severity, advice: why.advice })
    }

    /// What an entry says of each test that it names, and where it names it.
    fn entry(&mut self, index: &str, entry: Entry, causes: &IndexMap<String, Option<Cause>>) -> Vec<Known> {
        let table = ["known", index];
        let at = |key| [&table[..], &[key]].concat();
        let scenario = self.said(&table, "scenario", entry.scenario, "the scenario, as `topic/name`");
        let words: Vec<&str> = KnownResult::ALL.iter().map(|result| result.name()).collect();
        let words = words.join(", ");
        let result = self.said(&table, "result", entry.result, &format!("what comes of it, one of {words}"));
        let result = result.and_then(|text| self.result(&text, &at("result"), &words));
        let why =
            Why { reason: entry.reason, reference: entry.reference, severity: entry.severity, advice: entry.advice };
        let cause = match entry.cause {
            Some(name) => self.named(&name, &table, &why, causes),
            None if why.reason.is_none() && why.reference.is_none() => {
                let help = "name a `cause`, or write `reason`, what the server does, and `reference`, where it \
                            is tracked";
                self.complain("this entry does not say why", &table, help);
                None
            }
            None => self.cause(&table, why),
        };
        if entry.cases.as_ref().is_some_and(Vec::is_empty) {
            self.complain("no case is named", &at("cases"), "name some, or leave `cases` out, which means all");
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
        let (Some(scenario), Some(result), Some(cause)) = (scenario, result, cause) else { return Vec::new() };
        let (line, _) = self.source.position(self.node.place(&path(&table)).start);
        let path = self.source.path.display().to_string();
        let built_in = self.built_in;
        let known = |(case, span)| {
            let place = Place { path: path.clone(), line, span, cases: count, built_in };
            Known { scenario: scenario.clone(), case, result, cause: cause.clone(), place }
        };
        named.into_iter().map(known).collect()
    }

    fn result(&mut self, text: &str, keys: &[&str], words: &str) -> Option<KnownResult> {
        let result = KnownResult::ALL.iter().find(|result| result.name() == text).copied();
        if result.is_none() {
            let problem = Diagnostic::error(format!("there is no result `{text}`"), self.node.place(&path(keys)))
                .suggest(text, KnownResult::ALL.iter().map(|result| result.name()))
                .note(format!("what can be known of a test is {words}"));
            self.found.push(problem);
        }
        result
    }

    fn severity(&mut self, word: &str, keys: &[&str]) {
        let names = SEVERITIES.iter().map(|(name, _)| *name);
        if !names.clone().any(|name| name == word) {
            let help = format!("it is one of {}", names.clone().collect::<Vec<_>>().join(", "));
            let problem = Diagnostic::error(format!("there is no severity `{word}`"), self.node.place(&path(keys)));
            self.found.push(problem.suggest(word, names).note(help));
        }
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
        let own = [("reason", reason), ("reference", reference), ("severity", severity), ("advice", advice)];
        let node = self.node;
        for (key, _) in own.iter().filter(|(_, text)| text.is_some()) {
            let problem = Diagnostic::error(
                format!("an entry that names a cause has no `{key}` of its own"),
                node.key_place(&path(table), key),
            );
            let problem = problem.also(node.key_place(&path(table), "cause"), "the cause says it");
            self.found.push(problem.note(format!("leave `cause` out, or `{key}`")));
        }
        let cause = causes.get(name);
        let unread = self.node.get("causes").is_some_and(|causes| causes.table().is_none());
        if cause.is_none() && !unread {
            let names = causes.keys().map(String::as_str);
            let problem = Diagnostic::error(
                format!("there is no cause `{name}`"),
                node.place(&path(&[table, &["cause"]].concat())),
            );
            let help = format!("add [causes.{name}] with `reason` and `reference`, or write both here");
            self.found.push(problem.suggest(name, names).note(help));
        }
        cause.cloned().flatten()
    }

    /// Complains about tests that two entries name.
    fn twice(&mut self, known: &[Known]) {
        let mut first: HashMap<(&str, Option<&str>), &Range<usize>> = HashMap::new();
        for Known { scenario, case, place, .. } in known {
            let Some(before) = first.insert((scenario, case.as_deref()), &place.span) else { continue };
            let what = match case {
                Some(case) => format!("the case `{case}` of `{scenario}` is named twice"),
                None => format!("`{scenario}` is named twice"),
            };
            let problem = Diagnostic::error(what, place.span.clone()).also(before.clone(), "named here before");
            self.found.push(problem.note("leave one of the two out"));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("cause = \"keys\"", Ok(2))]
    #[case("cause = \"kyes\"", Err(vec!["there is no cause `kyes`"]))]
    #[case("cause = \"keys\"\nreason = \"r\"", Err(vec!["an entry that names a cause has no `reason` of its own"]))]
    #[case("cause = \"keys\"\nseverity = \"low\"", Err(vec!["an entry that names a cause has no `severity` of its own"]))]
    #[case("reason = \"r\"", Err(vec!["missing key `reference`"]))]
    #[case("reason = 1\nreference = \"\"", Err(vec!["expected text, found the number `1`", "`reference` says nothing"]))]
    #[case("", Err(vec!["this entry does not say why"]))]
    fn a_cause_is_said_once(#[case] cause: &str, #[case] expected: Result<usize, Vec<&str>>) {
        let text = format!(
            "name = \"n\"\n[causes.keys]\nreason = \"never\"\nreference = \"x\"\n[[known]]\nscenario = \"a/b\"\n\
             cases = [\"c\", \"d\"]\nresult = \"failed\"\n{cause}\n"
        );
        match (Baseline::parse(Source { path: "t".into(), text }, false), expected) {
            (Ok(baseline), Ok(count)) => {
                assert_eq!(baseline.known.len(), count);
                let reason = |case| baseline.known("a/b", Some(case)).map(|known| known.cause.reason.as_str());
                assert_eq!((reason("c"), reason("d"), reason("e")), (Some("never"), Some("never"), None));
            }
            (Err(broken), Err(messages)) => {
                let told: Vec<&str> = broken.problems.iter().map(|problem| problem.message.as_str()).collect();
                assert_eq!(told, messages);
            }
            (parsed, expected) => unreachable!("{parsed:?} is not {expected:?}"),
        }
    }
}

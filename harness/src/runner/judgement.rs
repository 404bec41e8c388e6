//! Checks the expectations of a step against the evidence. Pure.
//! [`super::verdict`] makes the result of a whole play.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::expect::{Check, Evidence, Expected, Mismatch, SUCCESSES, ending, found};
use crate::immich::TargetError;
use crate::level::Level;
use crate::placeholder::Placeholders;
use crate::redaction::Secrets;
use crate::stage::Kind;

/// What must be seen after a step.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    /// The step's id.
    pub(super) id: &'a str,
    /// What the scenario says.
    pub(super) expected: &'a [Expected],
    /// The level of what says none.
    pub(super) level: Level,
    /// Where in the file the step's action stands.
    pub(super) place: Range<usize>,
    /// What the step is meant to bring about.
    pub(super) kind: Kind,
}

/// The result of a step's expectations.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    pub(super) checks: Vec<Check>,
    /// One for each check that does not hold, and for what is unknown.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Why something that is expected cannot be known.
    pub(super) unknown: Option<TargetError>,
}

impl Judgement {
    /// Whether everything holds that must or should.
    fn holds(&self) -> bool {
        self.unknown.is_none() && self.checks.iter().all(|check| check.held || check.level == Level::May)
    }

    fn extend(&mut self, others: impl IntoIterator<Item = Self>) {
        for other in others {
            self.checks.extend(other.checks);
            self.diagnostics.extend(other.diagnostics);
            self.unknown = self.unknown.take().or(other.unknown);
        }
    }

    fn note_unknown(&mut self, path: &str, error: &TargetError, place: Range<usize>) {
        self.diagnostics.push(Diagnostic::error(format!("`{path}` is unknown: {error}"), place));
        self.unknown.get_or_insert_with(|| error.clone());
    }
}

impl Wanted<'_> {
    /// Returns whether the step has to succeed, as no expectation says how it
    /// ends.
    fn has_to_succeed(&self) -> bool {
        !ending::is_said(self.expected) && self.kind != Kind::Arrangement
    }

    /// Returns the sections of the evidence by which it is judged.
    pub(super) fn sections(&self) -> Vec<&str> {
        let named = self.expected.iter().filter_map(|one| one.path.first().map(String::as_str));
        named.chain(self.has_to_succeed().then_some("outcome")).collect()
    }

    /// Holds it against the evidence.
    pub(super) fn judge(&self, evidence: &Evidence, placeholders: &Placeholders, secrets: &Secrets) -> Judgement {
        let mut judged = Judgement::default();
        if self.has_to_succeed() {
            self.judge_success(evidence, placeholders, &mut judged);
        }
        let mut alternatives: IndexMap<&str, Judgement> = IndexMap::new();
        for one in self.expected {
            let judgement = match &one.alternative {
                Some(name) => alternatives.entry(name).or_default(),
                None => &mut judged,
            };
            self.judge_one(one, evidence, placeholders, secrets, judgement);
        }
        // The others say nothing where one holds.
        match alternatives.values().position(Judgement::holds) {
            Some(held) => judged.extend(alternatives.into_values().skip(held).take(1)),
            None => judged.extend(alternatives.into_values()),
        }
        judged
    }

    fn judge_one(
        &self,
        one: &Expected,
        evidence: &Evidence,
        placeholders: &Placeholders,
        secrets: &Secrets,
        judged: &mut Judgement,
    ) {
        if let Some(error) = one.path.first().and_then(|section| evidence.unknown(section)) {
            judged.note_unknown(&one.dotted(), error, one.span.clone());
            return;
        }
        let mismatch = one.check(placeholders, &evidence.seen).err();
        let level = one.level.unwrap_or(self.level);
        let shown = mismatch.map(|Mismatch { expected, actual }| {
            let mut form = None;
            let actual = actual.map_values(|value| {
                form = secrets.form(&one.path, &value);
                secrets.value(&one.path, &value)
            });
            (secrets.words(&expected), actual.to_string() + &form.unwrap_or_default())
        });
        let alternative = one.alternative.clone();
        if let Some((expected, actual)) = &shown {
            let of = alternative.as_ref().map(|name| format!(" in the alternative `{name}`")).unwrap_or_default();
            let text = format!("`{}` is {actual}, expected {expected}{of}", one.dotted());
            let diagnostic = Diagnostic::error(text, one.span.clone()).label(format!("found {actual}"));
            judged.diagnostics.push(diagnostic);
        }
        let pinned = || found(one.value_in(&evidence.seen), placeholders);
        let found = shown.is_some().then(|| secrets.value(&one.path, &pinned()));
        let held = shown.is_none();
        let (expected, actual) = shown.unzip();
        let problem = one.problem.clone().filter(|_| !held);
        judged.checks.push(Check { path: one.dotted(), alternative, level, held, expected, actual, found, problem });
    }

    fn judge_success(&self, evidence: &Evidence, placeholders: &Placeholders, judged: &mut Judgement) {
        if let Some(error) = evidence.unknown("outcome") {
            judged.note_unknown("outcome", error, self.place.clone());
            return;
        }
        let outcome = evidence.seen.get("outcome").and_then(Value::as_str).unwrap_or_default();
        let held = SUCCESSES.contains(&outcome);
        if !held {
            let text = format!("step `{}` did not succeed: {outcome}", self.id);
            judged.diagnostics.push(Diagnostic::error(text, self.place.clone()));
        }
        judged.checks.push(Check {
            path: "outcome".into(),
            alternative: None,
            level: self.level,
            held,
            expected: (!held).then(|| SUCCESSES.join(" or ")),
            actual: (!held).then(|| outcome.to_owned()),
            found: (!held).then(|| found(evidence.seen.get("outcome"), placeholders)),
            problem: None,
        });
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::document::Node;

    #[rstest]
    #[case("signed-in", &["links"])]
    #[case("refused", &["asks"])]
    #[case("done", &[])]
    fn one_alternative_is_enough(#[case] outcome: &str, #[case] held: &[&str]) {
        let text = "either.links.outcome = 'signed-in'\neither.asks.outcome = 'refused'".to_owned();
        let node = Node::parse(&Source { path: "s.toml".into(), text }).unwrap();
        let expected = Expected::collect(&node, &mut Vec::new());
        let wanted = Wanted { id: "s", expected: &expected, level: Level::Must, place: 0..0, kind: Kind::SignIn };
        let mut evidence = Evidence::default();
        evidence.seen["outcome"] = outcome.into();
        let judged = wanted.judge(&evidence, &Placeholders::default(), &Secrets::default());
        let (good, bad): (Vec<_>, Vec<_>) = judged.checks.iter().partition(|check| check.held);
        let names: Vec<_> = good.iter().filter_map(|check| check.alternative.as_deref()).collect();
        assert_eq!(names, held);
        assert_eq!((bad.len(), judged.diagnostics.len()), if held.is_empty() { (2, 2) } else { (0, 0) });
    }
}

//! Checks the expectations of a step against the evidence. Pure.
//! [`super::verdict`] makes the result of a whole play.

use std::ops::Range;

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
        for one in self.expected {
            if let Some(error) = one.path.first().and_then(|section| evidence.unknown(section)) {
                judged.note_unknown(&one.dotted(), error, one.span.clone());
                continue;
            }
            let mismatch = one.check(placeholders, &evidence.seen).err();
            let level = one.level.unwrap_or(self.level);
            let shown = mismatch.map(|Mismatch { expected, actual }| {
                let actual = actual.map_values(|value| secrets.value(&one.path, &value));
                (secrets.words(&expected), actual.to_string())
            });
            if let Some((expected, actual)) = &shown {
                let text = format!("`{}` is {actual}, expected {expected}", one.dotted());
                let diagnostic = Diagnostic::error(text, one.span.clone()).label(format!("found {actual}"));
                judged.diagnostics.push(diagnostic);
            }
            let pinned = || found(one.value_in(&evidence.seen), placeholders);
            let found = shown.is_some().then(|| secrets.value(&one.path, &pinned()));
            let held = shown.is_none();
            let (expected, actual) = shown.unzip();
            judged.checks.push(Check { path: one.dotted(), level, held, expected, actual, found });
        }
        judged
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
            level: self.level,
            held,
            expected: (!held).then(|| SUCCESSES.join(" or ")),
            actual: (!held).then(|| outcome.to_owned()),
            found: (!held).then(|| found(evidence.seen.get("outcome"), placeholders)),
        });
    }
}

//! What came of a play: what each step shows, and what it proves. Performing the
//! steps is for [`super::performance`], the result for [`super::verdict`].

use crate::diagnostic::Diagnostic;
use crate::expect::{AnswerRule, Check};
use crate::immich::TargetError;
use crate::plural::noun;
use crate::report::StepReport;

/// How the paths of expectations begin that are about requests at providers.
const SEEN_BY_PROVIDERS: &[&str] = &["provider-saw.", "other-provider-saw."];

/// What came of a play.
#[derive(Debug, Default)]
pub(super) struct Played {
    pub(super) steps: Vec<StepReport>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Deviations that were set together and never changed a message.
    pub(super) idle: Vec<String>,
    /// Why nothing more of the play could follow: the target did not send what
    /// it builds on.
    pub(super) stopped: Option<String>,
    /// Whether the server signed an end-user in.
    pub(super) signs_in: bool,
    /// How many steps were not performed.
    pub(super) left: usize,
    /// Why something that is expected cannot be known.
    pub(super) unknown: Option<TargetError>,
}

impl Played {
    /// Why the play did not exercise its subject, if so.
    pub(super) fn not_exercised(&self) -> Option<String> {
        let idle = || {
            let in_words = |name: &String| match mock_idp::quirk(name) {
                Some(_) => format!("quirk `{name}`"),
                None => name.clone(),
            };
            let names: Vec<String> = self.idle.iter().map(in_words).collect();
            let verb = noun(&names.len(), "changes", "change");
            format!("the server never requested the message that {} {verb}", names.join(" and "))
        };
        self.stopped.clone().or_else(|| (!self.idle.is_empty()).then(idle))
    }

    /// The first check that did not hold, as `path is what was found`.
    pub(super) fn first_miss(&self) -> Option<String> {
        let missed = self.steps.iter().flat_map(|step| &step.checks).find(|check| !check.held)?;
        Some(format!("{} is {}", missed.path, missed.actual.clone().unwrap_or_default()))
    }

    /// Adds what the last step shows besides.
    pub(super) fn add(&mut self, more: Option<(Check, Diagnostic)>) {
        if let Some((step, (check, diagnostic))) = self.steps.last_mut().zip(more) {
            step.checks.push(check);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether an answer is wrong whatever the scenario is about, so that it
    /// stands for itself.
    pub(super) fn is_wrong_at_large(&self) -> bool {
        self.steps.iter().flat_map(|step| &step.checks).any(|check| AnswerRule::of(check).is_some())
    }

    /// Forgets what was judged from this step on, where the provider could not
    /// answer: only what the target had sent is its own doing.
    pub(super) fn forget_since(&mut self, step: usize) {
        let is_kept = |at: usize, check: &Check| {
            at < step
                || SEEN_BY_PROVIDERS.iter().any(|seen| check.path.starts_with(seen))
                || AnswerRule::of(check).is_some()
        };
        let misses = |(at, step): (usize, &StepReport)| {
            step.checks.iter().filter(|check| !check.held).map(|check| is_kept(at, check)).collect::<Vec<_>>()
        };
        // There is one for each check that did not hold.
        let mut kept = self.steps.iter().enumerate().flat_map(misses).collect::<Vec<_>>().into_iter();
        self.diagnostics.retain(|_| kept.next().unwrap_or(true));
        for (at, step) in self.steps.iter_mut().enumerate() {
            step.checks.retain(|check| is_kept(at, check));
        }
    }
}

//! The problem of one test while a run lasts, by what the tests before it show of
//! sign-in, so that a test has the same sentence there as in the end. What a whole
//! report shows is for [`super::grouping`].

use std::collections::{BTreeMap, BTreeSet};

use super::attribution::FEWEST;
use super::common_cause::CommonCause;
use super::refused_sign_in::{RefusedSignIn, SignInFailure, shows_sign_in};
use super::shape::{Problem, sentence, severity};
use super::wrong_answer::wrong_answers;
use crate::report::Outcome;
use crate::report::shape::CaseReport;

/// What the tests that were judged so far show of sign-in.
#[derive(Debug, Default)]
pub struct SignInsSoFar {
    /// Whether an honest one succeeded.
    works: bool,
    /// How those of failed controls ended, and in which scenarios.
    blocked: BTreeMap<SignInFailure, BTreeSet<String>>,
}

impl SignInsSoFar {
    /// Notes that an honest sign-in succeeded.
    pub fn note_success(&mut self) {
        self.works = true;
    }

    /// Notes what a test shows.
    pub fn note(&mut self, case: &CaseReport) {
        self.works |= shows_sign_in(case);
        let refused = RefusedSignIn::of(case).filter(|_| case.result.outcome == Outcome::Blocked);
        if let Some(refused) = refused {
            self.blocked.entry(refused.refusal).or_default().insert(case.scenario.clone());
        }
    }

    /// Returns what one test that did not pass shows.
    pub fn problem<'a>(&self, case: &'a CaseReport) -> Problem<'a> {
        let mut others = vec![case];
        let mut wrong_answers = wrong_answers(&mut others).into_iter();
        if let Some(problem) = wrong_answers.next().filter(|_| others.is_empty()) {
            return problem;
        }
        if let Some(refused) = RefusedSignIn::of(case).filter(|refused| self.is_to_blame(refused)) {
            return CommonCause::SignIn(refused.refusal).problem(vec![case], self.works);
        }
        Problem::of(sentence(case), severity(case), vec![case], false)
    }

    /// Whether the sign-in as such fails, and not the subject of the test.
    fn is_to_blame(&self, refused: &RefusedSignIn) -> bool {
        let is_sure = match refused.refusal {
            SignInFailure::ByProvider { .. } => true,
            SignInFailure::NoTokenRequest | SignInFailure::Answer { .. } | SignInFailure::ForeignSession(_) => {
                !self.works
            }
            SignInFailure::Outcome(_) => false,
        };
        // Where another sign-in works, controls of few scenarios blame the scenarios.
        let fewest = if self.works { FEWEST } else { 1 };
        let is_blocked = self.blocked.get(&refused.refusal).is_some_and(|all| all.len() >= fewest);
        refused.is_honest && is_sure || is_blocked
    }
}

#[cfg(test)]
impl<'a> Problem<'a> {
    /// What one test shows, whatever others show.
    pub fn of_one(case: &'a CaseReport) -> Self {
        SignInsSoFar { works: true, ..SignInsSoFar::default() }.problem(case)
    }
}

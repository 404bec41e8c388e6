//! What a problem is.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::alteration::alteration;
use super::finding::finding;
use super::refused_sign_in::{kind, refused_by_provider};
use crate::diagnostic::Diagnostic;
use crate::expect::{AnswerRule, Check, ForeignOwner, REFUSALS, SUCCESSES};
use crate::invocation::{program, quoted};
use crate::level::Level;
use crate::message::Library;
use crate::report::exchange::ExchangeReport;
use crate::report::shape::CaseReport;
use crate::report::step::StepReport;
use crate::report::{Outcome, SourceReport};
use crate::severity::Severity;

/// The messages that `explain` knows.
static LIBRARY: LazyLock<Library> = LazyLock::new(Library::new);

/// What a server does wrong, and the tests that show it.
#[derive(Debug)]
pub struct Problem<'a> {
    /// What the server does, without a subject, or what fails.
    pub sentence: String,
    /// How bad it is.
    pub severity: Severity,
    /// How strongly it is forbidden: must, if any of the tests says so.
    pub level: Level,
    /// Whose session the server hands out, if not that of the person who signs in.
    pub foreign_owner: Option<ForeignOwner>,
    /// Whether its tests are about other things.
    pub is_common: bool,
    /// What asks for something else; empty where sign-in as such fails.
    pub requirements: Vec<&'a str>,
    /// What follows from it, where no scenario file says it.
    pub why: Option<&'a str>,
    /// What an administrator can do.
    pub advice: Option<&'a str>,
    /// The rule that it breaks, if it is about every answer.
    pub(super) rule: Option<&'static AnswerRule>,
    /// The routes whose answers show it; none unless it is about every answer.
    pub routes: Vec<&'a str>,
    /// The tests that show it, by scenario.
    pub scenarios: Vec<ProblemScenario<'a>>,
}

/// A scenario that shows a problem.
#[derive(Debug)]
pub struct ProblemScenario<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its failed cases; never empty.
    pub cases: Vec<&'a CaseReport>,
}

impl<'a> Problem<'a> {
    /// The problem that `cases` show, which are not none. `is_common` says that
    /// they are about other things.
    pub(super) fn of(sentence: String, severity: Severity, cases: Vec<&'a CaseReport>, is_common: bool) -> Self {
        let level =
            if cases.iter().all(|case| case.result.outcome == Outcome::Finding) { Level::Should } else { Level::Must };
        let mut requirements = Vec::new();
        for requirement in cases.iter().filter(|_| !is_common).flat_map(|case| &case.requirement) {
            if !requirements.contains(&requirement.as_str()) {
                requirements.push(requirement);
            }
        }
        let advice = cases.iter().filter(|_| !is_common).find_map(|case| case.advice.as_deref());
        let foreign_owner = cases.iter().filter_map(|case| foreign_owner(case)).max();
        let mut scenarios: Vec<ProblemScenario<'_>> = Vec::new();
        for case in cases {
            match scenarios.iter_mut().find(|scenario| scenario.name == case.scenario) {
                Some(scenario) => scenario.cases.push(case),
                None => scenarios.push(ProblemScenario { name: &case.scenario, cases: vec![case] }),
            }
        }
        let (why, rule, routes) = (None, None, Vec::new());
        Self { sentence, severity, level, foreign_owner, is_common, requirements, why, advice, rule, routes, scenarios }
    }

    /// The tests that show it.
    pub fn cases(&self) -> impl Iterator<Item = &'a CaseReport> + '_ {
        self.scenarios.iter().flat_map(|scenario| scenario.cases.iter().copied())
    }

    /// Returns the test that shows the problem best: one in which the server opens
    /// a session for the wrong person, then a failed one before a blocked one, then
    /// one whose sign-in succeeds and must not, then a scenario or the first case of
    /// one, then the one with the fewest steps, then the first. Of a common cause, a
    /// test without alterations shows it best.
    pub fn example(&self) -> Option<&'a CaseReport> {
        let is_plain = |case: &CaseReport| self.is_common && alteration(case).is_none();
        let rank = |case: &&CaseReport| {
            let is_shown = (foreign_owner(case), case.result.outcome == Outcome::Failed, is_let_in(case));
            (is_shown, is_plain(case), case.cases_before == 0, Reverse(case.steps.held().len()))
        };
        // Of equal ones the first.
        self.cases().reduce(|best, case| if rank(&case) > rank(&best) { case } else { best })
    }

    /// Whether its tests say nothing of what they are about, because what must work
    /// without an alteration does not.
    pub fn is_untested(&self) -> bool {
        !self.is_common && self.cases().all(|case| case.result.outcome == Outcome::Blocked)
    }

    /// Returns what to change in the scenario, where it may be wrong and not the
    /// server.
    pub fn doubt(&self) -> Option<&'static str> {
        let is_opposite =
            |case: &CaseReport| case.problem.as_ref().is_some_and(|problem| opposite(case, problem).is_some());
        if self.is_untested() {
            Some("if the server is right, correct the settings, the steps or `[control]` in this file")
        } else if self.is_common || !self.cases().all(is_opposite) {
            None
        } else {
            Some("if the server is right, correct the expectation in this file")
        }
    }

    /// Returns why the problem matters. The scenario of the best example says it, unless
    /// the problem is common to tests about other things.
    pub fn consequence(&self, sources: &BTreeMap<String, SourceReport>) -> Option<String> {
        if self.is_common {
            return self.why.map(ToOwned::to_owned);
        }
        let example = self.example()?;
        sources.get(&example.scenario)?.why(example.case.as_deref())
    }

    /// What did not hold in the best example, pointing into its file; none where
    /// answers of routes show it, whatever the file expects.
    pub fn diagnostic(&self) -> Option<&'a Diagnostic> {
        let case = self.example().filter(|_| self.rule.is_none())?;
        self.worst_check().map(|(_, diagnostic)| diagnostic).or(case.diagnostics.first())
    }

    /// The failed check that explains most of the best example, with its diagnostic.
    fn worst_check(&self) -> Option<(&'a Check, &'a Diagnostic)> {
        let case = self.example().filter(|_| self.rule.is_none())?;
        let failed = case.steps.held().iter().flat_map(|step| &step.checks).filter(|check| !check.held);
        // There is a diagnostic for each check that did not hold.
        let all = failed.zip(&case.diagnostics);
        all.reduce(|best, one| if weight(one.0) > weight(best.0) { one } else { best })
    }

    /// Returns what the best example found, where the sentence of the problem may be
    /// about something else: in the tests of a scenario, a check that is not the outcome.
    pub fn finding(&self) -> Option<String> {
        finding(self.worst_check().filter(|_| !self.is_common)?.0)
    }

    /// The first so many routes whose answers show it: `GET /a, POST /b and 16 more`.
    pub fn routes_in_words(&self, most: usize) -> Option<String> {
        let named = self.routes.iter().take(most).copied().collect::<Vec<_>>().join(", ");
        let more = self.routes.len().saturating_sub(most);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!named.is_empty()).then(|| named + &more)
    }

    /// The answer that breaks a rule in the best example: its route, its status and
    /// its header or member. None unless the problem is about every answer.
    pub fn place(&self) -> Option<&'a str> {
        let rule = self.rule?;
        let case = self.example()?;
        let failed = case.steps.held().iter().flat_map(|step| &step.checks).filter(|check| !check.held);
        let of_rule = failed.zip(&case.diagnostics).filter(|(check, _)| check.path == rule.path);
        let mut notes = of_rule.flat_map(|(_, diagnostic)| diagnostic.notes.iter().map(String::as_str));
        notes.find(|note| self.routes.iter().any(|route| note.starts_with(route)))
    }

    /// What the provider or the browser altered in the best example; none where answers of
    /// routes show it.
    pub fn alteration(&self) -> Option<String> {
        alteration(self.example().filter(|_| self.rule.is_none())?)
    }

    /// The failed step of the best example and the one before it: their numbers,
    /// from 1, and what they do. The step whose answer breaks a rule is a failed one.
    pub fn steps(&self) -> Vec<(usize, &'a str)> {
        let Some(case) = self.example() else { return Vec::new() };
        let failed = case.steps.held().iter().rposition(|step| match self.rule {
            Some(rule) => step.checks.iter().any(|check| !check.held && check.path == rule.path),
            None => has_failed(step),
        });
        let told = case.steps.held().iter().map(|step| step.sentence.as_str()).enumerate();
        let told = told.take(failed.map_or(0, |failed| failed + 1)).filter(|(_, sentence)| !sentence.is_empty());
        let told: Vec<(usize, &str)> = told.map(|(before, sentence)| (before + 1, sentence)).collect();
        told[told.len().saturating_sub(2)..].to_vec()
    }

    /// The same in a line: `1: alice starts to sign in; 2: bob signs in`.
    pub fn steps_in_words(&self) -> Option<String> {
        let steps: Vec<String> =
            self.steps().into_iter().map(|(number, sentence)| format!("{number}: {sentence}")).collect();
        (!steps.is_empty()).then(|| steps.join("; "))
    }

    /// The request in the best example that the provider refused of its own
    /// accord, and why: `token 400: the code verifier is missing`.
    pub fn refusal(&self) -> Option<String> {
        let refused = self.refused()?;
        let endpoint = refused.endpoint.as_deref().unwrap_or_else(|| refused.exchange.path());
        let status = refused.exchange.status.unwrap_or_default();
        Some(format!("{endpoint} {status}: {}", refused.exchange.complaint_text()))
    }

    pub(super) fn refused(&self) -> Option<&'a ExchangeReport> {
        let example = self.example().filter(|_| self.rule.is_none())?;
        refused_by_provider(last_failed(example)?)
    }

    /// Returns `oidc-harness explain 'MESSAGE'` with the provider's refusal, where
    /// sign-in as such fails by it; none if `explain` does not know the message.
    pub fn explanation(&self) -> Option<String> {
        let said = self.refused().filter(|_| self.is_common)?.exchange.complaint_text();
        let line = kind(said.lines().next()?);
        let is_known = !LIBRARY.recognise(&line).is_empty();
        is_known.then(|| format!("{} explain {}", program(), quoted(&line)))
    }
}

/// What a test shows. One whose control failed shows nothing of what it is about,
/// nor does one in which the server does the opposite of its problem.
pub(super) fn sentence(case: &CaseReport) -> String {
    match (&case.result.outcome, &case.problem) {
        (outcome @ (Outcome::Error | Outcome::UnexpectedPass | Outcome::StaleEntry), _) => {
            format!("{}: {}", outcome.name(), case.found())
        }
        (Outcome::Blocked, _) => format!("Cannot be tested: {}", case.found()),
        (_, Some(problem)) => opposite(case, problem).unwrap_or_else(|| problem.clone()),
        (_, None) => format!("Not met: {}", case.title),
    }
}

/// Returns what the server does if that is not `problem`, but the opposite: it refuses
/// where the problem says that it accepts, or accepts where it refuses. A server that
/// never connects to the provider accepts nothing of it.
fn opposite(case: &CaseReport, problem: &str) -> Option<String> {
    let is_one_of = |text: &Option<String>, known: &[&str]| {
        let mut words = text.as_deref().unwrap_or_default().split(" or ");
        words.all(|word| known.contains(&word.trim_matches('"')))
    };
    let step = last_failed(case)?;
    let verb = problem.split(' ').next().unwrap_or_default();
    let name = &case.scenario;
    let is_unconnected = |check: &Check| {
        check.path == "provider-saw.connection.count" && !check.held && check.actual.as_deref() == Some("0")
    };
    let is_held = step.checks.iter().all(|check| check.path != "outcome" || check.held);
    if verb == "Accepts" && is_held && step.checks.iter().any(is_unconnected) {
        return Some(format!("Never connects to the provider in the tests of `{name}`"));
    }
    let check = step.checks.iter().find(|check| check.path == "outcome" && !check.held)?;
    let is_refused = is_one_of(&check.expected, SUCCESSES) && is_one_of(&check.actual, REFUSALS);
    let is_accepted = is_one_of(&check.expected, REFUSALS) && is_one_of(&check.actual, SUCCESSES);
    match verb {
        "Accepts" | "Signs" if is_refused => Some(format!("Refuses a request that `{name}` expects it to accept")),
        "Refuses" if is_accepted => Some(format!("Accepts a request that `{name}` expects it to refuse")),
        _ => None,
    }
}

/// How much a failed check explains: the outcome explains most.
fn weight(check: &Check) -> (Level, bool) {
    (check.level, check.path == "outcome")
}

/// The step in which a test failed.
fn last_failed(case: &CaseReport) -> Option<&StepReport> {
    case.steps.held().iter().rfind(|step| has_failed(step))
}

fn has_failed(step: &StepReport) -> bool {
    step.checks.iter().any(|check| !check.held)
}

/// Whether a sign-in succeeds that must not.
fn is_let_in(case: &CaseReport) -> bool {
    let failed =
        case.steps.held().iter().flat_map(|step| &step.checks).filter(|check| check.path == "outcome" && !check.held);
    failed.filter_map(|check| check.actual.as_deref()).any(|found| SUCCESSES.contains(&found.trim_matches('"')))
}

/// Whose account the failed step opened.
pub(super) fn foreign_owner(case: &CaseReport) -> Option<ForeignOwner> {
    last_failed(case)?.foreign_owner
}

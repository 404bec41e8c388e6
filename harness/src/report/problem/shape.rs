//! What a problem is.

use std::collections::BTreeMap;

use mock_idp::Message;

use super::alteration::altered_exchange;
use crate::expect::{ALIVE, AnswerRule, Check, ForeignOwner};
use crate::level::Level;
use crate::report::exchange::{CALLBACK, Deviation};
use crate::report::shape::{CaseReport, Report};
use crate::report::{Outcome, SourceReport};
use crate::severity::Severity;

/// So many cases stand in a headline.
const FEW: usize = 3;

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
    /// The sentence of the tests that show it best, where it gathers several.
    pub(super) lead: Option<&'static str>,
    /// Whether honest sign-ins of the run succeed although its own fail.
    pub(super) works: bool,
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
    /// The few cases that show it, where others of the scenario pass.
    pub only: Vec<&'a str>,
    /// A problem that may be the cause, where this one follows from what the server
    /// sends.
    pub see_also: Option<String>,
}

/// A scenario that shows a problem.
#[derive(Debug)]
pub struct ProblemScenario<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its failed cases; never empty.
    pub cases: Vec<&'a CaseReport>,
    /// Whether its provider is like a product, with many peculiarities.
    pub(super) is_of_product: bool,
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
        let foreign_owner = cases.iter().filter_map(|case| case.foreign_owner()).max();
        let mut scenarios: Vec<ProblemScenario<'_>> = Vec::new();
        for case in cases {
            match scenarios.iter_mut().find(|scenario| scenario.name == case.scenario) {
                Some(scenario) => scenario.cases.push(case),
                None => {
                    scenarios.push(ProblemScenario { name: &case.scenario, cases: vec![case], is_of_product: false });
                }
            }
        }
        let (why, rule, routes, only, see_also) = (None, None, Vec::new(), Vec::new(), None);
        Self {
            sentence,
            severity,
            level,
            foreign_owner,
            is_common,
            lead: None,
            works: false,
            requirements,
            why,
            advice,
            rule,
            routes,
            scenarios,
            only,
            see_also,
        }
    }

    /// Notes which of its scenarios have a provider that is like a product.
    pub(super) fn note_products(&mut self, report: &Report) {
        for scenario in &mut self.scenarios {
            scenario.is_of_product = report.sources.get(scenario.name).is_some_and(SourceReport::has_profile);
        }
    }

    /// Notes which cases show it, if they are few and others of their scenario pass.
    pub(super) fn note_cases(&mut self, report: &Report) {
        let [scenario] = self.scenarios.as_slice() else { return };
        let passes = |case: &&CaseReport| case.scenario == scenario.name && case.result.outcome == Outcome::Passed;
        if !self.is_common && scenario.cases.len() <= FEW && report.results.iter().any(|case| passes(&case)) {
            self.only = scenario.cases.iter().filter_map(|case| case.case.as_deref()).collect();
        }
    }

    /// Whether the server treats a callback wrongly that the browser or the provider
    /// altered.
    pub(super) fn is_about_callback(&self) -> bool {
        let messages = [CALLBACK, Message::AuthorizationResponse.name()];
        let altered = self.example().and_then(|case| altered_exchange(case.steps.held()));
        altered.is_some_and(|one| one.deviations.iter().any(|one| messages.contains(&one.message.as_str())))
    }

    /// Whether it is about what the server sends with an authorization request, by
    /// which it recognizes the callback, or about the `nonce` that comes back.
    pub(super) fn is_about_request(&self) -> bool {
        let paths = ["redirect.parameters.", "provider-saw.authorization."];
        let check = self.worst_check().filter(|_| !self.is_common);
        check.is_some_and(|(check, _)| paths.iter().any(|path| check.path.starts_with(path))) || self.is_about_nonce()
    }

    /// Whether what its best example altered may be the cause: not of what answers of
    /// many routes show, but of a server that stops working.
    pub(super) fn shows_cause(&self) -> bool {
        self.rule.is_none_or(|rule| rule.path == ALIVE.path)
    }

    fn is_about_nonce(&self) -> bool {
        let altered = self.example().filter(|_| !self.is_common).and_then(|case| altered_exchange(case.steps.held()));
        let is_nonce =
            |one: &Deviation| (one.message.as_str(), one.member.as_str()) == (Message::IdToken.name(), "nonce");
        altered.is_some_and(|one| one.deviations.iter().any(is_nonce))
    }

    /// The sentence, and after it the cases where only these show it.
    pub fn headline(&self) -> String {
        let cases: Vec<String> = self.only.iter().map(|case| format!("`{case}`")).collect();
        if cases.is_empty() { self.sentence.clone() } else { format!("{}: {}", self.sentence, cases.join(", ")) }
    }

    /// The tests that show it.
    pub fn cases(&self) -> impl Iterator<Item = &'a CaseReport> + '_ {
        self.scenarios.iter().flat_map(|scenario| scenario.cases.iter().copied())
    }

    /// Whether its tests say nothing of what they are about, because what must work
    /// without an alteration does not.
    pub fn is_untested(&self) -> bool {
        !self.is_common && self.cases().all(|case| case.result.outcome == Outcome::Blocked)
    }

    /// Returns what to change in the scenario, where it may be wrong and not the
    /// server.
    pub fn doubt(&self) -> Option<&'static str> {
        if self.is_untested() {
            Some("if the server is right, correct the settings, the steps or `[control]` in this file")
        } else if self.is_common || !self.is_opposite() {
            None
        } else {
            Some("if the server is right, correct the expectation in this file")
        }
    }

    /// Whether the server does the opposite of what its scenarios say.
    fn is_opposite(&self) -> bool {
        let of = |case: &CaseReport| case.problem.as_ref().is_some_and(|problem| Opposite::of(case, problem).is_some());
        self.cases().all(of)
    }

    /// Returns why the problem matters. The scenario of the best example says it, unless
    /// the problem is common to tests about other things, or the opposite of its own.
    pub fn consequence(&self, sources: &BTreeMap<String, SourceReport>) -> Option<String> {
        if self.is_common || self.is_opposite() {
            return self.why.map(ToOwned::to_owned);
        }
        let example = self.example()?;
        if let Some(own) = example.own_problem() {
            return own.why.clone();
        }
        sources.get(&example.scenario)?.why(example.case.as_deref())
    }

    /// The first so many routes whose answers show it: `GET /a, POST /b and 16 more`.
    pub fn routes_in_words(&self, most: usize) -> Option<String> {
        let named = self.routes.iter().take(most).copied().collect::<Vec<_>>().join(", ");
        let more = self.routes.len().saturating_sub(most);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!named.is_empty()).then(|| named + &more)
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
        (_, Some(problem)) => {
            Opposite::of(case, problem).map_or_else(|| problem.clone(), |opposite| opposite.sentence(&case.scenario))
        }
        (_, None) => format!("Not met: {}", case.title),
    }
}

/// What the server does instead of what the problem of a test says.
enum Opposite {
    /// It refuses where the problem says that it accepts.
    Refuses,
    /// It never connects to the provider, and so accepts nothing of it.
    NeverConnects,
    /// It accepts where the problem says that it refuses.
    Accepts,
    /// It ends a session that must stay, and the problem does not mention sessions.
    EndsSession,
    /// It leaves a session open that must end, and the problem does not mention sessions.
    LeavesSession,
}

impl Opposite {
    /// Returns none where the server does what `problem` says.
    fn of(case: &CaseReport, problem: &str) -> Option<Self> {
        if case.own_problem().is_some() { None } else { Self::of_words(case, problem) }
    }

    /// The same of a problem that may be about another expectation.
    fn of_words(case: &CaseReport, problem: &str) -> Option<Self> {
        let step = case.failed_step()?;
        let verb = problem.split(' ').next().unwrap_or_default();
        let is_unconnected = |check: &Check| {
            check.path == "provider-saw.connection.count" && !check.held && check.actual.as_deref() == Some("0")
        };
        let is_held = step.checks.iter().all(|check| check.path != "outcome" || check.held);
        if verb == "Accepts" && is_held && step.checks.iter().any(is_unconnected) {
            return Some(Self::NeverConnects);
        }
        let first = step.checks.iter().find(|check| !check.held).filter(|_| is_held && !problem.contains("session"));
        if let Some(check) = first.filter(|check| check.path.starts_with("sessions.")) {
            return match check.actual.as_deref() {
                Some("\"ended\"") => Some(Self::EndsSession),
                Some("\"alive\"") => Some(Self::LeavesSession),
                _ => None,
            };
        }
        let check = step.checks.iter().find(|check| check.path == "outcome" && !check.held)?;
        match verb {
            "Accepts" | "Signs" | "Links" if check.is_refusal() => Some(Self::Refuses),
            "Refuses" if check.is_acceptance() => Some(Self::Accepts),
            _ => None,
        }
    }

    fn sentence(&self, scenario: &str) -> String {
        match self {
            Self::Refuses => format!("Refuses a valid request in the scenario `{scenario}`"),
            Self::NeverConnects => format!("Never connects to the provider in the tests of `{scenario}`"),
            Self::LeavesSession => "Leaves a session open that must end".to_owned(),
            Self::EndsSession => "Ends a session that must stay open".to_owned(),
            Self::Accepts => format!("Accepts an invalid request in the scenario `{scenario}`"),
        }
    }
}

/// How bad it is what a test shows. A server that refuses lets no stranger in.
pub(super) fn severity(case: &CaseReport) -> Severity {
    let severity = case.severity.unwrap_or(Severity::Low);
    // An expectation's own problem may be milder than what the scenario is about.
    let words = if case.own_problem().is_some() { Some("Accepts") } else { case.problem.as_deref() };
    match words.and_then(|words| Opposite::of_words(case, words)) {
        Some(Opposite::Refuses | Opposite::NeverConnects | Opposite::EndsSession) => severity.max(Severity::Medium),
        Some(Opposite::Accepts | Opposite::LeavesSession) | None => severity,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::expect::Check;
    use crate::report::Outcome;
    use crate::report::problem::problems;
    use crate::report::problem::sample::{report, step, told};
    use crate::report::step::StepReport;
    use crate::severity::Severity;

    /// The sentence of a scenario may be about another step of it.
    #[rstest]
    #[case::not_of_sessions("Accepts it", "Ends a session that must stay open", Severity::Medium)]
    #[case::of_sessions("Does not end exactly its session", "Does not end exactly its session", Severity::High)]
    fn a_session_that_ends_too_early_is_a_problem(
        #[case] problem: &str,
        #[case] expected: &str,
        #[case] severity: Severity,
    ) {
        let ended = step(("\"alive\"", "\"ended\""), Vec::new());
        let path = |check: &Check| Check { path: "sessions.in".into(), ..check.clone() };
        let ended = StepReport { checks: ended.checks.iter().map(path).collect(), ..ended };
        let mut report = report(&[("a/a", Outcome::Failed)], &[ended], |_| Some(problem.to_owned()));
        report.results[0].severity = Some(Severity::High);
        let found = problems(&report);
        assert_eq!((found[0].sentence.as_str(), found[0].severity), (expected, severity));
    }

    /// A refusal without a connection is not the acceptance that the scenario is about.
    #[test]
    fn a_server_that_never_connects_accepts_nothing() {
        let held = step(("\"refused\"", "\"refused\""), Vec::new());
        let outcome = Check { held: true, expected: None, actual: None, ..held.checks[0].clone() };
        let count = Check {
            path: "provider-saw.connection.count".into(),
            expected: Some("at least 1".into()),
            actual: Some("0".into()),
            ..held.checks[0].clone()
        };
        let unconnected = StepReport { checks: vec![outcome, count], ..held };
        let one = |_: &str| Some("Accepts an invalid certificate of the provider".to_owned());
        let report = report(&[("tls/bad", Outcome::Failed)], &[unconnected], one);
        let found = "Never connects to the provider in the tests of `tls/bad`";
        assert_eq!(told(&report), [(found.to_owned(), 1)]);
    }
}

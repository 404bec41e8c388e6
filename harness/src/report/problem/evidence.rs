//! What the test that shows a problem best found: the failed check, the step, what was
//! altered, what the provider received and refused. What a problem is stands in
//! [`super::shape`].

use std::cmp::Reverse;
use std::sync::LazyLock;

use url::{Url, form_urlencoded};

use super::alteration::alteration;
use super::finding::{finding, short};
use super::refused_sign_in::{RefusedSignIn, SignInFailure, kind, refused_by_provider};
use super::shape::{Problem, ProblemScenario, sentence};
use crate::diagnostic::Diagnostic;
use crate::expect::{ALIVE, Check, SUCCESSES};
use crate::immich::ApiRoute;
use crate::invocation::{program, quoted};
use crate::message::Library;
use crate::report::Outcome;
use crate::report::exchange::{ExchangeReport, Party};
use crate::report::shape::CaseReport;

/// So many steps are shown.
const STEPS: usize = 4;

/// The messages that `explain` knows.
static LIBRARY: LazyLock<Library> = LazyLock::new(Library::new);

impl<'a> Problem<'a> {
    /// Returns the test that shows the problem best: one in which the server opens
    /// a session for the wrong person, then a failed one before a blocked one, then
    /// one whose sign-in succeeds and must not, then a scenario or the first case of
    /// one, then the one with the fewest steps, then the first. Of a common cause, a test
    /// without alterations shows it best. Where other sign-ins succeed, that must be a
    /// smoke test; otherwise a test without the peculiarities of a product, then the one with
    /// the fewest steps, and, if most tests have an alteration that the server cannot cope
    /// with, one that has it.
    pub fn example(&self) -> Option<&'a CaseReport> {
        let of_product: Vec<&str> = self.scenarios.iter().filter(|one| one.is_of_product).map(|one| one.name).collect();
        let is_plain = |case: &CaseReport| !of_product.contains(&case.scenario.as_str());
        let plain = || self.cases().filter(|case| self.works && is_plain(case));
        let is_alteration_telling =
            plain().filter(|case| alteration(case).is_some()).count() * 3 >= plain().count() * 2;
        let clarity = |case: &CaseReport| {
            let is_altered = alteration(case).is_some();
            let is_smoke = case.tags.iter().any(|tag| tag == "smoke");
            let steps = Reverse(case.steps.held().len());
            let is_telling = if self.works {
                (!is_altered && is_smoke, is_plain(case), steps, is_altered == is_alteration_telling)
            } else {
                (!is_altered, true, steps, false)
            };
            self.is_common.then_some(is_telling)
        };
        let rank = |case: &&CaseReport| {
            let is_failed =
                case.result.outcome == Outcome::Failed || self.is_common && case.result.outcome == Outcome::Finding;
            let is_own = self.lead.is_none_or(|lead| sentence(case) == lead);
            let is_shown = (is_own, case.foreign_owner(), is_failed, case.foreign_owner().is_some() || is_let_in(case));
            (is_shown, clarity(case), case.cases_before == 0, Reverse(case.steps.held().len()))
        };
        // Of equal ones the first.
        self.cases().reduce(|best, case| if rank(&case) > rank(&best) { case } else { best })
    }

    /// What did not hold in the best example, pointing into its file; none where
    /// answers of routes show it, whatever the file expects.
    pub fn diagnostic(&self) -> Option<&'a Diagnostic> {
        let case = self.example().filter(|_| self.rule.is_none())?;
        self.worst_check().map(|(_, diagnostic)| diagnostic).or(case.diagnostics.first())
    }

    /// The failed check that explains most of the best example, with its diagnostic.
    pub(super) fn worst_check(&self) -> Option<(&'a Check, &'a Diagnostic)> {
        self.example().filter(|_| self.rule.is_none())?.worst_check()
    }

    /// Returns what the best example found, where the sentence of the problem may be
    /// about something else: in the tests of a scenario, a check that is not the outcome,
    /// or what the server answered where it opened no session.
    pub fn finding(&self) -> Option<String> {
        if self.is_without_token_request() {
            return self.way();
        }
        if self.rule.is_some_and(|rule| rule.path == ALIVE.path) {
            return self.outage();
        }
        // The sentence of a sign-in says it already.
        let is_said = self.is_common && self.sentence.starts_with("Sign-in fails");
        let is_told = |check: &Check| !is_said || check.path != "outcome";
        let (check, _) = self.worst_check().filter(|(check, _)| is_told(check))?;
        match check.path.as_str() {
            "outcome" => {
                // These words do not say what the server answered.
                let is_bare = ["\"done\"", "\"refused\""].contains(&check.actual.as_deref()?);
                is_bare.then(|| self.answer())?
            }
            path if path.starts_with("sessions.") => {
                let answer = self.answer().map(|answer| format!(", and {answer}")).unwrap_or_default();
                Some(finding(check)? + &answer)
            }
            "response.status" => self.answer().or_else(|| finding(check)),
            _ => {
                let is_error = |answer: &&ExchangeReport| answer.exchange.is_error();
                let answer = self.last_answer().filter(is_error).and_then(|_| self.answer());
                Some(finding(check)? + &answer.map(|answer| format!(", and {answer}")).unwrap_or_default())
            }
        }
    }

    /// What did not hold in the best example, in a line, and in words where there are some.
    pub fn found(&self) -> Option<String> {
        let Some(Diagnostic { message, .. }) = self.diagnostic() else { return self.finding() };
        Some(match self.finding() {
            Some(finding) => format!("{message} ({finding})"),
            None => message.clone(),
        })
    }

    /// What became of the request after which the server stopped working, and of the next.
    fn outage(&self) -> Option<String> {
        let case = self.example()?;
        let to_target = |one: &&ExchangeReport| one.to == Party::Target;
        let error = case.failed_step()?.exchanges.iter().rfind(to_target)?.exchange.error.as_deref()?;
        let ping = ApiRoute::PING.to_string();
        let noted = case.diagnostics.iter().flat_map(|one| &one.notes).find(|note| note.starts_with(&ping))?;
        let last = |text: &str| text.rsplit(": ").next().unwrap_or_default().to_owned();
        Some(format!("the request got no answer ({}), and neither did {ping} after it ({})", last(error), last(noted)))
    }

    /// Whether sign-ins fail, and the provider never gets a token request.
    fn is_without_token_request(&self) -> bool {
        let refused = self.example().filter(|_| self.is_common).and_then(RefusedSignIn::of);
        refused.is_some_and(|refused| refused.refusal == SignInFailure::NoTokenRequest)
    }

    /// Where the server sent the browser in the failed step, and what it answered last.
    fn way(&self) -> Option<String> {
        let step = self.example()?.failed_step()?;
        let is_moved = |one: &&ExchangeReport| {
            one.to == Party::Target && one.exchange.status.is_some_and(|status| (300..400).contains(&status))
        };
        let moved = step.exchanges.iter().rfind(is_moved).and_then(|one| one.exchange.header("location"));
        let moved = moved.map(|url| format!("the server redirected the browser to {}; then ", short(url)));
        Some(moved.unwrap_or_default() + &self.answer()?)
    }

    /// The last answer of the server in the failed step.
    fn last_answer(&self) -> Option<&'a ExchangeReport> {
        let step = self.example()?.failed_step()?;
        step.exchanges.iter().rfind(|one| one.to == Party::Target && one.exchange.status.is_some())
    }

    /// What the server answered in the failed step.
    fn answer(&self) -> Option<String> {
        let answer = &self.last_answer()?.exchange;
        let said = answer.complaint_text();
        let said = said.lines().next().filter(|line| answer.is_error() && !line.is_empty());
        let said = said.map(|line| format!(": {}", short(line))).unwrap_or_default();
        Some(format!("the server answered {}{said}", answer.status.unwrap_or_default()))
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
        alteration(self.example().filter(|_| self.shows_cause())?)
    }

    /// The failed step of the best example and a few before it: their numbers,
    /// from 1, and what they do. The step whose answer breaks a rule is a failed one.
    pub fn steps(&self) -> Vec<(usize, &'a str)> {
        let Some(case) = self.example() else { return Vec::new() };
        let failed = case.steps.held().iter().rposition(|step| match self.rule {
            Some(rule) => step.checks.iter().any(|check| !check.held && check.path == rule.path),
            None => step.has_failed(),
        });
        let told = case.steps.held().iter().map(|step| step.sentence.as_str()).enumerate();
        let told = told.take(failed.map_or(0, |failed| failed + 1)).filter(|(_, sentence)| !sentence.is_empty());
        let told: Vec<(usize, &str)> = told.map(|(before, sentence)| (before + 1, sentence)).collect();
        told[told.len().saturating_sub(STEPS)..].to_vec()
    }

    /// The same in a line: `1: alice starts to sign in; 2: bob signs in`.
    pub fn steps_in_words(&self) -> Option<String> {
        let steps: Vec<String> =
            self.steps().into_iter().map(|(number, sentence)| format!("{number}: {sentence}")).collect();
        (!steps.is_empty()).then(|| steps.join("; "))
    }

    /// The first so many scenarios with a common cause, each with what it is about: what
    /// they have in common is a clue. None of very many.
    pub fn subjects(&self, most: usize) -> Vec<(&'a str, &'a str)> {
        let of = |scenario: &ProblemScenario<'a>| Some((scenario.name, scenario.cases.first()?.problem.as_deref()?));
        self.scenarios.iter().filter(|_| self.has_clues()).filter_map(of).take(most).collect()
    }

    /// The requests that the provider received in the failed step, where sign-in as such
    /// fails and the provider refused none: `discovery 200, authorization 302, token 200`.
    pub fn requests(&self) -> Option<String> {
        let is_about_sign_in = self.is_common && self.rule.is_none() && self.lead.is_none();
        let case = self.example().filter(|_| is_about_sign_in && self.refused().is_none())?;
        let step = case.failed_step()?;
        let to_provider = step.exchanges.iter().filter(|one| one.to == Party::Provider);
        let mut told: Vec<String> = to_provider
            .filter_map(|one| Some(format!("{} {}", one.endpoint.as_deref()?, one.exchange.status?)))
            .collect();
        told.dedup();
        let is_sign_in = step.checks.iter().any(|check| check.path == "outcome" && !check.held);
        is_sign_in.then(|| if told.is_empty() { "nothing".to_owned() } else { told.join(", ") })
    }

    /// The request in the best example that the provider refused of its own
    /// accord, and why: `token 400: the code verifier is missing`.
    pub fn refusal(&self) -> Option<String> {
        let refused = self.refused()?;
        let endpoint = refused.endpoint.as_deref().unwrap_or_else(|| refused.exchange.path());
        let status = refused.exchange.status.unwrap_or_default();
        let difference = self.difference(refused).map(|text| format!("; {text}")).unwrap_or_default();
        Some(format!("{endpoint} {status}: {}{difference}", refused.exchange.complaint_text()))
    }

    /// What a refused token request has otherwise than the authorization request, where
    /// both must have the same (RFC 6749 §4.1.3).
    fn difference(&self, refused: &ExchangeReport) -> Option<String> {
        let mut all = self.example()?.steps.held().iter().flat_map(|step| &step.exchanges);
        let asked = all.rfind(|one| one.endpoint.as_deref() == Some("authorization"))?;
        let asked = Url::parse(&asked.exchange.url).ok()?;
        let sent: Vec<_> = form_urlencoded::parse(refused.exchange.request_body.as_bytes()).collect();
        ["client_id", "redirect_uri"].into_iter().find_map(|name| {
            let (_, before) = asked.query_pairs().find(|(key, _)| key == name)?;
            let (_, after) =
                sent.iter().find(|(key, _)| key == name && refused.endpoint.as_deref() == Some("token"))?;
            (before != *after)
                .then(|| format!("`{name}` was `{before}` in the authorization request and is `{after}` now"))
        })
    }

    pub(super) fn refused(&self) -> Option<&'a ExchangeReport> {
        let example = self.example().filter(|_| self.rule.is_none())?;
        refused_by_provider(example.failed_step()?)
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

/// Whether a sign-in succeeds that must not.
fn is_let_in(case: &CaseReport) -> bool {
    let failed =
        case.steps.held().iter().flat_map(|step| &step.checks).filter(|check| check.path == "outcome" && !check.held);
    failed.filter_map(|check| check.actual.as_deref()).any(|found| SUCCESSES.contains(&found.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use crate::report::Outcome;
    use crate::report::exchange::Party;
    use crate::report::problem::problems;
    use crate::report::problem::sample::{FAILED, exchange, report, step};

    #[test]
    fn a_refused_token_request_shows_what_differs_from_the_authorization_request() {
        let mut asked = exchange(Party::Provider, Some("authorization"), 302, "");
        asked.exchange.url = "http://idp.test/authorize?client_id=c&redirect_uri=http%3A%2F%2Fa.test".to_owned();
        let mut token = exchange(Party::Provider, Some("token"), 400, r#"{"error":"invalid_grant"}"#);
        token.exchange.request_body = "client_id=c&redirect_uri=app%3A%2F".to_owned();
        let report = report(&[("a/a", Outcome::Failed)], &[step(FAILED, vec![asked, token])], |_| None);
        let expected = "token 400: invalid_grant; `redirect_uri` was `http://a.test` in the authorization request and \
                        is `app:/` now";
        assert_eq!(problems(&report)[0].refusal().as_deref(), Some(expected));
    }
}

//! A sign-in that had to succeed and did not: what came of it, and what the
//! provider has to do with it. What several have in common is for
//! [`super::common_cause`].

use std::sync::LazyLock;

use regex_lite::Regex;

use super::shape::Problem;
use crate::expect::{BUT_WITH_SESSION, ForeignOwner, REFUSALS, SUCCESSES, UNANSWERED, steady_text};
use crate::placeholder::Placeholders;
use crate::report::exchange::{ExchangeReport, Party};
use crate::report::shape::{CaseReport, Report};
use crate::report::step::{ShownSignIn, StepReport};
use crate::report::{Outcome, SignInEnding};

/// A URI, also in the form in which it travels in a query, and in that of one that
/// is encoded twice.
#[expect(clippy::expect_used, reason = "the pattern is constant, and a test reads it")]
static URI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)[a-z][a-z0-9+.-]*(:|%(25)*3A)(/|%(25)*2F)[^\s`'"<>]*"#).expect("the pattern is right")
});

/// Why sign-ins fail after the provider issued the tokens.
pub(super) const REFUSED_WITH_KEYS: &str = "The provider issues the tokens, and then the server refuses the sign-in. The cause is \
                                 in what the server does with the ID token, the claims or the account.";

/// The same, where the server does not ask for the provider's keys.
pub(super) const REFUSED_WITHOUT_KEYS: &str = "The provider issues the tokens, and then the server refuses the sign-in without a \
                                    request for the JWKS. Either it cannot reach the JWKS, or it uses keys from before \
                                    and does not look for new ones, or it refuses the token response.";

/// The same as [`REFUSED_WITHOUT_KEYS`], where other sign-ins succeed.
const REFUSED_AT_TIMES: &str = "The provider issues the tokens, and then the server refuses the sign-in without a \
                                request for the JWKS. Other sign-ins succeed, so the cause is what these tests have \
                                in common. If the provider changed its keys, the server uses old ones; otherwise it \
                                refuses the token response.";

/// The same as [`REFUSED_WITH_KEYS`], where other sign-ins succeed.
const REFUSED_WITH_KEYS_AT_TIMES: &str = "The provider issues the tokens, and then the server refuses the sign-in, \
                                          although it requested the JWKS. Other sign-ins succeed, so the cause is \
                                          what these tests have in common: the keys, the algorithm, the claims or the \
                                          account.";

/// The same, where other sign-ins succeed, and the provider alters something in this one.
const REFUSED_ALTERED: &str = "The provider issues the tokens, and then the server refuses the sign-in. Other sign-ins \
                               succeed, so the cause is what the provider alters here, or what else these tests have \
                               in common.";

/// What came of a sign-in that had to succeed. What is equal has one cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SignInFailure {
    /// The session opens the account of another person.
    ForeignSession(ForeignOwner),
    /// The provider refuses a request: its endpoint, if there is such, the status
    /// and what it says, without what differs from test to test.
    ByProvider { endpoint: Option<String>, status: u16, text: String },
    /// The provider never gets a token request.
    NoTokenRequest,
    /// The server's last answer: its status and what it says, likewise.
    Answer { status: u16, text: String },
    /// No error came; how the step ended.
    Outcome(String),
}

/// Why a sign-in of a test failed that had to succeed.
#[derive(Debug)]
pub(super) struct RefusedSignIn {
    pub(super) refusal: SignInFailure,
    /// Whether it is a sign-in and no other step, and the provider altered nothing.
    pub(super) is_honest: bool,
}

impl RefusedSignIn {
    /// Returns none if no sign-in of the test failed that had to succeed.
    pub(super) fn of(case: &CaseReport) -> Option<Self> {
        let step = case.steps.held().iter().rfind(|step| is_refused(step))?;
        let is_altered = case.steps.held().iter().flat_map(|step| &step.exchanges).any(ExchangeReport::is_altered);
        let asks = |name: &str| step.exchanges.iter().any(|one| one.endpoint.as_deref() == Some(name));
        let is_lost = step.exchanges.iter().any(|one| one.to == Party::Provider && one.endpoint.is_none());
        let is_sign_in = is_lost || ["discovery", "authorization", "token"].into_iter().any(asks);
        Some(Self { refusal: refusal(step), is_honest: is_sign_in && !is_altered })
    }
}

/// Whether a step had to succeed, and did not.
fn is_refused(step: &StepReport) -> bool {
    step.checks.iter().filter(|check| check.path == "outcome" && !check.held).any(|check| {
        let mut words = check.expected.as_deref().unwrap_or_default().split(" or ");
        words.all(|word| SUCCESSES.contains(&word.trim_matches('"')))
    })
}

fn refusal(step: &StepReport) -> SignInFailure {
    if let Some(owner) = step.foreign_owner {
        return SignInFailure::ForeignSession(owner);
    }
    let refused = step.exchanges.iter().rfind(|one| one.to == Party::Provider && one.exchange.is_error());
    if let Some(refused) = refused {
        let endpoint = refused.endpoint.clone();
        let status = refused.exchange.status.unwrap_or_default();
        return SignInFailure::ByProvider { endpoint, status, text: kind(&refused.exchange.complaint_text()) };
    }
    let answer = step.exchanges.iter().rfind(|one| one.to == Party::Target && one.exchange.status.is_some());
    match answer {
        Some(answer) if answer.exchange.is_error() || outcome(step) == REFUSALS[0] => {
            let is_named = |one: &&ExchangeReport, name: &str| one.endpoint.as_deref() == Some(name);
            let came_back = step.exchanges.iter().any(|one| is_named(&one, "authorization"));
            let asks = |name: &str| step.exchanges.iter().any(|one| one.from == Party::Target && is_named(&one, name));
            if came_back && asks("discovery") && !asks("token") {
                return SignInFailure::NoTokenRequest;
            }
            let status = answer.exchange.status.unwrap_or_default();
            SignInFailure::Answer { status, text: kind(&answer.exchange.complaint_text()) }
        }
        _ => SignInFailure::Outcome(outcome(step).to_owned()),
    }
}

/// Blames the alteration of the test that shows a problem best, or else what its tests
/// have in common, where other sign-ins succeed.
pub(super) fn blame_difference(problem: &mut Problem<'_>) {
    let is_altered = problem.alteration().is_some();
    problem.why = match problem.why.filter(|_| problem.works) {
        Some(REFUSED_WITH_KEYS | REFUSED_WITHOUT_KEYS) if is_altered => Some(REFUSED_ALTERED),
        Some(REFUSED_WITH_KEYS) => Some(REFUSED_WITH_KEYS_AT_TIMES),
        Some(REFUSED_WITHOUT_KEYS) => Some(REFUSED_AT_TIMES),
        _ => problem.why,
    };
}

/// Returns what an answer says without what differs from one test to the next: URIs,
/// ports, ids and random values.
pub(super) fn kind(text: &str) -> String {
    steady_text(&URI.replace_all(text, "…"), &Placeholders::default())
}

/// The last request of a step that the provider refused of its own accord.
pub(super) fn refused_by_provider(step: &StepReport) -> Option<&ExchangeReport> {
    let is_own = |one: &&ExchangeReport| one.to == Party::Provider && one.exchange.is_error() && !one.is_altered();
    step.exchanges.iter().rfind(is_own)
}

/// Whether an honest sign-in succeeds: before the tests of the run, in one of them,
/// or at the reference server without defects.
pub(super) fn sign_in_works(report: &Report) -> bool {
    let is_sound = report.target.as_ref().is_some_and(|target| target.url == "reference" && target.defects.is_empty());
    let mut before = report.sign_ins.iter();
    is_sound || before.any(|one| one.ending == SignInEnding::Works) || report.results.iter().any(shows_sign_in)
}

/// Whether the server requests the provider's JWKS in a test of the run.
pub(super) fn asks_for_keys(report: &Report) -> bool {
    report.results.iter().any(|case| case.steps.sign_in().asks_for_keys)
}

/// Whether a test shows that an honest sign-in succeeds: the server accepts what
/// comes from the provider in a step in which everything holds, or the test has an
/// alteration and passes, and so did its control.
pub(super) fn shows_sign_in(case: &CaseReport) -> bool {
    let ShownSignIn { is_accepted, is_altered, .. } = case.steps.sign_in();
    let is_altered = case.result.outcome == Outcome::Passed && is_altered;
    case.result.outcome != Outcome::Blocked && (is_altered || is_accepted)
}

/// Whether the server gave no answer in a step of the test, whatever the step
/// expects.
pub(super) fn is_unanswered(case: &CaseReport) -> bool {
    case.steps.held().iter().any(|step| UNANSWERED.contains(&outcome(step)))
}

/// Whether the server refuses in a step of the test, and opens a session.
pub(super) fn opens_session(case: &CaseReport) -> bool {
    case.steps.held().iter().any(|step| outcome(step).ends_with(BUT_WITH_SESSION))
}

fn outcome(step: &StepReport) -> &str {
    let failed = step.checks.iter().find(|check| check.path == "outcome" && !check.held);
    failed.and_then(|check| check.actual.as_deref()).unwrap_or_default().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::problem::problems;
    use crate::report::problem::sample::{FAILED, altered, exchange, report, step};

    #[rstest]
    #[case::uri("the redirect URI `http://127.0.0.1:37143/auth/login` is not registered")]
    #[case::encoded("the redirect URI `http%3A%2F%2F127.0.0.1%3A37143%2Fuser-settings` is not registered")]
    #[case::encoded_twice("the redirect URI `http%253A%252F%252F127.0.0.1%253A41234` is not registered")]
    #[case::app("the redirect URI `app.immich:///oauth-callback` is not registered")]
    fn a_refusal_is_of_one_kind_whatever_uri_it_names(#[case] text: &str) {
        assert_eq!(kind(text), "the redirect URI `…` is not registered");
    }

    #[rstest]
    #[case::port("connect ECONNREFUSED 127.0.0.1:41234", "connect ECONNREFUSED 127.0.0.1:{port}")]
    #[case::random("no code 6YQ8Cgvrg6T7LJbDM9JGc2ZjILctVoGa", "no code {random}")]
    #[case::words("OAuth: the code verifier is missing", "OAuth: the code verifier is missing")]
    fn other_words_stay(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(kind(text), expected);
    }

    #[test]
    fn a_refusal_of_what_is_altered_is_blamed_on_that_where_others_sign_in() {
        let token = ExchangeReport {
            deviations: vec![altered("id-token", "aud")],
            ..exchange(Party::Provider, Some("token"), 200, "")
        };
        let answer = exchange(Party::Target, None, 400, r#"{"message":"Refused"}"#);
        let results = [("a/a", Outcome::Blocked), ("a/b", Outcome::Failed), ("a/c", Outcome::Failed)];
        let mut report = report(&results, &[step(FAILED, vec![token, answer])], |_| None);
        for exchange in &mut report.results[0].steps.held_mut()[0].exchanges {
            exchange.deviations.clear();
        }
        let why = |report: &Report| problems(report)[0].why.map(|why| why.contains("what the provider alters"));
        assert_eq!(why(&report), Some(false));
        let mut good = report.results[1].clone();
        good.result.outcome = Outcome::Passed;
        report.results.push(good);
        assert_eq!(why(&report), Some(true));
    }
}

//! One cause that several failed tests have in common, and what reports say of it: sign-ins
//! that had to succeed and failed alike, one fault in tests about many things. Each is one
//! problem. Which tests it accounts for is for [`super::attribution`].

use super::refused_sign_in::{REFUSED_WITH_KEYS, REFUSED_WITHOUT_KEYS, SignInFailure};
use super::repeated_fault::RepeatedFault;
use super::root_fault::RootFault;
use super::shape::Problem;
use crate::expect::ForeignOwner;
use crate::report::exchange::{ExchangeReport, Party};
use crate::report::shape::CaseReport;
use crate::severity::Severity;

/// How much of what a server or provider says stands in a sentence, in
/// characters.
const LONGEST: usize = 100;

/// One cause of several failed tests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CommonCause {
    /// Sign-ins that had to succeed failed alike.
    SignIn(SignInFailure),
    /// The server verifies no ID token, as it has no keys.
    NoKeys,
    /// The server opens a session although it refuses the sign-in, whatever it refuses
    /// it for.
    RefusalWithSession,
    /// Several problems together mean one fault.
    Root(&'static RootFault),
    /// The server gets one thing wrong in tests about many.
    Repeated(RepeatedFault),
    /// The server opens sessions of other accounts in most sign-ins that it must refuse.
    ForeignSessions,
    /// The server gives no answer, so that nothing can be said of the rest.
    NoAnswer,
}

impl CommonCause {
    /// The problem that `tests` show. `works` says that the run shows an honest sign-in
    /// that succeeds.
    pub(super) fn problem<'a>(&self, tests: Vec<&'a CaseReport>, works: bool) -> Problem<'a> {
        match self {
            Self::Repeated(fault) => return fault.problem(tests),
            Self::Root(fault) => return fault.problem(tests),
            _ => {}
        }
        let had_tokens = tests.iter().filter(|case| has_tokens(case)).count() * 2 > tests.len();
        let works = works && matches!(self, Self::SignIn(_));
        let problem = Problem { works, ..Problem::of(self.sentence(), self.severity(), tests, true) };
        let asks_for_keys = problem.requests().is_some_and(|requests| requests.contains("jwks"));
        match self {
            Self::SignIn(SignInFailure::Answer { .. }) if had_tokens => Problem {
                why: Some(if asks_for_keys { REFUSED_WITH_KEYS } else { REFUSED_WITHOUT_KEYS }),
                advice: Some("Look for the error in the server's log."),
                ..problem
            },
            Self::SignIn(SignInFailure::ForeignSession(_)) => Problem {
                requirements: vec!["OIDC Core §5.7"],
                why: Some(
                    "Every end-user of the provider can sign in to accounts of other end-users, perhaps to an \
                     administrator's.",
                ),
                advice: Some("Turn OAuth off until the server is fixed."),
                ..problem
            },
            Self::RefusalWithSession => Problem {
                requirements: vec!["OIDC Core §3.1.3.7"],
                why: Some(
                    "The server answers with an error, but opens a session all the same. Its checks keep no attacker \
                     out.",
                ),
                advice: Some("Turn OAuth off until the server is fixed."),
                ..problem
            },
            Self::ForeignSessions => Problem {
                requirements: vec!["OIDC Core §3.1.3.7"],
                why: Some(
                    "Whatever is wrong with a sign-in, an attacker gets the session of another account. The cause is \
                     what the server does when it refuses, not each of its checks.",
                ),
                advice: Some("Turn OAuth off until the server is fixed."),
                ..problem
            },
            _ => problem,
        }
    }

    /// Whether the server refuses a sign-in that it must accept, of its own accord.
    pub(super) const fn is_refused_sign_in(&self) -> bool {
        matches!(self, Self::SignIn(SignInFailure::NoTokenRequest | SignInFailure::Answer { .. }))
    }

    /// What the server does, or what becomes of every sign-in.
    fn sentence(&self) -> String {
        match self {
            Self::Repeated(fault) => fault.sentence(),
            Self::Root(fault) => fault.sentence.to_owned(),
            Self::NoAnswer => "Does not answer any more, or not in time".to_owned(),
            Self::RefusalWithSession => "Opens a session although it refuses the sign-in".to_owned(),
            Self::ForeignSessions => "Opens sessions of other accounts in sign-ins that it must refuse".to_owned(),
            Self::NoKeys => "Never requests the provider's JWKS, so it does not verify ID tokens".to_owned(),
            Self::SignIn(SignInFailure::ForeignSession(ForeignOwner::FromBefore)) => {
                "Signs end-users in to accounts that existed before the run".to_owned()
            }
            Self::SignIn(SignInFailure::ForeignSession(ForeignOwner::OfTheRun)) => {
                "Signs end-users in to accounts of other end-users".to_owned()
            }
            Self::SignIn(SignInFailure::ByProvider { endpoint, status, text }) => {
                let said = format!("({status}{})", said(text));
                match endpoint {
                    Some(name) => format!("Sign-in fails: the provider refuses the {name} request {said}"),
                    None => format!("Sign-in fails: the server requests a path that the provider does not have {said}"),
                }
            }
            Self::SignIn(SignInFailure::NoTokenRequest) => {
                "Sign-in fails: the server never sends a token request".to_owned()
            }
            Self::SignIn(SignInFailure::Answer { status, text }) => {
                format!("Sign-in fails: the server answers {status}{}", said(text))
            }
            Self::SignIn(SignInFailure::Outcome(outcome)) => format!("Sign-in fails: {outcome}"),
        }
    }

    /// How bad it is. Where people cannot sign in, no stranger gets in either.
    const fn severity(&self) -> Severity {
        match self {
            Self::NoKeys
            | Self::RefusalWithSession
            | Self::ForeignSessions
            | Self::SignIn(SignInFailure::ForeignSession(_)) => Severity::High,
            Self::NoAnswer | Self::Repeated(_) | Self::Root(_) | Self::SignIn(_) => Severity::Medium,
        }
    }
}

/// Whether the server got tokens in the last step of a test that asked for any.
fn has_tokens(case: &CaseReport) -> bool {
    let mut all = case.steps.held().iter().flat_map(|step| &step.exchanges);
    let is_token = |one: &&ExchangeReport| one.from == Party::Target && one.endpoint.as_deref() == Some("token");
    all.rfind(is_token).is_some_and(|one| !one.exchange.is_error())
}

fn said(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).collect();
    let dots = if short.len() < line.len() { "…" } else { "" };
    if short.is_empty() { String::new() } else { format!(": {short}{dots}") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::report::Outcome;
    use crate::report::exchange::Party;
    use crate::report::problem::problems;
    use crate::report::problem::sample::{FAILED, exchange, report, step};

    #[rstest]
    #[case::with_tokens(200, true)]
    #[case::without_tokens(400, false)]
    fn a_refusal_after_the_tokens_is_the_servers_own(#[case] status: u16, #[case] is_own: bool) {
        let token = exchange(Party::Provider, Some("token"), status, "");
        let answer = exchange(Party::Target, None, 400, r#"{"message":"Refused"}"#);
        let results = ["a/a", "a/b", "a/c"].map(|name| (name, Outcome::Blocked));
        let report = report(&results, &[step(FAILED, vec![token, answer])], |_| None);
        let found = problems(&report);
        assert_eq!((found.len(), found[0].why.is_some_and(|why| why.contains("then the server"))), (1, is_own));
    }
}

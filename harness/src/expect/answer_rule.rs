//! The rules for every answer of the target, whatever a scenario expects, and
//! for the target after it. The runner applies them; a report shows each broken
//! rule as its own problem.

use super::Check;
use crate::severity::Severity;

/// A rule for every answer.
#[derive(Debug)]
pub struct AnswerRule {
    /// The path of its check, which stands in a report where it fails.
    pub path: &'static str,
    /// What asks for it.
    pub requirement: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
}

/// An answer contains a secret only where the contract puts it.
pub static SECRETS: AnswerRule = AnswerRule { path: "secrets", requirement: "RFC 6749 §10", severity: Severity::High };

/// The server does not label JSON as HTML: a browser would show names of people as pages.
pub static CONTENT_TYPE: AnswerRule =
    AnswerRule { path: "content-type", requirement: "RFC 9110 §8.3", severity: Severity::Medium };

/// The server lets no page of another origin read what an end-user may read.
pub static CROSS_ORIGIN: AnswerRule =
    AnswerRule { path: "cross-origin", requirement: "WHATWG Fetch, CORS protocol", severity: Severity::Medium };

/// A refused sign-in sets no cookie of a session.
pub static SESSION_COOKIES: AnswerRule =
    AnswerRule { path: "session-cookies", requirement: "immich: session cookies", severity: Severity::Medium };

/// The server works after a request: a later answer shows it, or else a ping.
pub static ALIVE: AnswerRule = AnswerRule { path: "alive", requirement: "RFC 9110 §15.6", severity: Severity::Medium };

/// What stands before the route in a sentence.
const TO: &str = " to ";

/// All of them.
pub static ANSWER_RULES: &[&AnswerRule] = &[&SECRETS, &CONTENT_TYPE, &CROSS_ORIGIN, &SESSION_COOKIES, &ALIVE];

impl AnswerRule {
    /// What separates the sentences of a check about several answers.
    pub const BETWEEN: &str = "; ";

    /// What a server does, and the route of the answer that shows it, in one
    /// sentence.
    pub fn sentence(problem: &str, route: &str) -> String {
        format!("{problem}{TO}{route}")
    }

    /// Returns what the server does and the route, as [`Self::sentence`] joins them;
    /// no route where there is none.
    pub fn parts(sentence: &str) -> (&str, Option<&str>) {
        sentence.rsplit_once(TO).map_or((sentence, None), |(problem, route)| (problem, Some(route)))
    }

    /// Returns the rule of a check, or `None` if it has none.
    pub fn of(check: &Check) -> Option<&'static Self> {
        ANSWER_RULES.iter().copied().find(|rule| rule.path == check.path)
    }
}

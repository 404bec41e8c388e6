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
    /// What follows from it, by the words that a sentence of such a problem has;
    /// the first that fits counts.
    pub consequences: &'static [Consequence],
}

/// What follows from a problem of answers.
#[derive(Debug)]
pub struct Consequence {
    /// Words of the problem's sentence.
    of: &'static str,
    /// What an attacker can do.
    pub why: &'static str,
    /// What an administrator can do.
    pub advice: &'static str,
}

/// An answer contains a secret only where the contract puts it.
pub static SECRETS: AnswerRule = AnswerRule {
    path: "secrets",
    requirement: "RFC 6749 §10",
    severity: Severity::High,
    consequences: &[
        Consequence {
            of: "the API key",
            why: "With the administrator's API key, an attacker can read and change all data on the server.",
            advice: "After the server is fixed, delete this API key and create another one.",
        },
        Consequence {
            of: "the client secret",
            why: "With the client secret, an attacker can impersonate the server at the provider.",
            advice: "After the server is fixed, create a new client secret at the provider, and enter it in the \
                     server's settings (Immich: Administration → Settings → OAuth).",
        },
        Consequence {
            of: "a session token",
            why: "With a session token, an attacker can act as the end-user who signed in.",
            advice: "After the server is fixed, ask all end-users to sign out on all their devices.",
        },
    ],
};

/// The server does not label JSON as HTML: a browser would show names of people as pages.
pub static CONTENT_TYPE: AnswerRule =
    AnswerRule { path: "content-type", requirement: "RFC 9110 §8.3", severity: Severity::Medium, consequences: &[] };

/// The server lets no page of another origin read what an end-user may read.
pub static CROSS_ORIGIN: AnswerRule = AnswerRule {
    path: "cross-origin",
    requirement: "WHATWG Fetch, CORS protocol",
    severity: Severity::Medium,
    consequences: &[],
};

/// A refused sign-in sets no cookie of a session.
pub static SESSION_COOKIES: AnswerRule = AnswerRule {
    path: "session-cookies",
    requirement: "immich: session cookies",
    severity: Severity::Medium,
    consequences: &[],
};

/// The server works after a request: a later answer shows it, or else a ping.
pub static ALIVE: AnswerRule =
    AnswerRule { path: "alive", requirement: "RFC 9110 §15.6", severity: Severity::Medium, consequences: &[] };

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

    /// Returns what follows from a problem with this sentence, if it is known.
    pub fn consequence(&self, problem: &str) -> Option<&'static Consequence> {
        self.consequences.iter().find(|one| problem.contains(one.of))
    }

    /// Returns the rule of a check, or `None` if it has none.
    pub fn of(check: &Check) -> Option<&'static Self> {
        ANSWER_RULES.iter().copied().find(|rule| rule.path == check.path)
    }
}

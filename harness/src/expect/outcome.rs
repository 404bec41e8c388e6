//! How the step ended, seen from the outside.

use super::section::{Look, Section};
use super::seen::{Reaction, TokenState, evidence_of};
use super::value::ValueKind;
use crate::stage::{Kind, Observation};

/// What scenario files may expect.
pub const OUTCOMES: &[&str] = &["signed-in", "linked", "done", "refused", "refused-by-provider"];

/// The outcomes that a control must reach.
pub const SUCCESSES: &[&str] = &["signed-in", "linked", "done"];

/// The outcomes that prove nothing, because a server that refuses every sign-in
/// also reaches them.
pub const REFUSALS: &[&str] = &["refused", "refused-by-provider"];

/// How the name of an outcome ends where the target refuses and opens a session.
pub const BUT_WITH_SESSION: &str = "but with a session that works";

pub(super) static SECTION: Section = Section {
    name: "outcome",
    text: "How the step ended. `signed-in`: the target created a session that works and belongs to this end-user. \
           `linked`: the target linked the account. `done`: the target answered 2xx or 3xx. `refused`: the target \
           answered with an error, or with a redirect where the step asks for a session or a link; no session token in \
           the response works, the target created or changed no account, and it still answers. \
           `refused-by-provider`: the provider did not send the browser back.",
    look: Look::Outcome,
    names: &[],
    values: || vec![("", ValueKind::Word("outcome", OUTCOMES))],
    lacks: |_, _| None,
    evidence: |seen| evidence_of(&seen.reaction, |reaction| name(Facts::of(seen.observation, reaction)).into()),
};

/// What is known of the answer; judged by [`name`].
#[derive(Debug, Clone, Default)]
struct Facts {
    kind: Kind,
    status: Option<u16>,
    sessions: Sessions,
    is_account_changed: bool,
    still_answers: bool,
    stopped_at_provider: bool,
    dead_end: Option<String>,
}

/// What the session tokens in an answer are good for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Sessions {
    /// There is no token.
    #[default]
    None,
    /// Each works.
    Alive,
    /// Each works, and one opens the account of another end-user.
    Foreign,
    /// Some work, some do not.
    Mixed,
    /// None works.
    Dead,
    /// None is known to work, and of one the target gives an odd answer.
    Odd(String),
}

impl Facts {
    fn of(observation: &Observation, reaction: &Reaction) -> Self {
        Self {
            kind: observation.kind,
            status: observation.answer.as_ref().and_then(|answer| answer.status),
            sessions: Sessions::of(&reaction.tokens),
            is_account_changed: reaction.is_account_changed,
            still_answers: reaction.still_answers,
            stopped_at_provider: observation.stopped_at_provider.is_some(),
            dead_end: observation.dead_end.clone(),
        }
    }
}

impl Sessions {
    /// Returns the state of all sessions from that of each token.
    fn of(told: &[TokenState]) -> Self {
        let has = |one: TokenState| told.contains(&one);
        let works = has(TokenState::Own) || has(TokenState::Foreign);
        let odd = told.iter().find_map(|one| if let TokenState::Odd(found) = one { Some(found.clone()) } else { None });
        match (works, has(TokenState::Dead), odd) {
            (true, false, None) if has(TokenState::Foreign) => Self::Foreign,
            (true, false, None) => Self::Alive,
            (true, _, _) => Self::Mixed,
            (false, _, Some(found)) => Self::Odd(found),
            (false, true, None) => Self::Dead,
            (false, false, None) => Self::None,
        }
    }
}

const NO_ANSWER: &str = "no answer came";
const NO_ANSWER_ANY_MORE: &str = "the server does not answer any more";

/// The names of what happens when the server stops answering.
pub const UNANSWERED: &[&str] = &[NO_ANSWER, NO_ANSWER_ANY_MORE];

/// How the names of what is no refusal begin.
const FAILED: &str = "answered with an error";
const REDIRECTED: &str = "answered with a redirect";

/// The name of what happened. Names that are not in [`OUTCOMES`] say what is
/// wrong; no scenario can expect them.
fn name(facts: Facts) -> String {
    if let Some(why) = facts.dead_end {
        return why;
    }
    let name = match (facts.kind, facts.stopped_at_provider, facts.status) {
        (Kind::Arrangement, ..) => "done",
        (_, true, _) => "refused-by-provider",
        (.., None) => NO_ANSWER,
        (kind, _, Some(status)) => {
            let is_redirect = (300..400).contains(&status) && matches!(kind, Kind::SignIn | Kind::Link);
            let answered = if is_redirect { REDIRECTED } else { FAILED };
            match (status, kind, facts.sessions) {
                (200..400, Kind::SignIn, Sessions::Alive) => "signed-in",
                (200..400, Kind::SignIn, Sessions::Foreign) => "accepted, but the session belongs to another account",
                (200..400, Kind::SignIn, Sessions::Mixed) => "accepted, but not every session in the answer works",
                (200..300, Kind::SignIn, Sessions::Dead) => "accepted, but the session does not work",
                (200..300, Kind::SignIn, Sessions::Odd(found)) => {
                    return format!("accepted, but the session cannot be checked: {found}");
                }
                (200..300, Kind::SignIn, Sessions::None) => "accepted without a session",
                (200..300, Kind::Link, _) => "linked",
                (.., Sessions::Alive | Sessions::Foreign | Sessions::Mixed) if status >= 400 || is_redirect => {
                    return format!("{answered}, {BUT_WITH_SESSION}");
                }
                (300..400, Kind::Link, _) if facts.is_account_changed => "linked",
                (200..400, ..) if !is_redirect => "done",
                _ if facts.is_account_changed => return format!("{answered}, but an account was made or changed"),
                _ if !facts.still_answers => NO_ANSWER_ANY_MORE,
                (.., Sessions::Odd(found)) => {
                    return format!("{answered}, and the session cannot be checked: {found}");
                }
                _ => "refused",
            }
        }
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn refused() -> Facts {
        Facts { kind: Kind::SignIn, status: Some(500), still_answers: true, ..Facts::default() }
    }

    fn odd() -> Sessions {
        Sessions::Odd("404 of users/me".into())
    }

    #[rstest]
    #[case(refused(), "refused")]
    #[case(Facts { status: Some(400), ..refused() }, "refused")]
    #[case(Facts { status: None, ..refused() }, "no answer came")]
    #[case(Facts { still_answers: false, ..refused() }, "the server does not answer any more")]
    #[case(Facts { sessions: Sessions::Alive, ..refused() }, "answered with an error, but with a session that works")]
    #[case(Facts { is_account_changed: true, ..refused() }, "answered with an error, but an account was made or changed")]
    #[case(Facts { sessions: Sessions::Mixed, ..refused() }, "answered with an error, but with a session that works")]
    #[case(Facts { sessions: Sessions::Dead, ..refused() }, "refused")]
    #[case(Facts { sessions: odd(), ..refused() }, "answered with an error, and the session cannot be checked: 404 of \
                                                    users/me")]
    #[case(Facts { stopped_at_provider: true, ..refused() }, "refused-by-provider")]
    #[case(Facts { dead_end: Some("no url".into()), status: Some(201), ..refused() }, "no url")]
    #[case(Facts { status: Some(201), sessions: Sessions::Alive, ..refused() }, "signed-in")]
    #[case(Facts { status: Some(201), sessions: odd(), ..refused() }, "accepted, but the session cannot be checked: 404 of users/me")]
    #[case(Facts { status: Some(201), sessions: Sessions::Dead, ..refused() }, "accepted, but the session does not work")]
    #[case(Facts { status: Some(201), sessions: Sessions::Mixed, ..refused() }, "accepted, but not every session in the answer works")]
    #[case(Facts { status: Some(201), ..refused() }, "accepted without a session")]
    #[case(Facts { status: Some(200), kind: Kind::Link, ..refused() }, "linked")]
    #[case(Facts { status: Some(302), ..refused() }, "refused")]
    #[case(Facts { status: Some(302), sessions: Sessions::Dead, ..refused() }, "refused")]
    #[case(Facts { status: Some(302), sessions: Sessions::Alive, ..refused() }, "signed-in")]
    #[case(Facts { status: Some(302), sessions: Sessions::Foreign, ..refused() }, "accepted, but the session belongs to another account")]
    #[case(Facts { status: Some(302), sessions: odd(), ..refused() }, "answered with a redirect, and the session cannot be checked: 404 of users/me")]
    #[case(Facts { status: Some(302), is_account_changed: true, ..refused() }, "answered with a redirect, but an account was made or changed")]
    #[case(Facts { status: Some(302), still_answers: false, ..refused() }, "the server does not answer any more")]
    #[case(Facts { status: Some(302), kind: Kind::Link, ..refused() }, "refused")]
    #[case(Facts { status: Some(302), kind: Kind::Link, is_account_changed: true, ..refused() }, "linked")]
    #[case(Facts { status: Some(302), kind: Kind::Link, sessions: Sessions::Alive, ..refused() }, "answered with a redirect, but with a session that works")]
    #[case(Facts { status: Some(307), kind: Kind::Answer, ..refused() }, "done")]
    #[case(Facts { status: None, kind: Kind::Arrangement, ..refused() }, "done")]
    fn tells_what_happened(#[case] facts: Facts, #[case] expected: &str) {
        assert_eq!(name(facts), expected);
    }

    #[rstest]
    #[case(&[], Sessions::None)]
    #[case(&[TokenState::Own, TokenState::Own], Sessions::Alive)]
    #[case(&[TokenState::Own, TokenState::Foreign], Sessions::Foreign)]
    #[case(&[TokenState::Dead, TokenState::Own], Sessions::Mixed)]
    #[case(&[TokenState::Odd("x".into()), TokenState::Own], Sessions::Mixed)]
    #[case(&[TokenState::Dead], Sessions::Dead)]
    #[case(&[TokenState::Dead, TokenState::Odd("x".into())], Sessions::Odd("x".into()))]
    fn an_odd_answer_is_not_taken_for_a_dead_session(#[case] told: &[TokenState], #[case] sessions: Sessions) {
        assert_eq!(Sessions::of(told), sessions);
    }
}

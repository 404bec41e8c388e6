//! How the step ended, seen from the outside.

use mock_idp::{EndUser, Member};
use serde_json::Value;

use super::account::email_of;
use super::accounts::difference;
use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::{Account, TargetError, session_tokens};
use crate::stage::Kind;

/// What scenario files may expect.
pub const OUTCOMES: &[&str] = &["signed-in", "linked", "done", "refused", "refused-by-provider"];

/// The outcomes that a control must reach.
pub const SUCCESSES: &[&str] = &["signed-in", "linked", "done"];

/// The outcomes that prove nothing of a server that refuses everybody.
pub const REFUSALS: &[&str] = &["refused", "refused-by-provider"];

pub(super) static SECTION: Section = Section {
    name: "outcome",
    text: "How the step ended. `signed-in`: the target gave a session that works, and it is not somebody else's. \
           `linked`: it accepted the link. `done`: it answered 2xx or 3xx. `refused`: an answer came, not 2xx; \
           no token in it works; no account was made or changed since the step began; the server still answers. \
           `refused-by-provider`: the provider did not send the user agent back.",
    members: &[],
    values: &[("", ValueKind::Word("outcome", OUTCOMES))],
    is_there: |_, _| true,
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
    /// Each works, and one opens the account of somebody else.
    Foreign,
    /// Some work, some do not.
    Mixed,
    /// None works.
    Dead,
    /// None is known to work, and of one the target gives an odd answer.
    Odd(String),
}

pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    let observation = scene.observation;
    let status = observation.answer.as_ref().and_then(|answer| answer.status);
    let mut told = Vec::new();
    for token in tokens(scene, status) {
        told.push(match scene.world.session.target.session(&token).await {
            Ok(None) => Told::Dead,
            Ok(Some(account)) if is_somebody_elses(scene, &account) => Told::Foreign,
            Ok(Some(_)) => Told::Own,
            Err(error) if error.is_answer() => Told::Odd(error.to_string()),
            Err(error) if answers(scene).await => return Err(error),
            // It crashed, which is its own affair.
            Err(error) => Told::Odd(error.to_string()),
        });
    }
    let (is_account_changed, still_answers) = if status.is_some_and(|status| status < 400) {
        (false, true)
    } else {
        match is_account_changed(scene).await {
            // Who tells of accounts answers.
            Ok(Some(changed)) if scene.world.session.sees_accounts() => (changed, true),
            Ok(changed) => (changed.unwrap_or_default(), answers(scene).await),
            Err(error) if answers(scene).await => return Err(error),
            Err(_) => (false, false),
        }
    };
    let facts = Facts {
        kind: observation.kind,
        status,
        sessions: Sessions::of(told),
        is_account_changed,
        still_answers,
        stopped_at_provider: observation.stopped_at_provider.is_some(),
        dead_end: observation.dead_end.clone(),
    };
    Ok(Value::String(name(facts)))
}

/// The session tokens in the answer, wherever they stand. Where nobody was to
/// be signed in, those that an error brings along count, unless the user agent
/// had them before.
fn tokens(scene: &Scene<'_>, status: Option<u16>) -> Vec<String> {
    let mut tokens = scene.observation.answer.as_ref().map(session_tokens).unwrap_or_default();
    if scene.observation.kind != Kind::SignIn {
        let is_error = status.is_some_and(|status| status >= 400);
        let known =
            |token: &String| scene.world.memories.of_others().any(|(_, memory)| memory.token.as_ref() == Some(token));
        tokens.retain(|token| is_error && !known(token));
    }
    tokens
}

/// What the target tells of one session token.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Own,
    Foreign,
    Dead,
    Odd(String),
}

/// Whether an account is not that of the step's end-user: it is another one's,
/// or one that this play does not know; where the provider alters an email, the
/// mark of the play is what is left. Whom an altered `sub` means is for the
/// scenario to say.
fn is_somebody_elses(scene: &Scene<'_>, account: &Account) -> bool {
    let own = scene.observation.end_user.as_deref().filter(|_| scene.observation.kind == Kind::SignIn);
    let Some(name) = own else { return false };
    let deviations = scene.world.issuer.deviations();
    let altered = |name: &String| deviations.members_of(name).iter().any(|(_, member)| *member == Member::Named("sub"));
    if deviations.names().iter().any(altered) {
        return false;
    }
    let is_of = |user: &EndUser| account.is_of(&user.sub, email_of(user));
    if scene.world.end_user(name).is_ok_and(is_of) {
        return false;
    }
    scene.world.other_end_users(name).any(is_of) || !account.carries(&scene.run())
}

/// Whether an account was made or changed since the step began; `None` where
/// no expectation needs to know.
async fn is_account_changed(scene: &mut Scene<'_>) -> Result<Option<bool>, TargetError> {
    let Some(before) = scene.before.accounts.as_ref() else { return Ok(None) };
    let run = scene.run();
    let after = scene.accounts().await?;
    Ok(Some(difference(before, &after, &run) != (0, 0)))
}

async fn answers(scene: &Scene<'_>) -> bool {
    scene.world.session.target.ping().await.is_ok()
}

impl Sessions {
    /// By what the target tells of each token.
    fn of(told: Vec<Told>) -> Self {
        let has = |one: Told| told.contains(&one);
        let works = has(Told::Own) || has(Told::Foreign);
        let odd = told.iter().find_map(|one| if let Told::Odd(found) = one { Some(found.clone()) } else { None });
        match (works, has(Told::Dead), odd) {
            (true, false, None) if has(Told::Foreign) => Self::Foreign,
            (true, false, None) => Self::Alive,
            (true, _, _) => Self::Mixed,
            (false, _, Some(found)) => Self::Odd(found),
            (false, true, None) => Self::Dead,
            (false, false, None) => Self::None,
        }
    }
}

/// The name of what happened. Names that are not in [`OUTCOMES`] say what is
/// wrong; no scenario can expect them.
fn name(facts: Facts) -> String {
    if let Some(why) = facts.dead_end {
        return why;
    }
    let name = match (facts.kind, facts.stopped_at_provider, facts.status) {
        (Kind::Arrangement, ..) => "done",
        (_, true, _) => "refused-by-provider",
        (.., None) => "no answer came",
        (kind, _, Some(status)) => match (status, kind, facts.sessions) {
            (200..400, Kind::SignIn, Sessions::Alive) => "signed-in",
            (200..400, Kind::SignIn, Sessions::Foreign) => "accepted, but the session is somebody else's",
            (200..400, Kind::SignIn, Sessions::Mixed) => "accepted, but not every session in the answer works",
            (200..400, Kind::SignIn, Sessions::Dead) => "accepted, but the session does not work",
            (200..400, Kind::SignIn, Sessions::Odd(found)) => return format!("accepted, but of the session: {found}"),
            (200..400, Kind::SignIn, Sessions::None) => "accepted without a session",
            (200..300, Kind::Link, _) => "linked",
            (200..400, ..) => "done",
            (.., Sessions::Alive | Sessions::Foreign | Sessions::Mixed) => {
                "answered with an error, but with a session that works"
            }
            _ if facts.is_account_changed => "answered with an error, but an account was made or changed",
            _ if !facts.still_answers => "the server does not answer any more",
            (.., Sessions::Odd(found)) => return format!("answered with an error, and of the session: {found}"),
            _ => "refused",
        },
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
    #[case(Facts { sessions: odd(), ..refused() }, "answered with an error, and of the session: 404 of users/me")]
    #[case(Facts { stopped_at_provider: true, ..refused() }, "refused-by-provider")]
    #[case(Facts { dead_end: Some("no url".into()), status: Some(201), ..refused() }, "no url")]
    #[case(Facts { status: Some(201), sessions: Sessions::Alive, ..refused() }, "signed-in")]
    #[case(Facts { status: Some(201), sessions: odd(), ..refused() }, "accepted, but of the session: 404 of users/me")]
    #[case(Facts { status: Some(201), sessions: Sessions::Dead, ..refused() }, "accepted, but the session does not work")]
    #[case(Facts { status: Some(201), sessions: Sessions::Mixed, ..refused() }, "accepted, but not every session in the answer works")]
    #[case(Facts { status: Some(201), ..refused() }, "accepted without a session")]
    #[case(Facts { status: Some(200), kind: Kind::Link, ..refused() }, "linked")]
    #[case(Facts { status: Some(307), kind: Kind::Answer, ..refused() }, "done")]
    #[case(Facts { status: None, kind: Kind::Arrangement, ..refused() }, "done")]
    fn tells_what_happened(#[case] facts: Facts, #[case] expected: &str) {
        assert_eq!(name(facts), expected);
    }

    #[rstest]
    #[case(&[], Sessions::None)]
    #[case(&[Told::Own, Told::Own], Sessions::Alive)]
    #[case(&[Told::Own, Told::Foreign], Sessions::Foreign)]
    #[case(&[Told::Dead, Told::Own], Sessions::Mixed)]
    #[case(&[Told::Odd("x".into()), Told::Own], Sessions::Mixed)]
    #[case(&[Told::Dead], Sessions::Dead)]
    #[case(&[Told::Dead, Told::Odd("x".into())], Sessions::Odd("x".into()))]
    fn an_odd_answer_is_not_taken_for_a_dead_session(#[case] told: &[Told], #[case] sessions: Sessions) {
        assert_eq!(Sessions::of(told.to_vec()), sessions);
    }
}

//! How the step ended, seen from the outside.

use serde_json::Value;

use super::accounts::difference;
use super::evidence::Scene;
use super::list::Section;
use super::value::ValueKind;
use crate::step::Kind;

/// What scenario files may expect.
pub const OUTCOMES: &[&str] = &["signed-in", "linked", "done", "refused", "refused-by-provider"];

/// The outcomes that a control must reach.
pub const SUCCESSES: &[&str] = &["signed-in", "linked", "done"];

pub(super) static SECTION: Section = Section {
    name: "outcome",
    text: "How the step ended. `signed-in`: the target gave a session that works. `linked`: it accepted the link. \
           `done`: it answered 2xx or 3xx. `refused`: an answer came, not 2xx; no token in it works; no account was \
           made or changed since the step began; the server still answers. `refused-by-provider`: the provider did \
           not send the user agent back.",
    members: &[],
    values: &[("", ValueKind::Word("outcome", OUTCOMES))],
    existence: None,
};

/// What is known of the answer; judged by [`name`].
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Facts {
    kind: Kind,
    status: Option<u16>,
    has_token: bool,
    token_works: bool,
    accounts_changed: bool,
    still_answers: bool,
    stopped_at_provider: bool,
    provider_reached: bool,
}

pub(super) async fn gather(scene: &mut Scene<'_>) -> Value {
    let observation = scene.observation;
    let status = observation.answer.as_ref().and_then(|answer| answer.status);
    let token_works = match &observation.token {
        Some(token) => scene.world.session.target.session_alive(token).await.unwrap_or(false),
        None => false,
    };
    let success = status.is_some_and(|status| status < 400);
    let (accounts_changed, still_answers) = if success {
        (false, true)
    } else {
        let changed = match (&scene.before.accounts, scene.world.session.accounts().await) {
            (Some(before), Ok(after)) => {
                let (created, changed) = difference(before, &after);
                created + changed > 0
            }
            _ => false,
        };
        (changed, scene.world.session.target.ping().await.is_ok())
    };
    let facts = Facts {
        kind: observation.kind,
        status,
        has_token: observation.token.is_some(),
        token_works,
        accounts_changed,
        still_answers,
        stopped_at_provider: observation.stopped_at_provider.is_some(),
        provider_reached: observation.redirect.is_some(),
    };
    Value::String(name(facts).to_owned())
}

/// The name of what happened. Names that are not in [`OUTCOMES`] say what is
/// wrong; no scenario can expect them.
fn name(facts: Facts) -> &'static str {
    if facts.kind == Kind::Arrangement {
        return "done";
    }
    if facts.stopped_at_provider {
        return "refused-by-provider";
    }
    let Some(status) = facts.status else { return "no answer came" };
    match (status, facts.kind) {
        (200..400, Kind::SignIn) if facts.token_works => "signed-in",
        // The flow ended at the authorization request, which went well.
        (200..400, Kind::SignIn) if facts.provider_reached && !facts.has_token => "accepted without a session",
        (200..400, Kind::SignIn) if facts.has_token => "accepted, but the session does not work",
        (200..400, Kind::SignIn) => "accepted without a session",
        (200..300, Kind::Link) => "linked",
        (200..400, _) => "done",
        _ if facts.token_works => "answered with an error, but with a session that works",
        _ if facts.accounts_changed => "answered with an error, but an account was made or changed",
        _ if !facts.still_answers => "the server does not answer any more",
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn refused() -> Facts {
        Facts { kind: Kind::SignIn, status: Some(500), still_answers: true, ..Facts::default() }
    }

    #[rstest]
    #[case(refused(), "refused")]
    #[case(Facts { status: Some(400), ..refused() }, "refused")]
    #[case(Facts { status: None, ..refused() }, "no answer came")]
    #[case(Facts { still_answers: false, ..refused() }, "the server does not answer any more")]
    #[case(Facts { token_works: true, has_token: true, ..refused() }, "answered with an error, but with a session that works")]
    #[case(Facts { accounts_changed: true, ..refused() }, "answered with an error, but an account was made or changed")]
    #[case(Facts { stopped_at_provider: true, ..refused() }, "refused-by-provider")]
    #[case(Facts { status: Some(201), token_works: true, has_token: true, ..refused() }, "signed-in")]
    #[case(Facts { status: Some(201), has_token: true, ..refused() }, "accepted, but the session does not work")]
    #[case(Facts { status: Some(201), ..refused() }, "accepted without a session")]
    #[case(Facts { status: Some(200), kind: Kind::Link, ..refused() }, "linked")]
    #[case(Facts { status: Some(307), kind: Kind::Answer, ..refused() }, "done")]
    #[case(Facts { status: None, kind: Kind::Arrangement, ..refused() }, "done")]
    fn tells_what_happened(#[case] facts: Facts, #[case] expected: &str) {
        assert_eq!(name(facts), expected);
    }
}

//! Which tests want the same settings, and which can play beside others. Pure.
//!
//! Tests that want the same settings have a turn together, as guests at one
//! path of the provider. A test with an issuer or settings of its own has a turn
//! to itself, and the others wait for its last step only. A test also has its own
//! issuer if only the path tells its requests from those of others, or if its steps
//! could disturb those of others, and a turn if it waits for the end of a session,
//! which other tests could end. A test plays alone if it changes the clock, or if
//! its accounts could be taken for those of others.

use mock_idp::{Deviations, Member, Message, Tls};
use serde_json::{Map, Value, json};

use super::issuer_path::IssuerPath;
use crate::expect::Expected;
use crate::immich::{Sections, UNIQUE_MEMBERS};
use crate::scenario::{Case, Play, Scenario};
use crate::step::StepShape;

/// What is the same for tests that want the same settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SettingsGroup {
    server: String,
    tls: Tls,
    path: IssuerPath,
}

/// Requests that the provider notes for the guest that sets them off.
const ATTRIBUTED: &[&str] = &["authorization", "token", "userinfo", "end-session"];

/// Claims that identify an end-user, so that no two may have the same.
const IDENTITY: &[&str] = &["sub", "email", "preferred_username"];

/// What the provider recognizes requests of guests by. It knows the request with
/// an altered code by its code verifier.
const TELLING: &[(Message, &[&str])] = &[(Message::TokenResponse, &["access_token", "refresh_token"])];

/// What accounts are known by, whose subject is altered.
const CLAIMED: &[(Message, &[&str])] =
    &[(Message::IdToken, &["email", "preferred_username"]), (Message::UserInfo, &["email", "preferred_username"])];

/// What stands for something else in every play.
const OF_THE_PLAY: &[&str] = &["{run}", "{user."];

impl SettingsGroup {
    /// The group of a play. It has the same issuer alone and beside others, since a
    /// server may remember what it got from an issuer.
    pub(super) fn of(play: &Play) -> Self {
        let path = path_beside(play).unwrap_or_else(|| IssuerPath::of(&play.shape));
        let mut sections = Sections::new();
        play.shape.server.lay_over(&mut sections);
        let server = if sections.is_empty() { String::new() } else { json!(sections).to_string() };
        Self { server, tls: play.shape.provider.tls, path }
    }

    /// Where the issuer of the play is.
    pub(super) fn path(&self) -> &IssuerPath {
        &self.path
    }

    /// The name of the turn in which a `play` of the group has its settings:
    /// the same for all, or that of the play, whose identities carry `run`.
    pub(super) fn turn(&self, play: &Play, run: &str) -> String {
        let changes = play.shape.steps.iter().any(|step| step.changed_settings().next().is_some());
        let is_shared = self.path != IssuerPath::Own
            && !changes
            && !expects_an_end(play)
            && play.shape.provider.client_secret.is_none()
            && !OF_THE_PLAY.iter().any(|name| self.server.contains(name));
        if is_shared { format!("{self:?}") } else { run.to_owned() }
    }
}

/// Whether a test can play beside others.
pub(super) fn plays_beside(case: &Case) -> bool {
    case.control.iter().chain([&case.play]).all(|play| path_beside(play).is_some())
}

/// The name of the turn in which a test of a run side by side plays. Tests with
/// one name play at the same time; those of different turns follow one another.
pub fn turn_of(scenario: &Scenario, case: &Case) -> String {
    let own = scenario.test_name(case);
    if plays_beside(case) { SettingsGroup::of(&case.play).turn(&case.play, &own) } else { own }
}

/// Whether a test has such a turn to itself.
pub(super) fn has_own_turn(scenario: &Scenario, case: &Case) -> bool {
    turn_of(scenario, case) == scenario.test_name(case)
}

/// The group of a test's control if that can be played in the turn of other tests,
/// while the test has another turn.
pub(super) fn early_control(scenario: &Scenario, case: &Case) -> Option<SettingsGroup> {
    let control = case.control.as_ref()?;
    path_beside(control)?;
    let (group, own) = (SettingsGroup::of(control), scenario.test_name(case));
    let turn = group.turn(control, &own);
    (turn != own && turn != turn_of(scenario, case)).then_some(group)
}

/// The path at which a play can be beside others; `None` if it must be alone.
fn path_beside(play: &Play) -> Option<IssuerPath> {
    [IssuerPath::of(&play.shape), IssuerPath::Own].into_iter().find(|path| keeps_to_itself(play, path))
}

/// Whether nothing of a play whose issuer has this path concerns another one.
fn keeps_to_itself(play: &Play, path: &IssuerPath) -> bool {
    let shape = &play.shape;
    let is_own = *path == IssuerPath::Own;
    let profile = shape.provider.profile().unwrap_or_default();
    let changes = || shape.steps.iter().filter_map(StepShape::provider_change);
    let mut deviations: Vec<Deviations> = shape.provider.deviations_over(profile).into_iter().collect();
    deviations.extend(shape.steps.iter().filter_map(|step| step.deviations().ok()));
    deviations.extend(changes().filter_map(|change| change.quirks).map(|quirks| quirks.deviations().clone()));
    let users = || shape.users.values().chain(changes().flat_map(|change| change.users.values()));
    let expected = || play.expected.iter().flatten();
    let mut unique = expected().filter(|one| one.path.first().is_some_and(|name| name == "account"));
    let depends = |name: &String| UNIQUE_MEMBERS.contains(&name.as_str());
    let is_attributed = |name: &String| ATTRIBUTED.contains(&name.as_str());
    let mut provider_saw = expected().filter(|one| one.path.first().is_some_and(|name| name == "provider-saw"));
    // What a path and a turn of its own make up for.
    let mut is_separate = || {
        shape.other_provider.is_none()
            && shape.provider.issuer.is_none()
            && !deviations.iter().any(|one| one.touch(Message::Picture) || alters(one, TELLING))
            && !users().any(has_picture_of_the_provider)
            && provider_saw.all(|one| one.path.get(1).is_some_and(is_attributed))
    };
    !shape.requires.shared_clock
        && shape.provider.client_secret.is_none()
        && !(is_own && shape.provider.tls != Tls::None)
        && shape.steps.iter().all(|step| step_keeps_to_itself(step, is_own))
        && !deviations.iter().any(|deviations| alters(deviations, CLAIMED))
        && users().all(is_of_the_play)
        && !unique.any(|one| one.path.get(1).is_some_and(depends))
        && (is_own || is_separate())
}

fn step_keeps_to_itself(step: &StepShape, is_own: bool) -> bool {
    let Some(action) = step.action() else { return false };
    let reads = action.head().method.is_none_or(|method| matches!(method, "GET" | "HEAD"));
    (is_own || reads) && !matches!(action.name(), "advance-clock" | "restart-server")
}

/// Whether it proves something that a session ends: the step of another test could
/// end it, if the server ends too many.
fn expects_an_end(play: &Play) -> bool {
    let is_of_a_session = |one: &Expected| one.path.first().is_some_and(|name| name == "sessions");
    play.expected.iter().flatten().any(|one| is_of_a_session(one) && one.admits("ended"))
}

/// Whether deviations alter one of these members.
fn alters(deviations: &Deviations, members: &[(Message, &[&str])]) -> bool {
    let is_listed = |(message, member): &(Message, Member<'_>)| {
        let names = members.iter().filter(|(one, _)| one == message).flat_map(|(_, names)| *names);
        names.into_iter().any(|name| *member == Member::Named(name))
    };
    deviations.names().iter().any(|name| deviations.members_of(name).iter().any(is_listed))
}

/// Whether an end-user is like no other.
fn is_of_the_play(claims: &Map<String, Value>) -> bool {
    let is_unique = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        OF_THE_PLAY.iter().any(|name| text.contains(name))
    };
    IDENTITY.iter().filter_map(|name| claims.get(*name)).all(is_unique)
}

/// Whether the provider may be asked for the picture, whose address is the same
/// for all guests.
fn has_picture_of_the_provider(claims: &Map<String, Value>) -> bool {
    let is_there = |text: String| {
        ["{issuer}", "{origin}", "{other_origin}", "{ipv6_origin}"].iter().any(|name| text.contains(name))
    };
    claims.get("picture").is_some_and(|picture| is_there(picture.to_string()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::scenario::Scenario;

    /// A scenario in which Alice signs in, with `head` before its first table.
    fn case(head: &str, rest: &str) -> Case {
        let text = format!(
            "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\nrequirement = [\"OIDC Core §2\"]\n\
             why = \"w\"\n{head}\n[users.alice]\n{rest}"
        );
        let Ok(scenario) = Scenario::parse("s", Source { path: "s.toml".into(), text }) else {
            unreachable!("the file is right")
        };
        let Some(case) = scenario.cases().first().cloned() else { unreachable!("there is one") };
        case
    }

    const SIGN_IN: &str = "[[steps]]\nsign-in.as = \"alice\"\n";

    #[rstest]
    #[case::honest("", "", true)]
    #[case::wrong_id_token("", "[provider]\nquirks.wrong-audience = true\n", true)]
    #[case::counts_tokens("", "[[steps]]\nsign-in.as = \"alice\"\nexpect.provider-saw.token.count = 1\n", true)]
    #[case::own_email("", "email = \"{run}@x.test\"\n", true)]
    #[case::settings("[server.oauth]\nautoRegister = false", "", true)]
    #[case::published("", "[provider]\nquirks.jwks-empty = true\n", true)]
    #[case::rotates("", "[[steps]]\nprovider.rotate-keys = true\n", true)]
    #[case::counts_keys("", "[[steps]]\nsign-in.as = \"alice\"\nexpect.provider-saw.jwks.count = 1\n", true)]
    #[case::order("", "[[steps]]\nsign-in.as = \"alice\"\nexpect.provider-saw.order = [\"token\"]\n", true)]
    #[case::label("", "[[steps]]\nsign-in.as = \"alice\"\nexpect.account.storageLabel.absent = true\n", false)]
    #[case::clock("", "[[steps]]\nadvance-clock.seconds = 1\n", false)]
    #[case::configures("", "[[steps]]\nconfigure.oauth.autoRegister = false\n", true)]
    #[case::settings_of_the_play("[server.oauth]\nbuttonText = \"{run}\"", "", true)]
    #[case::writes("", "[[steps]]\nrequest = { method = \"PUT\", path = \"/api/x\" }\n", true)]
    #[case::empty_subject("", "[provider]\noverlay.id-token.set.sub = \"\"\n", true)]
    #[case::other_email("", "[provider]\noverlay.userinfo.set.email = \"a-{run}@b.test\"\n", false)]
    #[case::access_token("", "[provider]\noverlay.token-response.set.access_token = \"x\"\n", true)]
    #[case::own_issuer("", "[provider]\nissuer = \"{origin}/x\"\n", true)]
    #[case::own_secret("", "[provider]\nclient-secret = \"x\"\n", false)]
    #[case::no_picture("", "picture = \"x\"\n", true)]
    #[case::picture("", "picture = \"{issuer}/picture\"\n", true)]
    #[case::picture_over_tls("", "picture = \"{issuer}/picture\"\n[provider]\ntls = \"trusted\"\n", false)]
    #[case::unknown_code("", "[provider]\noverlay.authorization-response.set.code = \"x\"\n", true)]
    fn what_concerns_others_plays_alone(#[case] head: &str, #[case] rest: &str, #[case] beside: bool) {
        assert_eq!(plays_beside(&case(head, &format!("{rest}{SIGN_IN}"))), beside);
    }

    #[test]
    fn tests_with_other_settings_are_of_another_group() {
        let group = |head: &str| SettingsGroup::of(&case(head, SIGN_IN).play);
        assert_eq!(group(""), group("tags = [\"x\"]"));
        assert_ne!(group(""), group("[server.oauth]\nautoRegister = false"));
    }

    #[rstest]
    #[case::honest("", "", false)]
    #[case::settings("[server.oauth]\nautoRegister = false", "", false)]
    #[case::published("", "[provider]\nquirks.jwks-empty = true\n", true)]
    #[case::configures("", "[[steps]]\nconfigure.oauth.autoRegister = false\n", true)]
    #[case::settings_of_the_play("[server.oauth]\nbuttonText = \"{run}\"", "", true)]
    #[case::counts_keys("", "[[steps]]\nsign-in.as = \"alice\"\nexpect.provider-saw.jwks.count = 1\n", true)]
    #[case::ends_a_session(
        "",
        "[[steps]]\nid = \"in\"\nsign-in.as = \"alice\"\n[[steps]]\nlogout = {}\nexpect.sessions.in = \"ended\"\n",
        true
    )]
    #[case::keeps_a_session(
        "",
        "[[steps]]\nid = \"in\"\nsign-in.as = \"alice\"\nexpect.sessions.in = \"alive\"\n",
        false
    )]
    fn what_others_do_not_want_has_a_turn_to_itself(#[case] head: &str, #[case] rest: &str, #[case] is_own: bool) {
        let play = case(head, &format!("{rest}{SIGN_IN}")).play;
        let turn = |run: &str| SettingsGroup::of(&play).turn(&play, run);
        assert_eq!(turn("1") != turn("2"), is_own);
    }
}

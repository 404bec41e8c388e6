//! Plays one resolved scenario: sets the stage, and clears it afterwards.
//! [`super::performance`] performs the steps.

use std::sync::Arc;
use std::time::Duration;

use mock_idp::Guest;

use super::fixture::Fixture;
use super::performance::perform;
use super::played::Played;
use super::prepared::Prepared;
use super::settings_group::SettingsGroup;
use crate::expect::{Before, steady_text};
use crate::guard::{Applied, Session, StepFault};
use crate::http_client::BrowserClients;
use crate::immich::{Account, TargetError};
use crate::report::{CaseReport, Party};
use crate::scenario::Play;
use crate::stage::{StepError, World, WorldParts};

impl Fixture {
    pub(super) async fn play(
        mut self,
        mut session: Session,
        play: &Play,
        report: &CaseReport,
    ) -> (Session, Result<Played, StepError>) {
        // Before its turn, in which every request delays others.
        let listed = match self.list_early(&session, play).await {
            Ok(listed) => listed,
            Err(error) => return (session, Err(StepFault::from(error).into())),
        };
        if session.is_beside() {
            session.turn.begin(&SettingsGroup::of(play).turn(play, &self.run)).await;
        }
        let prepared = match self.prepare(&session, play) {
            Ok(prepared) => prepared,
            Err(error) => {
                session.turn.end();
                return (session, Err(error));
            }
        };
        let settings = prepared.settings(&session);
        let Prepared { issuer, has_own_paths, other_issuer, shape, end_users, placeholders } = prepared;
        if !has_own_paths {
            session.turn.keep();
        }
        let mut world = World::new(WorldParts {
            session,
            provider: Arc::clone(&self.provider),
            browser_clients: BrowserClients {
                guest: self.guest.as_ref().map(Guest::header),
                ..self.browser_clients.clone()
            },
            restarter: self.restarter.clone(),
            issuer: issuer.clone(),
            other_issuer: other_issuer.clone(),
            end_users,
            settings: settings.clone(),
            placeholders,
            listed,
            random: self.random,
            patience: shape.patience.map(|seconds| Duration::from_secs(seconds.get().into())),
        });
        let moved = self.provider.clock().offset();
        let played = async {
            if let Applied::Refused(message) = world.session.apply(&settings).await? {
                let steady = steady_text(&message, &world.placeholders);
                return Err(StepError::SettingsRefused { message, steady });
            }
            perform(&mut world, &shape, play, report, &self.events).await
        };
        let mut played = played.await;
        // Another turn may need its paths.
        for issuer in std::iter::once(&issuer).chain(&other_issuer) {
            self.provider.close(issuer);
        }
        world.session.turn.end();
        if self.guest.is_some_and(|guest| guest.unattributed() > 0) {
            played = Err(StepFault::Undecided("the provider cannot tell which test a request belongs to").into());
        }
        if world.session.is_beside() && played.as_ref().is_ok_and(is_limited) {
            played = Err(StepFault::Undecided("the server limits the rate of requests").into());
        }
        self.provider.clock().set_offset(moved);
        let (mut session, tokens) = world.into_session();
        session.end_sessions(tokens).await;
        session.tidy(&self.run);
        (session, played)
    }

    /// Lists the accounts for the first step of a play beside others, if it
    /// needs to know them.
    async fn list_early(&self, session: &Session, play: &Play) -> Result<Option<Vec<Account>>, TargetError> {
        let needs = play.expected.first().is_some_and(|expected| Before::needs_accounts(expected));
        if needs && session.is_beside() { session.accounts().await.map(Some) } else { Ok(None) }
    }
}

/// Whether the target answered that requests are too many (RFC 6585 §4).
fn is_limited(played: &Played) -> bool {
    let exchanges = played.steps.iter().flat_map(|step| &step.exchanges);
    exchanges.filter(|one| one.to == Party::Target).any(|one| one.exchange.status == Some(429))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use crate::diagnostic::Source;
    use crate::reference::NEWEST;
    use crate::report::{Fault, Outcome};
    use crate::runner::{Worker, WorkerOptions};
    use crate::scenario::Scenario;

    async fn worker() -> Worker {
        let client = crate::http_client::of_the_system(b"").unwrap();
        let options = WorkerOptions {
            idp_listen: ([127, 0, 0, 1], 0).into(),
            idp_url: None,
            authority: None,
            seed: 1,
            browser_client: client.clone(),
            client,
            with_pages: false,
        };
        Worker::with_reference(options, &NEWEST, &[]).await.unwrap()
    }

    fn scenario(body: &str) -> Scenario {
        let text = format!(
            "format = 1\ntitle = \"t\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
             requirement = [\"OIDC Core §2\"]\nwhy = \"w\"\n[users.alice]\n{body}"
        );
        let Ok(scenario) = Scenario::parse("s", Source { path: "s.toml".into(), text }) else {
            unreachable!("the file is right")
        };
        scenario
    }

    /// Otherwise whatever comes later would come from the future.
    #[tokio::test]
    async fn time_that_passes_in_a_play_passes_there_only() {
        let scenario = scenario("[[steps]]\nadvance-clock.seconds = 3600\n[[steps]]\nsign-in.as = \"alice\"\n");
        let mut worker = worker().await;
        let before = worker.provider().clock().now();
        let report = worker.test(&scenario, &scenario.cases()[0], None).await;
        assert_eq!(report.result.outcome, Outcome::Passed, "{report:?}");
        assert!(worker.provider().clock().now() < before + 3600);
    }

    /// What the journal dropped may be what the test is about.
    #[tokio::test]
    async fn a_gap_in_the_journal_is_an_error_of_the_run() {
        let huge = "quirks.discovery-huge = 5000\nsign-in.as = \"alice\"\nexpect.outcome = { level = \"may\", is = \"signed-in\" }\n";
        let steps = |count| scenario(&format!("[[steps]]\n{huge}").repeat(count));
        let mut worker = worker().await;
        let (one, several) = (steps(1), steps(5));
        let alone = worker.test(&one, &one.cases()[0], None).await.result;
        let result = worker.test(&several, &several.cases()[0], None).await.result;
        assert_ne!(alone.outcome, Outcome::Error, "{alone:?}");
        assert_eq!((result.outcome, result.fault), (Outcome::Error, Some(Fault::Harness)));
        assert!(result.reason.as_ref().is_some_and(|reason| reason.contains("dropped")), "{result:?}");
    }

    /// The first step alone is a finding; the second one breaks a requirement.
    #[tokio::test]
    async fn a_should_hides_no_must_that_follows() {
        let steps = |second: &str| {
            let expect = "expect.account.name = { is = \"x\", level = \"should\" }\n";
            let text =
                format!("[[steps]]\nsign-in.as = \"alice\"\n{expect}[[steps]]\nsign-in.as = \"alice\"\n{second}");
            scenario(&text)
        };
        let mut worker = worker().await;
        let mut outcomes = Vec::new();
        for scenario in [steps(""), steps("expect.account.name = \"y\"\n")] {
            outcomes.push(worker.test(&scenario, &scenario.cases()[0], None).await.result.outcome);
        }
        assert_eq!(outcomes, [Outcome::Finding, Outcome::Failed]);
    }

    #[tokio::test]
    async fn a_control_proves_nothing_for_a_case_that_has_another() {
        let scenario = scenario(
            "[cases.a]\n[cases.b]\n[cases.c.server.oauth]\nautoRegister = false\n[[steps]]\n\
             quirks.wrong-issuer = true\nsign-in.as = \"alice\"\nexpect.outcome = \"refused\"\n",
        );
        let mut worker = worker().await;
        let mut outcomes = Vec::new();
        for case in scenario.cases() {
            outcomes.push(worker.test(&scenario, case, None).await.result.outcome);
        }
        assert_eq!(outcomes, [Outcome::Passed, Outcome::Passed, Outcome::Blocked]);
    }
}

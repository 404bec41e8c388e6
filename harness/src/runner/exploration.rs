//! A run that sets up one play for use by hand: the provider and the server are
//! set up as for a play, but the harness performs no steps.

use mock_idp::by_hand::Console;
use mock_idp::{EndUser, Interruption};

use super::error::RunError;
use super::event::{Event, Events, Exhibit, observed};
use super::fixture::Fixture;
use super::prepared::Prepared;
use super::run::Run;
use crate::expect::steady_text;
use crate::guard::{Applied, Restored, Session};
use crate::immich::Sections;
use crate::scenario::Play;
use crate::stage::StepError;

impl Run {
    /// Sets up `play`, reports its addresses, and waits until the user ends it.
    /// Whatever happens, the target is left as it was, or the error says what
    /// is left.
    pub async fn explore(&self, play: &Play, mut observe: impl FnMut(&Event)) -> Result<Restored, RunError> {
        let (events, mut heard) = Events::heard();
        observed(Box::pin(self.set_stage(play, events)), &mut heard, &mut observe).await
    }

    async fn set_stage(&self, play: &Play, events: Events) -> Result<Restored, RunError> {
        let judged = self.judged()?;
        let judged = judged.as_ref();
        let mut interruption = Interruption::listen();
        let workers = tokio::select! {
            workers = self.workers(judged, 1, &events) => workers?.0,
            () = interruption.wait() => return Err(self.interrupted(judged, &mut interruption).await),
        };
        let Some(mut worker) = workers.into_iter().next() else { return Ok(Restored::default()) };
        let shown = worker.tells(events).exhibit(play, interruption.wait()).await;
        let restored = worker.finish().await?;
        shown.map(|()| restored)
    }
}

/// Settings without their secrets.
fn shown(session: &Session, settings: &Sections) -> Sections {
    let mut shown = settings.clone();
    for (section, keys) in &mut shown {
        for (key, value) in keys {
            *value = session.target.secrets().value(&[section.clone(), key.clone()], value);
        }
    }
    shown
}

impl Fixture {
    /// Sets the stage and waits for `end`.
    pub(super) async fn exhibit(
        mut self,
        mut session: Session,
        play: &Play,
        console: Option<&Console>,
        api_key: Option<String>,
        end: impl Future<Output = ()>,
    ) -> (Session, Result<(), StepError>) {
        let prepared = match self.prepare(&session, play) {
            Ok(prepared) => prepared,
            Err(error) => return (session, Err(error)),
        };
        let settings = prepared.settings(&session);
        let Prepared { issuer, other_issuer, end_users, placeholders, .. } = prepared;
        let ready = match session.apply(&settings).await {
            Ok(Applied::InForce) => Ok(()),
            Ok(Applied::Refused(message)) => {
                let steady = steady_text(&message, &placeholders);
                Err(StepError::SettingsRefused { message, steady })
            }
            Err(fault) => Err(fault.into()),
        };
        if ready.is_ok() {
            if let Some(console) = console {
                console.serve(&issuer);
            }
            let email =
                |user: &EndUser| user.claims.get("email").and_then(|email| email.as_str()).map(ToOwned::to_owned);
            self.events.tell(Event::Exhibited(Box::new(Exhibit {
                target: session.target.origin().to_owned(),
                api_key,
                provider: self.provider.origin().as_str().trim_end_matches('/').to_owned(),
                issuer: issuer.url().to_owned(),
                secret: console.filter(|console| console.is_exposed()).map(|console| console.secret().to_owned()),
                end_users: end_users
                    .iter()
                    .map(|(name, user)| (name.clone(), email(user).unwrap_or_default()))
                    .collect(),
                deviations: issuer.deviations().names(),
                settings: shown(&session, &settings),
            })));
            end.await;
        }
        if let Some(console) = console {
            console.end();
        }
        for issuer in std::iter::once(&issuer).chain(&other_issuer) {
            self.provider.close(issuer);
        }
        (session, ready)
    }
}

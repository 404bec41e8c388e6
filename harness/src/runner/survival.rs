//! Whether the server survives a play: no request of an end-user may end it. A
//! later answer proves that it works, or else one ping. What an answer says is
//! for [`super::answers`].

use std::ops::Range;

use super::answers::failed_check;
use crate::address;
use crate::diagnostic::Diagnostic;
use crate::expect::{ALIVE, AnswerRule, Check};
use crate::immich::{ApiRoute, Immich, Outage, TargetError};
use crate::stage::World;

/// The last request of a play that the server got from a user agent.
#[derive(Debug, Default)]
pub(super) struct Survival(Option<LastRequest>);

#[derive(Debug)]
struct LastRequest {
    route: String,
    /// How often the server had answered the administrator by then.
    answers: u64,
}

impl Survival {
    /// Notes the last request that the step of `world` sent so far. One that the
    /// server never got, as it was down already, is not its cause.
    pub(super) fn note(&mut self, world: &World) {
        let sent = world.sent.iter().map(|sent| &sent.exchange);
        let mut got = sent.filter(|exchange| {
            let is_lost = Outage::of(exchange).is_some_and(|outage| outage.is_before_request());
            address::is_at(world.target_origin(), &exchange.url) && !is_lost
        });
        if let Some(exchange) = got.next_back() {
            self.0 = Some(LastRequest { route: ApiRoute::of(exchange), answers: world.session.target.answers() });
        }
    }

    /// Returns the failed check and its diagnostic if the server is down after
    /// the last request. Then it also waits until the server is back: the next
    /// test is not to blame.
    ///
    /// # Errors
    /// The harness cannot send a ping, or take its answer.
    pub(super) async fn judge(
        self,
        target: &Immich,
        place: &Range<usize>,
    ) -> Result<Option<(Check, Diagnostic)>, TargetError> {
        let is_proven = |last: &LastRequest| target.answers() > last.answers || target.end().is_some();
        let Some(last) = self.0.filter(|last| !is_proven(last)) else { return Ok(None) };
        let Some(outage) = target.outage().await? else { return Ok(None) };
        target.await_return().await?;
        let sentence = AnswerRule::sentence("Stops working after a request", &last.route);
        let (check, diagnostic) = failed_check(&ALIVE, &[sentence.as_str()], place);
        Ok(Some((check, diagnostic.note(format!("{}: {outage}", ApiRoute::PING)))))
    }
}

//! A run that sets up one play for use by hand.

use mock_idp::Interruption;

use super::error::RunError;
use super::event::{Event, Events, observed};
use super::preparation::finish;
use super::run::Run;
use crate::guard::Restored;
use crate::scenario::Play;

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
        let mut interruption = Interruption::listen();
        let workers = tokio::select! {
            workers = self.workers(&judged, 1, &events) => workers?.0,
            () = interruption.wait() => return Err(self.interrupted(&judged, &mut interruption).await),
        };
        let mut workers = workers.into_iter();
        let Some(mut worker) = workers.next() else { return Ok(Restored::default()) };
        // One stage is enough; the others were prepared, and are left as they were.
        if let Err(error) = finish(workers).await {
            worker.finish().await?;
            return Err(error);
        }
        let shown = worker.tells(events).exhibit(play, interruption.wait()).await;
        let restored = worker.finish().await?;
        shown.map(|()| restored)
    }
}

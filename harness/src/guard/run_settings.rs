//! The settings that a run gave its server last, for all its sessions, and their
//! next change. [`super::restore`] puts back those from before the run.

use super::{Custody, Journal, StepFault};
use crate::immich::{Immich, Sections, TargetError, lay_over, sections_of};

/// What became of a change of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// They are in force.
    InForce,
    /// The target does not take them, and says why.
    Refused(String),
}

/// The settings that the run asked for.
#[derive(Debug, Default)]
pub(super) struct RunSettings {
    /// What was asked for last; servers store some values otherwise.
    asked: Option<Sections>,
    /// How many changes were made.
    pub(super) changes: usize,
}

impl RunSettings {
    /// Whether these were asked for last.
    pub(super) fn are(&self, desired: &Sections) -> bool {
        self.asked.as_ref() == Some(desired)
    }

    /// Has `target` work with `desired`, which is written once others are `ready`.
    pub(super) async fn replace(
        &mut self,
        target: &Immich,
        custody: &Custody,
        desired: Sections,
        ready: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Applied, StepFault> {
        self.asked = None;
        // In a task of its own that holds the journal from before it starts:
        // interrupted in the middle, it still ends, and the restore waits for
        // it.
        let mut journal = custody.journal().await;
        let (target, wish) = (target.clone(), desired.clone());
        let changed = tokio::spawn(async move { change(&target, &mut journal, &wish, ready).await });
        let changed = match changed.await {
            Ok(changed) => changed,
            // A fault of our own is not the target's.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(TargetError::SettingsRefused(error.to_string()).into()),
            },
        };
        match changed {
            Ok(()) => {
                self.changes += 1;
                self.asked = Some(desired);
                Ok(Applied::InForce)
            }
            Err(StepFault::Target(TargetError::SettingsRefused(message))) => Ok(Applied::Refused(message)),
            Err(error) => Err(error),
        }
    }
}

/// Changes the settings to `desired` once others are `ready`, unless another party
/// changed them since. What is about to be sent is in the journal before.
async fn change(
    target: &Immich,
    journal: &mut Journal,
    desired: &Sections,
    ready: impl Future<Output = ()>,
) -> Result<(), StepFault> {
    // The disk writes while the answer is under way.
    let (document, intended, ()) = tokio::join!(target.settings(), async { journal.intend(desired) }, ready);
    intended?;
    let mut document = document?;
    let current = sections_of(&document);
    let foreign = journal.originals().map(|originals| originals.changed_since(&current)).unwrap_or_default();
    if !foreign.is_empty() {
        return Err(TargetError::ChangedByOthers(foreign).into());
    }
    lay_over(&mut document, desired);
    let shown = target.put_settings(document).await?;
    Ok(journal.note(sections_of(&shown))?)
}

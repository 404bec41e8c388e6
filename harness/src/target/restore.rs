//! Putting things back: the settings, then the accounts of the run.
//!
//! Settings first, since nobody can get a new account of ours once they point
//! elsewhere.

use std::time::{Duration, Instant};

use super::settings::{differences, lay_over, sections_of};
use super::{Account, Immich, Journal, Sections, StepFault, TargetError, Unfinished};

/// What was put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Whether settings had to be put back.
    pub settings: bool,
    /// How many accounts were deleted.
    pub accounts: usize,
}

/// Accounts that a server still had in hand when its run was killed appear
/// within this time.
const AFTERMATH: Duration = Duration::from_millis(500);

/// How long a server may take to remove an account.
const PATIENCE: Duration = Duration::from_secs(30);

/// Finishes what a run left. Settings that are neither as the run found them
/// nor as it made them are somebody else's, and only overwritten by `force`.
pub async fn restore(
    target: &Immich,
    journal: Journal,
    unfinished: Unfinished,
    force: bool,
) -> Result<Restored, StepFault> {
    let mut restored = Restored::default();
    if let Some(begun) = unfinished.begun {
        let guard = if force { Guard::Nothing } else { Guard::Mark(&begun.mark) };
        restored.settings = put_back(target, &begun.originals, guard).await?;
        restored.accounts = remove_accounts(target, &begun.mark).await?;
        tokio::time::sleep(AFTERMATH).await;
        restored.accounts += remove_accounts(target, &begun.mark).await?;
    }
    journal.finish()?;
    Ok(restored)
}

/// What the settings must look like to be ours.
pub(super) enum Guard<'a> {
    /// Just these.
    Sections(&'a Sections),
    /// They carry the mark of the run.
    Mark(&'a str),
    /// Anything goes.
    Nothing,
}

/// Puts `originals` into the settings, if they are ours to change; whether
/// it was necessary.
pub(super) async fn put_back(target: &Immich, originals: &Sections, guard: Guard<'_>) -> Result<bool, TargetError> {
    let changing = target.changing();
    let _guard = changing.lock().await;
    let mut document = target.settings().await?;
    let current = sections_of(&document);
    let foreign = differences(&current, originals);
    if foreign.is_empty() {
        return Ok(false);
    }
    let ours = match guard {
        Guard::Sections(sections) => differences(&current, sections).is_empty(),
        // Issuer and client secret of every scenario carry it, and nothing
        // of anybody else's does.
        Guard::Mark(mark) => format!("{current:?}").contains(mark),
        Guard::Nothing => true,
    };
    if !ours {
        return Err(TargetError::ChangedByOthers(foreign));
    }
    lay_over(&mut document, originals);
    let after = target.put_settings(document.clone()).await?;
    let read = target.settings().await?;
    // The whole document: what we never touched must not have moved, either.
    let mut wrong = differences(&sections_of(&read), originals);
    let others = document.as_object().into_iter().flatten().filter(|(name, value)| read.get(*name) != Some(*value));
    wrong.extend(others.map(|(name, _)| name.clone()).filter(|name| !originals.contains_key(name)));
    if wrong.is_empty() { Ok(after != serde_json::Value::Null) } else { Err(TargetError::NotPutBack(wrong)) }
}

/// Deletes the accounts that carry `mark`, and waits until they are gone.
pub(super) async fn remove_accounts(target: &Immich, mark: &str) -> Result<usize, TargetError> {
    let mut deleted = Vec::new();
    let since = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        let mut left: Vec<_> = target.accounts().await?;
        left.retain(|account| account.carries(mark));
        if left.is_empty() {
            return Ok(deleted.len());
        }
        for account in &left {
            if !deleted.contains(&account.id) {
                remove(target, account).await?;
                deleted.push(account.id.clone());
            }
        }
        if since.elapsed() > PATIENCE {
            return Err(TargetError::NotGone(left.len()));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

/// Has an account removed for good; one that is gone already is fine.
async fn remove(target: &Immich, account: &Account) -> Result<(), TargetError> {
    // What is in the bin is not found by a second deletion.
    if account.is_in_the_bin() {
        gone_is_fine(target.undelete_account(&account.id).await)?;
    }
    gone_is_fine(target.delete_account(&account.id, true).await)
}

fn gone_is_fine(done: Result<(), TargetError>) -> Result<(), TargetError> {
    match done {
        Err(TargetError::Unexpected { status: 400 | 404, .. }) => Ok(()),
        done => done,
    }
}

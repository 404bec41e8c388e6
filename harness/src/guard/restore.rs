//! Putting things back: the settings, then the accounts of the run.
//!
//! Settings first, since nobody can get a new account of ours once they point
//! elsewhere.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use super::journal::OriginalFile;
use super::{Journal, StepFault, Unfinished};
use crate::target::{
    Account, ConfigurationFile, Immich, Sections, TargetError, differences, lay_over, rest, sections_of,
};

/// What was put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Whether settings had to be put back.
    pub settings: bool,
    /// How many accounts were deleted.
    pub accounts: usize,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = if self.settings { "the settings were put back" } else { "the settings are as they were" };
        write!(f, "{settings}; accounts deleted: {}", self.accounts)
    }
}

/// Accounts that a server still had in hand when its run was killed appear
/// within this time.
const AFTERMATH: Duration = Duration::from_millis(500);

/// How long a server may take to remove an account.
const PATIENCE: Duration = Duration::from_secs(30);

/// Finishes what a run left. Settings that are neither as the run found them
/// nor as it made them are somebody else's, and only overwritten by `force`;
/// so is another server than that of the run, which is its own by another
/// name at best.
pub async fn restore(
    target: &Immich,
    journal: Journal,
    unfinished: Unfinished,
    force: bool,
) -> Result<Restored, StepFault> {
    let mut restored = Restored::default();
    if let Some(begun) = unfinished.begun {
        if begun.target != target.origin() && !force {
            return Err(TargetError::AnotherServer(begun.target).into());
        }
        let guard = if force { Guard::Nothing } else { Guard::Mark(&begun.mark) };
        if !begun.originals.is_empty() {
            restored.settings = put_back(target, &begun.originals, begun.file.as_ref(), guard).await?;
        }
        let ours = |account: &Account| is_ours(account, &begun.mark, &begun.accounts);
        restored.accounts = remove_accounts(target, ours).await?;
        tokio::time::sleep(AFTERMATH).await;
        restored.accounts += remove_accounts(target, ours).await?;
    }
    journal.finish()?;
    Ok(restored)
}

/// What the settings must look like to be ours.
pub(super) enum Guard<'a> {
    /// Just these: the last that the target showed, and those of changes of
    /// which it is not known whether the target made them.
    Sections(&'a Sections, &'a [Sections]),
    /// They carry the mark of the run.
    Mark(&'a str),
    /// Anything goes.
    Nothing,
}

impl Guard<'_> {
    /// Whether settings like these are ours to change.
    pub(super) fn lets(&self, current: &Sections) -> bool {
        match self {
            Self::Sections(shown, sent) => {
                std::iter::once(*shown).chain(*sent).any(|one| differences(current, one).is_empty())
            }
            // The client's id carries it in every play, and nothing of anybody
            // else's does.
            Self::Mark(mark) => format!("{current:?}").contains(mark),
            Self::Nothing => true,
        }
    }
}

/// Puts `originals` into the settings, if they are ours to change; whether
/// it was necessary.
pub(super) async fn put_back(
    target: &Immich,
    originals: &Sections,
    file: Option<&OriginalFile>,
    guard: Guard<'_>,
) -> Result<bool, TargetError> {
    let changing = target.changing();
    let _guard = changing.lock().await;
    if let Some(file) = file {
        return put_file_back(target, originals, file, &guard).await;
    }
    let mut document = target.settings().await?;
    let current = sections_of(&document);
    let foreign = differences(&current, originals);
    if foreign.is_empty() {
        return Ok(false);
    }
    if !guard.lets(&current) {
        return Err(TargetError::ChangedByOthers(foreign));
    }
    lay_over(&mut document, originals);
    target.put_settings(document.clone()).await?;
    let read = target.settings().await?;
    // The whole document: what we never touched must not have moved, either.
    let mut wrong = differences(&sections_of(&read), originals);
    let others = document.as_object().into_iter().flatten().filter(|(name, value)| read.get(*name) != Some(*value));
    wrong.extend(others.map(|(name, _)| name.clone()).filter(|name| !originals.contains_key(name)));
    if wrong.is_empty() { Ok(true) } else { Err(TargetError::NotPutBack(wrong)) }
}

/// The same in the file that the settings come from, byte for byte.
async fn put_file_back(
    target: &Immich,
    originals: &Sections,
    original: &OriginalFile,
    guard: &Guard<'_>,
) -> Result<bool, TargetError> {
    let file = ConfigurationFile::new(&original.path);
    let (now, before) = (file.read()?, original.bytes());
    if now == before {
        return Ok(false);
    }
    let current = file.meaning(&now);
    let ours = match (&current, guard) {
        (_, Guard::Nothing) => true,
        // Whatever else is in it, the run left as it was.
        (Ok(current), guard) => {
            guard.lets(&sections_of(current)) && rest(current.clone()) == rest(file.meaning(&before)?)
        }
        (Err(_), _) => false,
    };
    if !ours {
        return Err(TargetError::ChangedByOthers(vec![original.path.display().to_string()]));
    }
    file.write(&before)?;
    target.settings_in_force(originals).await?;
    Ok(true)
}

/// Whether the run with this mark made an account, and so may delete it. One
/// that was `there` before is not the run's, even if a sign-in linked it.
pub(super) fn is_ours(account: &Account, mark: &str, there: &BTreeSet<String>) -> bool {
    account.carries(mark) && !there.contains(&account.id)
}

/// Deletes the accounts that are `ours`, and waits until they are gone.
pub(super) async fn remove_accounts(target: &Immich, ours: impl Fn(&Account) -> bool) -> Result<usize, TargetError> {
    let mut deleted = Vec::new();
    let since = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        let mut left: Vec<_> = target.accounts().await?;
        left.retain(&ours);
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

/// Deletes the accounts that are `ours`, and does not wait until they are
/// gone.
pub(super) async fn delete_accounts(target: &Immich, ours: impl Fn(&Account) -> bool) -> Result<usize, TargetError> {
    let mut found = target.accounts().await?;
    found.retain(ours);
    for account in &found {
        remove(target, account).await?;
    }
    Ok(found.len())
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

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// A sign-in of the run may have linked it; it is somebody's all the same.
    #[rstest]
    #[case("alice-abcdefgh-00001", "2", true)]
    #[case("alice-abcdefgh-00001", "1", false)]
    #[case("alice", "2", false)]
    fn what_was_there_before_is_never_ours(#[case] sub: &str, #[case] id: &str, #[case] ours: bool) {
        let document = json!({"id": id, "email": "boss@example.org", "oauthId": sub});
        let there = BTreeSet::from(["1".to_owned()]);
        assert_eq!(Account::of(document).is_some_and(|account| is_ours(&account, "abcdefgh", &there)), ours);
    }
}

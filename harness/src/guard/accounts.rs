//! The accounts of a run, and how the harness deletes them.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::future::ready;
use futures_util::{Stream, StreamExt, stream};

use super::retries::Retries;
use crate::immich::{Account, Immich, TargetError};

/// How long a server may take to remove an account.
const PATIENCE: Duration = Duration::from_secs(30);

/// So many times in a row the server may refuse every deletion that it is
/// asked for.
const REFUSALS: u32 = 3;

/// So many accounts are removed at once: a distant server takes as long for
/// one, and a slow one is not flooded.
const REMOVED_AT_ONCE: usize = 4;

/// Whether the run with this mark made an account, and so may delete it. One
/// that was `there` before is not the run's, even if a sign-in linked it.
pub(super) fn is_ours(account: &Account, mark: &str, there: &BTreeSet<String>) -> bool {
    account.carries(mark) && !there.contains(&account.id)
}

/// All accounts, asked for a few times.
pub(super) async fn all(target: &Immich) -> Result<Vec<Account>, TargetError> {
    let mut retries = Retries::default();
    loop {
        match target.accounts().await {
            Err(error) if retries.may_follow(&error).await => {}
            found => return found,
        }
    }
}

/// Deletes the accounts that are `ours`, and waits until they are gone. One
/// that the server does not delete stops none of the others; it is tried again
/// as long as others go. Returns how many were deleted.
pub(super) async fn remove_accounts(target: &Immich, ours: impl Fn(&Account) -> bool) -> Result<usize, TargetError> {
    let mut deleted = BTreeSet::new();
    let (mut since, mut refusals) = (Instant::now(), 0);
    let mut pause = Duration::from_millis(10);
    loop {
        let mut left = all(target).await?;
        left.retain(&ours);
        if left.is_empty() {
            return Ok(deleted.len());
        }
        let (before, mut refused) = (deleted.len(), None);
        let undeleted: Vec<&Account> = left.iter().filter(|account| !deleted.contains(&account.id)).collect();
        let mut removed = removing(target, undeleted);
        while let Some((account, done)) = removed.next().await {
            match done {
                Ok(()) => {
                    deleted.insert(account.id.clone());
                }
                Err(error @ (TargetError::TimedOut(_) | TargetError::KeyRefused)) => return Err(error),
                Err(error) => refused = Some(error),
            }
        }
        if deleted.len() > before {
            (since, refusals) = (Instant::now(), 0);
        } else if let Some(error) = refused {
            refusals += 1;
            if refusals == REFUSALS {
                return Err(TargetError::NotDeleted { accounts: left.len(), reason: error.to_string() });
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
/// gone. Returns how many the server deletes.
pub(super) async fn delete_accounts(target: &Immich, ours: impl Fn(&Account) -> bool) -> Result<usize, TargetError> {
    let mut found = target.accounts().await?;
    found.retain(ours);
    Ok(removing(target, found.iter().collect()).filter(|(_, done)| ready(done.is_ok())).count().await)
}

/// Removes accounts, several at once. Returns what came of each.
fn removing<'a>(
    target: &'a Immich,
    accounts: Vec<&'a Account>,
) -> impl Stream<Item = (&'a Account, Result<(), TargetError>)> + Unpin {
    let removed = async move |account| (account, remove(target, account).await);
    Box::pin(stream::iter(accounts).map(removed).buffer_unordered(REMOVED_AT_ONCE))
}

/// Has an account removed for good; one that is gone already is fine.
async fn remove(target: &Immich, account: &Account) -> Result<(), TargetError> {
    // A second deletion does not find an account in the trash.
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

    /// A sign-in of the run may have linked it, but it still belongs to a user.
    #[rstest]
    #[case("alice-abcdefgh-00001", "2", true)]
    #[case("alice-abcdefgh-00001", "1", false)]
    #[case("alice", "2", false)]
    fn what_was_there_before_is_never_ours(#[case] sub: &str, #[case] id: &str, #[case] ours: bool) {
        let document = json!({"id": id, "email": "boss@example.org", "oauthId": sub});
        let there = BTreeSet::from(["1".to_owned()]);
        assert_eq!(Account::of(document).is_ok_and(|account| is_ours(&account, "abcdefgh", &there)), ours);
    }
}

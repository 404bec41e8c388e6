//! The one path out: the settings, then the accounts of the run, then the
//! journal.
//!
//! Settings first: once they point elsewhere, no sign-in can create a new
//! account of the run. It deletes accounts even if it could not restore
//! settings.

use std::time::Duration;

use super::accounts::{all, is_ours, remove_accounts};
use super::journal_path::identity;
use super::originals::Originals;
use super::restored::{Manner, Restored};
use super::settings_restore::put_back;
use super::{Journal, StepFault};
use crate::immich::{Account, Immich, TargetError};

/// Accounts that a server still had in hand when its run was killed appear
/// within this time.
const AFTERMATH: Duration = Duration::from_millis(500);

/// Leaves the server as the journal says that it was, and clears the journal.
pub(super) async fn give_back(
    target: &Immich,
    journal: &mut Journal,
    Manner { force, abrupt }: Manner,
) -> Result<Restored, StepFault> {
    let mut restored = Restored::default();
    if let Some(originals) = journal.originals() {
        if identity(&originals.target) != identity(target.origin()) && !force {
            return Err(TargetError::AnotherServer(originals.target.clone()).into());
        }
        let settings = if originals.settings.is_empty() {
            Ok(Restored::default())
        } else {
            put_back(target, originals, force).await
        };
        let accounts = clean(target, originals, abrupt).await;
        let Restored { settings, lacking, .. } = settings?;
        restored = Restored { settings, lacking, ..accounts? };
    }
    journal.clear(&restored)?;
    Ok(restored)
}

/// Deletes the accounts of the run, or names them where they stay.
async fn clean(target: &Immich, originals: &Originals, abrupt: bool) -> Result<Restored, TargetError> {
    let ours = |account: &Account| is_ours(account, &originals.mark, &originals.accounts);
    if originals.leave_accounts {
        let left = all(target).await?.into_iter().filter(ours).map(|account| account.email).collect();
        return Ok(Restored { left, ..Restored::default() });
    }
    let mut accounts = remove_accounts(target, ours).await?;
    if abrupt {
        tokio::time::sleep(AFTERMATH).await;
        accounts += remove_accounts(target, ours).await?;
    }
    Ok(Restored { accounts, ..Restored::default() })
}

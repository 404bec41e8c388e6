//! Traces of a run without a journal: settings and accounts with the mark of a
//! run. The harness never treats them as the server's own.

use super::accounts::{all, remove_accounts};
use super::restored::{Restored, RestoredSettings};
use super::{StepFault, mark};
use crate::immich::{Account, Immich, Sections, TargetError, client_id_of, desired, lay_over, sections_of};

/// Fails if the settings carry the mark of a run; `accounts` says whether
/// accounts may not do so, either.
pub(super) async fn look(target: &Immich, accounts: bool) -> Result<String, TargetError> {
    let settings = is_marked(&sections_of(&target.settings().await?));
    let found = if accounts { all(target).await? } else { Vec::new() };
    let accounts = found.iter().filter(|account| is_of_a_run(account)).count();
    if settings || accounts > 0 {
        return Err(TargetError::Leftovers { settings, accounts });
    }
    Ok("no setting and no account has the mark of a run".to_owned())
}

/// Sets the settings that runs change to the server's defaults, where they
/// carry the mark of a run, and deletes the accounts that do.
pub(super) async fn restore_to_defaults(target: &Immich) -> Result<Restored, StepFault> {
    let settings = to_defaults(target).await;
    let accounts = remove_accounts(target, is_of_a_run).await;
    Ok(Restored { settings: settings?, accounts: accounts?, ..Restored::default() })
}

async fn to_defaults(target: &Immich) -> Result<RestoredSettings, TargetError> {
    let defaults = desired(&target.default_settings().await?, &Sections::default());
    let mut document = target.settings().await?;
    if !is_marked(&sections_of(&document)) {
        return Ok(RestoredSettings::LeftAlone);
    }
    lay_over(&mut document, &defaults);
    target.put_settings(document).await?;
    Ok(RestoredSettings::Defaults)
}

fn is_marked(settings: &Sections) -> bool {
    client_id_of(settings).is_some_and(mark::is_in)
}

/// Whether a run created an account.
pub(super) fn is_of_a_run(account: &Account) -> bool {
    mark::is_in(&account.email) || mark::is_in(&account.oauth_id)
}

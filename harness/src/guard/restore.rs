//! The one path out: the settings, then the accounts of the run, then the
//! journal.
//!
//! Settings first, since nobody can get a new account of the run once they
//! point elsewhere. Accounts are deleted even where settings could not be put
//! back.

use std::fmt;
use std::time::Duration;

use super::accounts::{all, is_ours, remove_accounts};
use super::change::put_back;
use super::originals::Originals;
use super::place::identity;
use super::{Journal, StepFault};
use crate::immich::{Account, Immich, TargetError};

/// What was put back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// What was done to the settings.
    pub settings: RestoredSettings,
    /// The settings, as `section.key`, that could not be put back since the
    /// server does not have them any more.
    pub lacking: Vec<String>,
    /// How many accounts were deleted.
    pub accounts: usize,
    /// The emails of accounts that stay, as agreed.
    pub left: Vec<String>,
}

/// What was done to settings, so that they are as they should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RestoredSettings {
    /// Nothing had to be.
    #[default]
    Unchanged,
    /// They were put back.
    PutBack,
    /// Those of a run were set to the server's defaults.
    Defaults,
    /// They were not those of a run.
    LeftAlone,
}

impl RestoredSettings {
    const fn text(self) -> &'static str {
        match self {
            Self::Unchanged => "the settings are as they were",
            Self::PutBack => "the settings were put back",
            Self::Defaults => "the settings were set to the server's defaults",
            Self::LeftAlone => "the settings are not those of a run, and were left alone",
        }
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.settings.text())?;
        if !self.lacking.is_empty() {
            write!(f, ", but for those that the server does not have any more: {}", self.lacking.join(", "))?;
        }
        write!(f, "; accounts deleted: {}", self.accounts)?;
        if !self.left.is_empty() {
            write!(f, "; accounts left, to be deleted by an administrator: {}", self.left.join(", "))?;
        }
        Ok(())
    }
}

/// Accounts that a server still had in hand when its run was killed appear
/// within this time.
const AFTERMATH: Duration = Duration::from_millis(500);

/// How a server is given back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Whether settings are put back that somebody else changed since, and
    /// what a server of another name has.
    pub force: bool,
    /// Whether the run ended in the middle, so that the server may still be at
    /// work on what it asked for.
    pub abrupt: bool,
}

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

//! The changes of one run at its target: settings under guard, accounts and
//! sessions that the run cleans up, and the restore at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::accounts::{delete_accounts, is_ours};
use super::originals::{OriginalFile, Originals};
use super::restored::Manner;
use super::{Custody, Journal, Restored, StepFault};
use crate::immich::{
    Access, Account, Capabilities, Immich, NewAccount, Sections, TargetError, desired, lay_over, sections_of,
};

/// Changes the settings to `desired`, unless another party changed them since.
/// What is about to be sent is in the journal before.
async fn change(target: &Immich, journal: &mut Journal, desired: &Sections) -> Result<(), StepFault> {
    journal.intend(desired)?;
    let mut document = target.settings().await?;
    let current = sections_of(&document);
    let foreign = journal.originals().map(|originals| originals.changed_since(&current)).unwrap_or_default();
    if !foreign.is_empty() {
        return Err(TargetError::ChangedByOthers(foreign).into());
    }
    lay_over(&mut document, desired);
    let shown = target.put_settings(document).await?;
    Ok(journal.note(sections_of(&shown))?)
}

/// The dealings of one run with its target.
#[derive(Debug)]
pub struct Session {
    /// The target.
    pub target: Immich,
    /// What it has.
    pub capabilities: Capabilities,
    custody: Custody,
    access: Access,
    /// The settings as they were.
    originals: Sections,
    /// The accounts that there were.
    there: Arc<BTreeSet<String>>,
    /// Whether accounts of the run stay.
    leave_accounts: bool,
    /// How many changes of settings were made.
    changes: usize,
    /// Whether they were then found otherwise than they were left.
    astray: bool,
    /// What was asked for last; servers store some values otherwise.
    asked: Option<Sections>,
    /// What the accounts of plays carry that are over.
    over: Vec<String>,
    tidying: JoinSet<Result<usize, TargetError>>,
    /// Those whose sessions the run opened and the target did not end.
    open: BTreeSet<String>,
}

/// As many plays are over before their accounts are looked for: each look
/// costs the target time, and too many accounts make all looks long.
const TIDIED_AT_ONCE: usize = 8;

/// What became of a change of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// They are in force.
    InForce,
    /// The target does not take them, and says why.
    Refused(String),
}

impl Session {
    /// Begins: the journal has what the harness must restore when this returns.
    /// `mark` is what every identity of the run carries, and `leave_accounts`
    /// says whether its accounts stay.
    pub async fn begin(
        custody: Custody,
        access: Access,
        capabilities: Capabilities,
        mark: &str,
        leave_accounts: bool,
    ) -> Result<Self, StepFault> {
        let target = custody.target().clone();
        let (settings, there) = match &access {
            Access::ReadOnly => (Sections::default(), Vec::new()),
            _ => (sections_of(&target.settings().await?), target.accounts().await?),
        };
        let file = match access.file() {
            Some(file) => Some(OriginalFile::new(file.path(), &file.read()?, file.mode())),
            None => None,
        };
        let there: BTreeSet<String> = there.into_iter().map(|account| account.id).collect();
        if access != Access::ReadOnly {
            custody.journal().await.begin(Originals {
                target: target.origin().to_owned(),
                mark: mark.to_owned(),
                // The harness need not restore what it did not change.
                settings: if access.changes_settings() { settings.clone() } else { Sections::default() },
                accounts: there.clone(),
                file,
                leave_accounts,
                written: None,
            })?;
        }
        Ok(Self {
            target,
            capabilities,
            custody,
            access,
            originals: settings,
            there: Arc::new(there),
            leave_accounts,
            changes: 0,
            astray: false,
            asked: None,
            over: Vec::new(),
            tidying: JoinSet::new(),
            open: BTreeSet::new(),
        })
    }

    /// How the target may be dealt with.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Whether the accounts of the run stay, since the target cannot delete
    /// them.
    pub fn leaves_accounts(&self) -> bool {
        self.leave_accounts
    }

    /// The settings as the run found them.
    pub fn originals(&self) -> &Sections {
        &self.originals
    }

    /// Has the target work with `wanted` on top of its defaults. Does nothing
    /// where that is so already.
    pub async fn apply(&mut self, wanted: &Sections) -> Result<Applied, StepFault> {
        if !self.access.changes_settings() {
            // Only what fits is played at all.
            return Ok(Applied::InForce);
        }
        let desired = desired(&self.capabilities.defaults, wanted);
        if self.asked.as_ref() == Some(&desired) {
            return Ok(Applied::InForce);
        }
        self.asked = None;
        // In a task of its own that holds the journal from before it starts:
        // interrupted in the middle, it still ends, and the restore waits for
        // it.
        let mut journal = self.custody.journal().await;
        let (target, wish) = (self.target.clone(), desired.clone());
        let changed = tokio::spawn(async move { change(&target, &mut journal, &wish).await });
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
                self.astray = false;
                self.asked = Some(desired);
                Ok(Applied::InForce)
            }
            Err(StepFault::Target(TargetError::SettingsRefused(message))) => Ok(Applied::Refused(message)),
            Err(error) => {
                self.astray = matches!(&error, StepFault::Target(error) if error.is_by_others());
                Err(error)
            }
        }
    }

    /// How many changes of settings were made.
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// Whether the next change of settings found them otherwise than they were
    /// left.
    pub fn is_astray(&self) -> bool {
        self.astray
    }

    /// All accounts, including those in the trash.
    pub async fn accounts(&self) -> Result<Vec<Account>, TargetError> {
        if self.sees_accounts() { self.target.accounts().await } else { Ok(Vec::new()) }
    }

    /// Whether the target is asked for its accounts at all: without a key
    /// there is nothing to see.
    pub fn sees_accounts(&self) -> bool {
        self.access != Access::ReadOnly
    }

    /// Creates a local account; `soft_delete` moves it to the trash at once.
    pub async fn create_account(&self, account: NewAccount, soft_delete: bool) -> Result<Account, TargetError> {
        let made = self.target.create_account(&account).await?;
        if soft_delete {
            self.target.delete_account(&made.id, false).await?;
        }
        Ok(made)
    }

    /// A play is over, whose identities carry `mark`: its accounts are deleted
    /// together with those of others, while the next one goes on.
    pub fn tidy(&mut self, mark: &str) {
        if self.access == Access::ReadOnly || self.leave_accounts {
            return;
        }
        self.over.push(mark.to_owned());
        if self.over.len() >= TIDIED_AT_ONCE {
            let (target, marks) = (self.target.in_background(), std::mem::take(&mut self.over));
            let there = Arc::clone(&self.there);
            let ours = move |account: &Account| marks.iter().any(|mark| is_ours(account, mark, &there));
            self.tidying.spawn(async move { delete_accounts(&target, ours).await });
        }
    }

    /// Ends those of a play's sessions that are of accounts from before the
    /// run: they would not end with an account of the run. `tokens` open them,
    /// each with the id of its account where the target said so.
    pub async fn end_sessions(&mut self, tokens: BTreeMap<String, Option<String>>) {
        let was_there = |id: &str| self.there.contains(id);
        for (token, owner) in tokens {
            if owner.as_deref().is_some_and(|id| !was_there(id)) {
                continue;
            }
            match self.target.session(&token).await {
                Ok(Some(account)) if was_there(&account.id) => {
                    if !matches!(self.target.end_session(&token).await, Ok(true)) {
                        self.open.insert(account.email);
                    }
                }
                Ok(_) => {}
                // It may be open still.
                Err(_) => self.open.extend(owner),
            }
        }
    }

    /// Leaves the target as it was, and takes the journal away.
    pub async fn restore(mut self) -> Result<Restored, StepFault> {
        if self.access == Access::ReadOnly {
            return Ok(Restored::default());
        }
        let mut tidied = 0;
        // Whatever they left, the last look finds.
        while let Some(one) = self.tidying.join_next().await {
            tidied += one.ok().and_then(Result::ok).unwrap_or_default();
        }
        let mut restored = self.custody.give_back(Manner::default()).await?;
        restored.accounts += tidied;
        if self.open.is_empty() {
            return Ok(restored);
        }
        Err(TargetError::SessionOpen(self.open.into_iter().collect()).into())
    }
}

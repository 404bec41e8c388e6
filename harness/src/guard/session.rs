//! The dealings of one run with its target: settings under guard, accounts
//! that are cleaned up, and everything put back in the end.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use super::journal::{Begun, OriginalFile};
use super::restore::{Guard, delete_accounts, is_ours, put_back, remove_accounts};
use super::{Journal, Restored, StepFault};
use crate::target::{
    Access, Account, Capabilities, Immich, NewAccount, Sections, TargetError, desired, differences, lay_over,
    sections_of,
};

/// The dealings of one run with its target.
#[derive(Debug)]
pub struct Session {
    /// The target.
    pub target: Immich,
    /// What it has.
    pub capabilities: Capabilities,
    access: Access,
    mark: String,
    journal: Option<Journal>,
    /// The configuration file as it was.
    file: Option<OriginalFile>,
    /// The settings as they were.
    originals: Sections,
    /// The settings as the target showed them last.
    standing: Sections,
    /// Those of changes since, of which it is not known whether the target
    /// made them.
    sent: Vec<Sections>,
    /// The accounts that there were.
    there: Arc<BTreeSet<String>>,
    /// What was asked for last; servers store some values otherwise.
    asked: Option<Sections>,
    /// What the accounts of plays carry that are over.
    over: Vec<String>,
    tidying: JoinSet<Result<usize, TargetError>>,
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
    /// Begins: with a journal, what must be put back is on disk when this
    /// returns. `mark` is what every identity of the run carries.
    pub async fn begin(
        target: Immich,
        access: Access,
        capabilities: Capabilities,
        mark: &str,
        journal: Option<Journal>,
    ) -> Result<Self, StepFault> {
        let (originals, file) = match &access {
            Access::ReadOnly => (Sections::default(), None),
            Access::Api | Access::Fixed => (sections_of(&target.settings().await?), None),
            Access::File(file) => {
                let bytes = file.read()?;
                (sections_of(&target.settings().await?), Some(OriginalFile::new(file.path(), &bytes)))
            }
        };
        let there = match &access {
            Access::ReadOnly => Vec::new(),
            Access::Api | Access::Fixed | Access::File(_) => target.accounts().await?,
        };
        let mut session = Self {
            target,
            capabilities,
            access,
            mark: mark.to_owned(),
            journal,
            file,
            standing: originals.clone(),
            sent: Vec::new(),
            there: Arc::new(there.into_iter().map(|account| account.id).collect()),
            originals,
            asked: None,
            over: Vec::new(),
            tidying: JoinSet::new(),
        };
        if let Some(journal) = &mut session.journal {
            journal.begin(&Begun {
                target: session.target.origin().to_owned(),
                mark: session.mark.clone(),
                // What is not changed need not be put back.
                originals: if session.access.changes_settings() {
                    session.originals.clone()
                } else {
                    Sections::default()
                },
                accounts: BTreeSet::clone(&session.there),
                file: session.file.clone(),
            })?;
        }
        Ok(session)
    }

    /// How the target may be dealt with.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The settings as the run found them.
    pub fn originals(&self) -> &Sections {
        &self.originals
    }

    /// Has the target work with `wanted` on top of its defaults. Does nothing
    /// where that is so already.
    pub async fn apply(&mut self, wanted: &Sections) -> Result<Applied, TargetError> {
        if !self.access.changes_settings() {
            // Only what fits is played at all.
            return Ok(Applied::InForce);
        }
        let desired = desired(&self.capabilities.defaults, wanted);
        if self.asked.as_ref() == Some(&desired) {
            return Ok(Applied::InForce);
        }
        self.asked = None;
        // In a task of its own that holds the lock from before it starts:
        // interrupted in the middle, it still ends, and whoever puts things
        // back waits for it.
        let guard = self.target.changing().lock_owned().await;
        let (target, standing, wish) = (self.target.clone(), self.standing.clone(), desired.clone());
        let sent = self.sent.clone();
        self.sent.push(desired.clone());
        let change = async move {
            let _guard = guard;
            change(&target, &standing, &sent, &wish).await
        };
        let changed = match tokio::spawn(change).await {
            Ok(changed) => changed,
            // A fault of our own is not the target's.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(TargetError::SettingsRefused(error.to_string())),
            },
        };
        match changed {
            Ok(standing) => {
                self.standing = standing;
                self.sent.clear();
                self.asked = Some(desired);
                Ok(Applied::InForce)
            }
            Err(TargetError::SettingsRefused(message)) => Ok(Applied::Refused(message)),
            Err(error) => Err(error),
        }
    }

    /// All accounts, those in the bin included.
    pub async fn accounts(&self) -> Result<Vec<Account>, TargetError> {
        if self.sees_accounts() { self.target.accounts().await } else { Ok(Vec::new()) }
    }

    /// Whether the target is asked for its accounts at all: without a key
    /// there is nothing to see.
    pub fn sees_accounts(&self) -> bool {
        self.access != Access::ReadOnly
    }

    /// Makes a local account; `soft_delete` puts it into the bin at once.
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
        if self.access == Access::ReadOnly {
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

    /// Leaves the target as it was, and takes the journal away.
    pub async fn restore(mut self) -> Result<Restored, StepFault> {
        let mut restored = Restored::default();
        if self.access == Access::ReadOnly {
            return Ok(restored);
        }
        // Whatever they left, the last look below finds.
        while let Some(tidied) = self.tidying.join_next().await {
            if let Ok(Ok(count)) = tidied {
                restored.accounts += count;
            }
        }
        if self.access.changes_settings() {
            let guard = Guard::Sections(&self.standing, &self.sent);
            restored.settings = put_back(&self.target, &self.originals, self.file.as_ref(), guard).await?;
        }
        restored.accounts += remove_accounts(&self.target, |account| is_ours(account, &self.mark, &self.there)).await?;
        if let Some(journal) = self.journal {
            journal.finish()?;
        }
        Ok(restored)
    }
}

/// Changes the settings, unless somebody else did since `standing` was seen
/// and others were `sent`. What is in force then.
async fn change(
    target: &Immich,
    standing: &Sections,
    sent: &[Sections],
    desired: &Sections,
) -> Result<Sections, TargetError> {
    let mut document: Value = target.settings().await?;
    let current = sections_of(&document);
    if !Guard::Sections(standing, sent).lets(&current) {
        return Err(TargetError::ChangedByOthers(differences(&current, standing)));
    }
    lay_over(&mut document, desired);
    target.put_settings(document).await.map(|after| sections_of(&after))
}

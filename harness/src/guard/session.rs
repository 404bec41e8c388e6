//! The changes of one run at its target: settings under guard, accounts and
//! sessions that the run cleans up, and the restore at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::accounts::{delete_accounts, is_ours};
use super::originals::{OriginalFile, Originals};
use super::play_turn::PlayTurn;
use super::restored::Manner;
use super::run_settings::RunSettings;
use super::{Applied, Custody, Restored, StepFault};
use crate::immich::{Access, Account, Capabilities, Immich, NewAccount, Sections, TargetError, desired, sections_of};

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
    /// The settings that stand, for all sessions at the target.
    standing: Arc<Mutex<RunSettings>>,
    /// How many changes of settings had been made when it last needed any.
    changes: usize,
    /// Whether they were then found otherwise than they were left.
    astray: bool,
    /// Its turn, if it is beside others.
    pub turn: PlayTurn,
    /// How long browsers have waited for so many answers of the target.
    answers: (Duration, u32),
    /// What the accounts of plays carry that are over.
    over: Vec<String>,
    tidying: JoinSet<Result<usize, TargetError>>,
    /// How many they deleted that have ended.
    tidied: usize,
    /// Those whose sessions the run opened and the target did not end.
    open: BTreeSet<String>,
    /// Whether it is that of a play beside others.
    is_beside: bool,
}

/// As many plays are over before their accounts are looked for: each look
/// costs the target time, and too many accounts make all looks long.
const TIDIED_AT_ONCE: usize = 8;

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
            Some(file) => Some(OriginalFile::new(file, &file.read()?, file.mode())),
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
            standing: Arc::default(),
            changes: 0,
            astray: false,
            turn: PlayTurn::default(),
            answers: (Duration::ZERO, 0),
            over: Vec::new(),
            tidying: JoinSet::new(),
            tidied: 0,
            open: BTreeSet::new(),
            is_beside: false,
        })
    }

    /// A session for plays beside others; `number` is the place of the first one in
    /// the order of turns, if no test that has a place waits for it.
    #[must_use]
    pub fn beside(&self, number: Option<usize>) -> Self {
        Self {
            target: self.target.beside(),
            capabilities: self.capabilities.clone(),
            custody: self.custody.clone(),
            access: self.access.clone(),
            originals: self.originals.clone(),
            there: Arc::clone(&self.there),
            leave_accounts: self.leave_accounts,
            standing: Arc::clone(&self.standing),
            changes: self.changes,
            astray: false,
            turn: self.turn.beside(number),
            answers: (Duration::ZERO, 0),
            over: Vec::new(),
            tidying: JoinSet::new(),
            tidied: 0,
            open: BTreeSet::new(),
            is_beside: true,
        }
    }

    /// Takes over what the play of such a session left: its accounts, and
    /// sessions that are still open; `again` says whether it is to be played
    /// again.
    pub fn rejoin(&mut self, other: Self, again: bool) {
        self.target.rejoin(&other.target, again);
        self.turn.rejoin(&other.turn);
        self.open.extend(other.open);
        for mark in other.over {
            self.tidy(&mark);
        }
    }

    /// Whether it is that of a play beside others.
    pub fn is_beside(&self) -> bool {
        self.is_beside
    }

    /// Notes how long a browser waited for an answer of the target.
    pub fn note_answer(&mut self, waited: Duration) {
        self.answers = (self.answers.0 + waited, self.answers.1 + 1);
        self.target.note_wait(waited);
    }

    /// How long the target took to answer a browser, on average.
    pub fn answer_time(&self) -> Option<Duration> {
        self.answers.0.checked_div(self.answers.1)
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

    /// Has the target work with `wanted` on top of its defaults, once no play of an
    /// earlier turn looks at sessions. Does nothing where that is so already.
    pub async fn apply(&mut self, wanted: &Sections) -> Result<Applied, StepFault> {
        if !self.access.changes_settings() {
            // Only what fits is played at all.
            return Ok(Applied::InForce);
        }
        let desired = desired(&self.capabilities.defaults, wanted);
        let standing = Arc::clone(&self.standing);
        let mut standing = standing.lock().await;
        (self.changes, self.astray) = (standing.changes, false);
        let seen = self.turn.sessions_seen();
        if standing.are(&desired) {
            seen.await;
            return Ok(Applied::InForce);
        }
        if self.is_beside && !self.turn.is_open() {
            return Err(StepFault::Undecided("another program changed the server's settings during the test"));
        }
        let applied = standing.replace(&self.target, &self.custody, desired, seen).await;
        self.changes = standing.changes;
        self.astray = matches!(&applied, Err(StepFault::Target(error)) if error.is_by_others());
        applied
    }

    /// How many changes of settings had been made when it last needed any.
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// Whether the next change of settings found them otherwise than they were
    /// left.
    pub fn is_astray(&self) -> bool {
        self.astray
    }

    /// All accounts, including those in the trash. A play that delays others
    /// waits for none of them.
    pub async fn accounts(&self) -> Result<Vec<Account>, TargetError> {
        match self.sees_accounts() {
            false => Ok(Vec::new()),
            true if self.is_beside && !self.turn.is_open() => self.target.accounts_beside_others().await,
            true => self.target.accounts().await,
        }
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
        if self.over.len() >= TIDIED_AT_ONCE && !self.is_beside {
            let (target, marks) = (self.target.in_background(), std::mem::take(&mut self.over));
            let there = Arc::clone(&self.there);
            while let Some(one) = self.tidying.try_join_next() {
                self.tidied += one.ok().and_then(Result::ok).unwrap_or_default();
            }
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
        // Whatever they left, the last look finds.
        while let Some(one) = self.tidying.join_next().await {
            self.tidied += one.ok().and_then(Result::ok).unwrap_or_default();
        }
        let mut restored = self.custody.give_back(Manner::default()).await?;
        restored.accounts += self.tidied;
        if self.open.is_empty() {
            return Ok(restored);
        }
        Err(TargetError::SessionOpen(self.open.into_iter().collect()).into())
    }
}

//! What the harness knows after a step, before judging. [`super::look`] fills
//! it; the sections make evidence of it.

use indexmap::IndexMap;
use mock_idp::Entry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::account_change::AccountChange;
use crate::immich::{Account, TargetError};
use crate::stage::Observation;

/// What a look at the target finds: nothing where there is nothing to look at,
/// an error where its answer cannot be read.
pub(super) type Looked<T> = Result<Option<T>, TargetError>;

/// What is known after a step.
#[derive(Debug)]
pub struct Seen<'a> {
    /// What came of the step.
    pub(super) observation: &'a Observation,
    /// The requests at the provider since the step began.
    pub(super) requests: Vec<Entry>,
    /// Those at the second provider.
    pub(super) other_requests: Vec<Entry>,
    /// How the target took the step.
    pub(super) reaction: Looked<Reaction>,
    /// The account of the step's end-user.
    pub(super) account: Looked<OwnAccount>,
    /// What became of the accounts since the step began.
    pub(super) accounts: Looked<AccountChange>,
    /// The sessions of earlier steps, by step id.
    pub(super) sessions: Looked<IndexMap<String, SessionState>>,
}

impl<'a> Seen<'a> {
    /// Returns whose account the step opened, if it is not that of its end-user.
    pub fn foreign_owner(&self) -> Option<ForeignOwner> {
        self.reaction.as_ref().ok()?.as_ref()?.foreign
    }

    /// What is known without a look.
    pub(super) fn of(observation: &'a Observation) -> Self {
        Self {
            observation,
            requests: Vec::new(),
            other_requests: Vec::new(),
            reaction: Ok(None),
            account: Ok(None),
            accounts: Ok(None),
            sessions: Ok(None),
        }
    }
}

/// How the target took a step.
#[derive(Debug)]
pub(super) struct Reaction {
    /// What it says of each session token in its answer.
    pub(super) tokens: Vec<TokenState>,
    /// Whose account one of them opens, if it is not that of the step's
    /// end-user.
    pub(super) foreign: Option<ForeignOwner>,
    /// Whether an account was made or changed.
    pub(super) is_account_changed: bool,
    /// Whether it still answers.
    pub(super) still_answers: bool,
}

/// Whose account a session opens that is not that of the step's end-user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignOwner {
    /// Another one that the run made.
    OfTheRun,
    /// One that existed before the run.
    FromBefore,
}

impl ForeignOwner {
    /// Whose session the target hands out, as a report says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OfTheRun => "that of another end-user",
            Self::FromBefore => {
                "that of an account from before the run, which has neither the `sub` nor the email of this end-user"
            }
        }
    }
}

/// What the target says of a session token in its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenState {
    /// It opens the account of the step's end-user.
    Own,
    /// It opens the account of another end-user.
    Foreign,
    /// It opens none.
    Dead,
    /// The answer is odd; what it is.
    Odd(String),
}

/// What the target says of the session of an earlier step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SessionState {
    /// It works.
    Alive,
    /// It has ended.
    Ended,
    /// The answer is odd; what it is.
    Odd(String),
}

/// The account of the step's end-user.
#[derive(Debug)]
pub(super) struct OwnAccount {
    /// The account, if there is one.
    pub(super) account: Option<Account>,
    /// The other steps that saw the same one.
    pub(super) same_as: Vec<String>,
}

/// Returns what `value_of` makes of what a look found.
pub(super) fn evidence_of<T, V>(looked: &Looked<T>, value_of: impl FnOnce(&T) -> V) -> Looked<V> {
    looked.as_ref().map(|found| found.as_ref().map(value_of)).map_err(Clone::clone)
}

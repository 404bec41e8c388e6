//! A step, the world in which it happens, and the state before it.

use std::sync::Arc;

use mock_idp::Mark;

use crate::expect::account_change::AccountChange;
use crate::expect::expected::Expected;
use crate::expect::seen::Looked;
use crate::immich::{Account, TargetError};
use crate::stage::{Observation, World};

/// A step that has happened, and the world in which it did.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The world.
    pub world: &'a mut World,
    /// What came of the step.
    pub observation: &'a Observation,
    /// What was noted before it.
    pub before: &'a Before,
    /// The step's expectations. A section asks the target only for what they
    /// name.
    pub expected: &'a [Expected],
    accounts: Option<Arc<[Account]>>,
}

impl<'a> Scene<'a> {
    /// A step that has just happened.
    pub fn new(
        world: &'a mut World,
        observation: &'a Observation,
        before: &'a Before,
        expected: &'a [Expected],
    ) -> Self {
        Self { world, observation, before, expected, accounts: None }
    }

    /// What the identities of the play carry.
    pub(super) fn run(&self) -> String {
        self.world.placeholders.fill_text("{run}")
    }

    /// The accounts there are after the step: the same for all sections, which
    /// speak of one moment.
    pub(super) async fn accounts(&mut self) -> Result<Arc<[Account]>, TargetError> {
        if let Some(accounts) = &self.accounts {
            return Ok(Arc::clone(accounts));
        }
        let accounts = self.list().await?;
        self.note_accounts(Arc::clone(&accounts));
        Ok(accounts)
    }

    /// Asks for the accounts there are.
    pub(super) async fn list(&self) -> Result<Arc<[Account]>, TargetError> {
        self.world.session.accounts().await.map(Arc::from)
    }

    /// Keeps the accounts for all sections.
    pub(super) fn note_accounts(&mut self, accounts: Arc<[Account]>) {
        self.accounts = Some(accounts);
    }

    /// Returns what became of the accounts; none where nothing was noted before
    /// the step.
    pub(super) async fn account_change(&mut self) -> Looked<AccountChange> {
        let before = self.before;
        let Some(accounts) = &before.accounts else { return Ok(None) };
        let (after, run) = (self.accounts().await?, self.run());
        if !self.world.session.is_beside() {
            return Ok(Some(AccountChange::between(accounts, &after, &run)));
        }
        // Those of other plays change meanwhile.
        let of_the_run = run.rsplit_once('-').map_or(run.as_str(), |(mark, _)| mark);
        let is_others = |account: &Account| account.carries(of_the_run) && !account.carries(&run);
        let after: Vec<Account> = after.iter().filter(|account| !is_others(account)).cloned().collect();
        Ok(Some(AccountChange::between(accounts, &after, &run)))
    }
}

/// The state before a step, to compare the state after it with.
#[derive(Debug)]
pub struct Before {
    /// How far the provider's journal was.
    pub mark: Mark,
    /// The same of the second provider, if there is one.
    pub other_mark: Option<Mark>,
    /// The accounts there were, if the step's expectations need to know.
    pub accounts: Option<Vec<Account>>,
}

impl Before {
    /// Returns the state now; lists accounts only if an expectation needs them.
    ///
    /// # Errors
    /// The target does not list its accounts.
    pub async fn note(world: &mut World, expected: &[Expected]) -> Result<Self, TargetError> {
        let mark = world.issuer.journal().mark();
        let other_mark = world.other_issuer.as_ref().map(|issuer| issuer.journal().mark());
        let listed = world.listed.take();
        let accounts = match listed.filter(|_| Self::needs_accounts(expected)) {
            Some(listed) => Some(listed),
            None if Self::needs_accounts(expected) => Some(world.session.accounts().await?),
            None => None,
        };
        Ok(Self { mark, other_mark, accounts })
    }

    /// Whether the expectations of a step compare the accounts after it with
    /// those before.
    pub fn needs_accounts(expected: &[Expected]) -> bool {
        expected.iter().any(|one| match one.path.first().map(String::as_str) {
            Some("accounts") => true,
            Some("outcome") => one.admits("refused"),
            _ => false,
        })
    }
}

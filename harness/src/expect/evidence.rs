//! What the sections of the evidence are gathered from.

use std::sync::Arc;

use mock_idp::Mark;
use serde_json::Value;

use super::expected::Expected;
use crate::immich::{Account, TargetError};
use crate::stage::{Observation, World};

/// What is seen after a step: of each section what was seen, or why nobody can
/// know.
#[derive(Debug, Default)]
pub struct Evidence {
    /// What was seen, by section.
    pub seen: Value,
    unknown: Vec<(&'static str, TargetError)>,
}

impl Evidence {
    /// Adds what came of a section.
    pub(super) fn add(&mut self, section: &'static str, found: Result<Value, TargetError>) {
        match found {
            Ok(value) => self.seen[section] = value,
            Err(error) => self.unknown.push((section, error)),
        }
    }

    /// Why nothing is known of a section, if that is so.
    pub fn unknown(&self, section: &str) -> Option<&TargetError> {
        self.unknown.iter().find(|(name, _)| *name == section).map(|(_, error)| error)
    }
}

/// What was noted before the step, to see what it changed.
#[derive(Debug)]
pub struct Before {
    /// How far the provider's journal was.
    pub mark: Mark,
    /// The accounts there were, if the step's expectations need to know.
    pub accounts: Option<Vec<Account>>,
}

impl Before {
    /// Notes the state of things; asks for accounts only if need be. Where the
    /// target does not tell, there is nothing to hold its answer against.
    pub async fn note(world: &mut World, expected: &[Expected]) -> Result<Self, TargetError> {
        let mark = world.issuer.journal().mark();
        let needs_accounts = expected.iter().any(|one| match one.path.first().map(String::as_str) {
            Some("accounts") => true,
            Some("outcome") => one.admits("refused"),
            _ => false,
        });
        let accounts = if needs_accounts { Some(world.session.accounts().await?) } else { None };
        Ok(Self { mark, accounts })
    }
}

/// A step that has happened, and the world in which it did.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The world.
    pub world: &'a mut World,
    /// What came of the step.
    pub observation: &'a Observation,
    /// What was noted before it.
    pub before: &'a Before,
    /// What is expected of it; sections that ask the target look only where
    /// somebody wants to know.
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
        let accounts: Arc<[Account]> = self.world.session.accounts().await?.into();
        self.accounts = Some(Arc::clone(&accounts));
        Ok(accounts)
    }
}

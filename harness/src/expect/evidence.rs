//! What the sections of the evidence are gathered from.

use mock_idp::Mark;

use super::Expected;
use crate::step::{Observation, World};
use crate::target::{Account, TargetError};

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
}

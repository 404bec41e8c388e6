//! What is noted before a step, to see what it changes.

use mock_idp::Mark;

use crate::expect::expected::Expected;
use crate::immich::{Account, TargetError};
use crate::stage::World;

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

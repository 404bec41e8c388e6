//! An account in the trash.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Action, References};
use crate::guard::StepFault;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};

/// Moves the account of an end-user to the trash, as an administrator.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeleteAccount {
    /// The end-user whose account it is. The harness finds it by `sub`, otherwise
    /// by email.
    #[serde(rename = "for")]
    pub end_user: String,
}

texts!(DeleteAccount {} but not { end_user });

impl Action for DeleteAccount {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        let user = world.end_user(&self.end_user)?;
        let (sub, email) = (user.sub.clone(), user.claims.get("email").and_then(serde_json::Value::as_str));
        let mut accounts = world.session.accounts().await.map_err(StepFault::from)?;
        // Whatever it is called, what this play did not make is not touched.
        let run = world.placeholders.fill_text("{run}");
        accounts.retain(|account| account.carries(&run));
        let linked = accounts.iter().find(|account| account.has_subject(&sub));
        let account = linked.or_else(|| accounts.iter().find(|account| account.is_of(&sub, email)));
        let Some(account) = account else {
            return Err(StepError::DeadEnd(format!("has no account of `{}` to delete", self.end_user)));
        };
        world.session.target.delete_account(&account.id, false).await.map_err(StepFault::from)?;
        Ok(Observation { end_user: Some(self.end_user.clone()), ..Observation::arrangement() })
    }

    fn tell(&self) -> String {
        format!("The administrator moves the account of {} to the trash", self.end_user)
    }

    fn references(&self) -> References<'_> {
        References { end_user: Some(("for", &self.end_user)), ..References::default() }
    }

    fn deletes_account(&self) -> bool {
        true
    }
}

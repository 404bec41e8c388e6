//! A local account, made by an administrator.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Action, References};
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};

/// Creates a local account with a password, as an administrator.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CreateAccount {
    /// The end-user whose email the account gets.
    #[serde(rename = "for")]
    pub end_user: String,
    /// Another email for the account; must contain `{run}`.
    pub email: Option<String>,
    /// Whether the administrator moves the account to the trash at once, to
    /// restore or remove it later.
    #[serde(default)]
    pub soft_delete: bool,
}

texts!(CreateAccount { email } but not { end_user, soft_delete });

impl Action for CreateAccount {
    async fn perform(&self, world: &mut World, _agent: &str) -> Result<Observation, StepError> {
        world.create_account(&self.end_user, self.email.as_deref(), self.soft_delete).await?;
        Ok(Observation { end_user: Some(self.end_user.clone()), ..Observation::arrangement() })
    }

    fn tell(&self) -> String {
        let email = self.email.as_ref().map(|email| format!(" with the email {email}")).unwrap_or_default();
        let bin = if self.soft_delete { ", and moves it to the trash" } else { "" };
        format!("The administrator creates a local account for {}{email}{bin}", self.end_user)
    }

    fn references(&self) -> References<'_> {
        References { end_user: Some(("for", &self.end_user)), ..References::default() }
    }

    fn creates_account(&self) -> bool {
        true
    }

    fn deletes_account(&self) -> bool {
        self.soft_delete
    }
}

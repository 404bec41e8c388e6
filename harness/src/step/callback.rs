//! The second half of a sign-in.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Action, References};
use super::flow::{self, Finish};
use super::tamper::{CallbackChange, Tamper};
use crate::immich::ApiRoute;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};

/// Finishes a sign-in that an earlier step started. It can use another browser,
/// repeat a callback, or change it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Callback {
    /// The step that started the sign-in.
    pub of: String,
    /// An earlier step whose code, stolen by an attacker, replaces the right one.
    pub code_of: Option<String>,
    /// What an attacker changes in the callback.
    #[serde(default)]
    pub tamper: Tamper,
    /// Whether the browser sends its cookies.
    #[serde(default = "yes")]
    pub cookies: bool,
}

texts!(Callback { tamper } but not { of, code_of, cookies });

fn yes() -> bool {
    true
}

impl Action for Callback {
    async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
        let memory = world.memories.recall(&self.of)?.clone();
        world.memories.keep(memory.clone());
        let mut tamper = self.tamper.clone();
        if let Some(step) = &self.code_of {
            let stolen = world.memories.recall(step)?.code()?;
            tamper.set.insert("code".to_owned(), stolen);
        }
        let finished = flow::finish(world, agent, &memory, Finish::SignIn, &tamper, self.cookies).await?;
        Ok(Observation { end_user: memory.end_user, ..finished })
    }

    fn routes(&self) -> Vec<ApiRoute> {
        vec![ApiRoute::CALLBACK, ApiRoute::OWN_ACCOUNT]
    }

    fn tell(&self) -> String {
        format!("The browser finishes the sign-in of step `{}`", self.of)
    }

    fn tampering() -> &'static [&'static str] {
        &["tamper", "cookies", "code-of"]
    }

    fn changes(&self) -> Vec<CallbackChange> {
        let stolen = self.code_of.iter().map(|step| ("code", format!("`code` replaced by the code of step `{step}`")));
        let bare = (!self.cookies).then(|| ("cookies", "sent without cookies".to_owned()));
        let own = stolen.chain(bare).map(|(member, clause)| CallbackChange { member: member.to_owned(), clause });
        own.chain(self.tamper.changes()).collect()
    }

    fn references(&self) -> References<'_> {
        let code_of = self.code_of.as_deref().map(|id| ("code-of", id));
        References { step: Some(("of", &self.of)), other_step: code_of, finishes: true, ..References::default() }
    }
}

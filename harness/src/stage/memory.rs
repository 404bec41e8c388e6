//! What steps leave behind for later ones. Who takes it up, and what for, is
//! for the steps; what they have in common otherwise is the [`super::World`].

use std::collections::HashMap;

use url::Url;

use super::{Client, StepError};
use crate::target::Account;

/// What a step left behind for later ones.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The end-user it was about.
    pub end_user: Option<String>,
    /// Who drove the flow.
    pub client: Client,
    /// The URL to which the provider sent the user agent back.
    pub callback_url: Option<String>,
    /// The state that the mobile client made.
    pub state: Option<String>,
    /// The PKCE verifier that the mobile client made.
    pub verifier: Option<String>,
    /// The session that the step made.
    pub token: Option<String>,
    /// The logout token that the step sent.
    pub logout_token: Option<String>,
    /// The account that the step's end-user had after it.
    pub account: Option<Account>,
}

impl Memory {
    /// The code that the provider sent back.
    pub(crate) fn code(&self) -> Option<String> {
        let callback = Url::parse(self.callback_url.as_deref()?).ok()?;
        callback.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned())
    }
}

/// What all steps so far left behind.
#[derive(Debug, Default)]
pub struct Memories {
    by_step: HashMap<String, Memory>,
    step: String,
}

impl Memories {
    /// From here on, the step that is under way is `id`.
    pub(crate) fn begin_step(&mut self, id: &str) {
        id.clone_into(&mut self.step);
    }

    /// What the step that is under way leaves behind.
    pub fn own(&mut self) -> &mut Memory {
        self.by_step.entry(self.step.clone()).or_default()
    }

    /// Keeps what the step that is under way leaves behind; whom it is about
    /// may have been said before.
    pub(crate) fn keep(&mut self, memory: Memory) {
        let own = self.own();
        let end_user = memory.end_user.or_else(|| own.end_user.take());
        *own = Memory { end_user, ..memory };
    }

    /// What step `id` left behind, if anything.
    pub fn get(&self, id: &str) -> Option<&Memory> {
        self.by_step.get(id)
    }

    /// The same where a step builds on it.
    pub(crate) fn recall(&self, id: &str) -> Result<&Memory, StepError> {
        self.get(id).ok_or_else(|| StepError::Scenario(format!("step `{id}` left nothing behind")))
    }

    /// What the other steps left behind, each with its id.
    pub fn of_others(&self) -> impl Iterator<Item = (&str, &Memory)> {
        self.by_step.iter().map(|(id, memory)| (id.as_str(), memory)).filter(|(id, _)| *id != self.step)
    }
}

//! What steps leave behind for later steps, which decide how to use it. Steps
//! share everything else in the [`super::World`].

use std::collections::HashMap;

use url::Url;

use super::{Client, StepError};
use crate::immich::{Account, AppSecrets};

/// What a step left behind for later ones.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The end-user it was about.
    pub end_user: Option<String>,
    /// Who drove the flow.
    pub client: Client,
    /// The URL to which the target sent the user agent to sign in.
    pub authorization_url: Option<String>,
    /// The URL to which the provider sent the user agent back.
    pub callback_url: Option<String>,
    /// Why nothing could follow the target's answer, if nothing could.
    pub dead_end: Option<String>,
    /// What the mobile app made for the flow, if it drove it.
    pub app: Option<AppSecrets>,
    /// The session that the step made.
    pub token: Option<String>,
    /// The logout token that the step sent.
    pub logout_token: Option<String>,
    /// The account that the step's end-user had after it.
    pub account: Option<Account>,
}

impl Memory {
    /// The URL to which the provider sent the user agent back.
    ///
    /// # Errors
    /// Why it did not, by whose doing.
    pub(crate) fn callback(&self) -> Result<&str, StepError> {
        match (&self.callback_url, &self.dead_end, &self.end_user) {
            (Some(callback), ..) => Ok(callback),
            (None, Some(why), _) => Err(StepError::DeadEnd(why.clone())),
            (None, None, Some(_)) => Err(StepError::NotExercised(
                "the server or the provider refused the earlier step of this sign-in, so there is no callback"
                    .to_owned(),
            )),
            (None, None, None) => Err(StepError::Scenario(
                "there is no callback, because no end-user signs in in the earlier step".to_owned(),
            )),
        }
    }

    /// The code that the provider sent back.
    ///
    /// # Errors
    /// Why it did not, by whose doing.
    pub(crate) fn code(&self) -> Result<String, StepError> {
        let callback = self.callback()?;
        parameter(callback, "code").ok_or_else(|| self.lacks("code", callback))
    }

    /// Why a callback lacks a parameter: the provider sends `state` only if
    /// the target did (RFC 6749 §4.1.2), and a code only if it accepts the
    /// target's request.
    pub(crate) fn lacks(&self, name: &str, callback: &str) -> StepError {
        let state_sent = || self.authorization_url.as_deref().is_some_and(|url| parameter(url, "state").is_some());
        match (name, parameter(callback, "error")) {
            ("state", _) if !state_sent() => {
                StepError::NotExercised("the server sent no `state`, so the callback has none".to_owned())
            }
            ("code", Some(error)) => StepError::NotExercised(format!(
                "the provider refused the server's authorization request with `{error}`"
            )),
            _ => StepError::Scenario(format!("the callback has no `{name}`: {callback}")),
        }
    }
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
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
        self.get(id).ok_or_else(|| {
            StepError::Scenario(format!("step `{id}` did not start a sign-in that this step can continue"))
        })
    }

    /// What the other steps left behind, each with its id.
    pub fn of_others(&self) -> impl Iterator<Item = (&str, &Memory)> {
        self.by_step.iter().map(|(id, memory)| (id.as_str(), memory)).filter(|(id, _)| *id != self.step)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::no_state_sent("state", "http://idp/?a=b", "http://t/cb?code=c", "NotExercised")]
    #[case::state_lost("state", "http://idp/?state=s", "http://t/cb?code=c", "Scenario")]
    #[case::refused("code", "http://idp/?state=s", "http://t/cb?error=invalid_scope&state=s", "NotExercised")]
    #[case::no_code("code", "http://idp/?state=s", "http://t/cb?state=s", "Scenario")]
    #[case::never_there("zebra", "http://idp/", "http://t/cb?code=c", "Scenario")]
    fn what_the_target_did_not_send_is_no_mistake_of_the_scenario(
        #[case] name: &str,
        #[case] authorization_url: &str,
        #[case] callback: &str,
        #[case] kind: &str,
    ) {
        let memory = Memory { authorization_url: Some(authorization_url.to_owned()), ..Memory::default() };
        let error = format!("{:?}", memory.lacks(name, callback));
        assert!(error.starts_with(kind), "{error}");
    }

    #[rstest]
    #[case(Memory { callback_url: Some("c".into()), ..Memory::default() }, "Ok")]
    #[case(Memory { dead_end: Some("d".into()), end_user: Some("a".into()), ..Memory::default() }, "Err(DeadEnd")]
    #[case(Memory { end_user: Some("a".into()), ..Memory::default() }, "Err(NotExercised")]
    #[case(Memory::default(), "Err(Scenario")]
    fn a_callback_is_there_or_it_is_known_why_not(#[case] memory: Memory, #[case] expected: &str) {
        let found = format!("{:?}", memory.callback());
        assert!(found.starts_with(expected), "{found}");
    }
}

//! What a step of a scenario does, and what the rest of the harness asks about
//! it. Each action is a file beside this one; [`super::list`] names them all.

use std::fmt::Debug;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::tamper::CallbackChange;
use crate::deviation_table::Quirks;
use crate::immich::{ApiRoute, WantedSettings};
use crate::stage::{Observation, StepError, World};

/// An action's name; [`super::list`] gives it.
#[diagnostic::on_unimplemented(note = "a step needs a line in `actions!` of harness/src/step/list.rs")]
pub trait Named {
    /// The name that scenario files use.
    fn name(&self) -> &'static str;
}

/// The action of a step. An action answers the questions that concern it; the
/// defaults answer for all others.
pub trait Action: Named + Debug + Sync {
    /// Performs it in the browser `agent`.
    fn perform(&self, world: &mut World, agent: &str) -> impl Future<Output = Result<Observation, StepError>> + Send
    where
        Self: Sized;

    /// Returns it as a sentence without a full stop.
    fn tell(&self) -> String;

    /// Returns the keys by which an attacker interferes; a control leaves them
    /// out.
    fn tampering() -> &'static [&'static str]
    where
        Self: Sized,
    {
        &[]
    }

    /// Returns what an attacker changes in the callback that it sends.
    fn changes(&self) -> Vec<CallbackChange> {
        Vec::new()
    }

    /// Returns the end-user and the earlier steps that it refers to.
    fn references(&self) -> References<'_> {
        References::default()
    }

    /// Returns the routes that the server needs for it, besides those that not
    /// every version has.
    fn routes(&self) -> Vec<ApiRoute> {
        Vec::new()
    }

    /// Returns what the scenario writes into the head of its request.
    fn head(&self) -> Head<'_> {
        Head::default()
    }

    /// Returns whether it needs no account, changes nothing, and shows nothing
    /// that follows from the server's settings.
    fn only_looks(&self) -> bool {
        false
    }

    /// Returns how far it takes a sign-in that a later step finishes.
    fn begins(&self) -> Begun {
        Begun::Nothing
    }

    /// Returns whether it creates the account of its end-user.
    fn creates_account(&self) -> bool {
        false
    }

    /// Returns whether an administrator deletes an account.
    fn deletes_account(&self) -> bool {
        false
    }

    /// Returns whether it restarts the server.
    fn restarts_server(&self) -> bool {
        false
    }

    /// Returns the settings of the server that it changes.
    fn settings(&self) -> Option<&WantedSettings> {
        None
    }

    /// Returns what it changes at the provider.
    fn provider_change(&self) -> Option<ProviderChange<'_>> {
        None
    }
}

/// What an action refers to, each with the key that names it.
#[derive(Debug, Clone, Copy, Default)]
pub struct References<'a> {
    /// An end-user.
    pub end_user: Option<(&'static str, &'a str)>,
    /// An earlier step.
    pub step: Option<(&'static str, &'a str)>,
    /// A second earlier step.
    pub other_step: Option<(&'static str, &'a str)>,
    /// Whether these steps must have begun a sign-in as far as the callback.
    pub finishes: bool,
}

/// What a scenario writes into the head of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    /// The method, if the scenario chooses it.
    pub method: Option<&'a str>,
    /// Path and query at the server, if the scenario chooses them.
    pub path: Option<&'a str>,
}

/// How far an action takes a sign-in that a later step finishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// There is none to finish.
    Nothing,
    /// The server says where to sign in, and no end-user does.
    Asked,
    /// The provider sends the user agent back, and the callback is left.
    Callback,
}

/// What an action changes at the provider, for all steps that follow.
#[derive(Debug, Clone, Copy)]
pub struct ProviderChange<'a> {
    /// Settings; the others stay.
    pub settings: &'a Map<String, Value>,
    /// Quirks instead of the scenario's own.
    pub quirks: Option<&'a Quirks>,
    /// Claims by end-user.
    pub users: &'a IndexMap<String, Map<String, Value>>,
    /// Whether an issuer publishes something else, other than by its quirks.
    pub is_published: bool,
    /// Whether it replaces its keys.
    pub rotates_keys: bool,
}

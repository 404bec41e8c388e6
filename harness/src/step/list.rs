//! The list of actions, and the step that has one of them. A new action is a
//! file beside this one and a line here: its name, its module and type.

use indexmap::IndexMap;
use mock_idp::{Deviations, QuirkError};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::action::{Action, Named, ProviderChange};
use super::permitted_headers::checked;
use crate::deviation_table::{Overlays, Quirks};
use crate::immich::WantedSettings;
use crate::placeholder::texts;
use crate::stage::{Observation, StepError, World};

macro_rules! actions {
    ($($name:literal $module:ident :: $type:ident,)*) => {
        /// One step of a scenario: exactly one action, and what is expected
        /// of it.
        #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[schemars(rename = "Step")]
        pub struct StepShape {
            /// A name by which later steps and cases refer to this step.
            pub id: Option<String>,
            /// The browser that performs the step. Default `browser`. Each
            /// browser has its own cookies.
            pub agent: Option<String>,
            /// Quirks for this step only.
            #[serde(default)]
            #[schemars(schema_with = "crate::table_schema::quirks")]
            pub quirks: Quirks,
            /// Plain changes to messages, for this step only.
            #[serde(default)]
            #[schemars(schema_with = "crate::table_schema::overlay")]
            pub overlay: Overlays,
            /// Extra headers of all requests to the target in this step, such as
            /// those that a proxy adds. Headers that say where the request goes
            /// or ends, such as `host` and `content-length`, are not allowed.
            #[serde(default)]
            pub headers: IndexMap<String, String>,
            /// What the harness must see after the step. A missed `must` ends
            /// the scenario. After a missed `should` or `may` it goes on,
            /// unless the expectation is about the outcome.
            #[serde(default)]
            #[schemars(schema_with = "crate::expect::schema")]
            pub expect: Map<String, Value>,
            $(#[serde(rename = $name)] $module: Option<super::$module::$type>,)*
        }

        texts!(StepShape { quirks, overlay, headers, $($module),* } but not { id, agent, expect });

        /// The names of all actions, as scenario files write them.
        pub const ACTIONS: &[&str] = &[$($name),*];

        $(impl Named for super::$module::$type {
            fn name(&self) -> &'static str {
                $name
            }
        })*

        impl StepShape {
            /// Returns the actions that it names; there should be exactly one.
            pub fn actions(&self) -> Vec<&dyn Action> {
                let mut actions: Vec<&dyn Action> = Vec::new();
                $(actions.extend(self.$module.iter().map(|action| action as &dyn Action));)*
                actions
            }

            /// Performs its action in the browser `agent`.
            pub async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
                world.add_headers(checked(&self.headers)?);
                $(if let Some(action) = &self.$module {
                    return action.perform(world, agent).await;
                })*
                Err(StepError::Scenario(format!("a step has exactly one action; there are {}", ACTIONS.join(", "))))
            }

            /// Returns, by action, the keys by which an attacker interferes; a
            /// control leaves them out.
            pub fn tampering() -> Vec<(&'static str, &'static [&'static str])> {
                vec![$(($name, super::$module::$type::tampering())),*]
            }
        }
    };
}

actions! {
    "sign-in" sign_in::SignIn,
    "start-sign-in" start_sign_in::StartSignIn,
    "callback" callback::Callback,
    "link" link::Link,
    "unlink" unlink::Unlink,
    "logout" logout::Logout,
    "backchannel-logout" backchannel_logout::BackchannelLogout,
    "mobile-redirect" mobile_redirect::MobileRedirect,
    "configure" configure::Configure,
    "create-account" create_account::CreateAccount,
    "create-api-key" create_api_key::CreateApiKey,
    "delete-account" delete_account::DeleteAccount,
    "password-sign-in" password_sign_in::PasswordSignIn,
    "provider" provider::ChangeProvider,
    "restart-browser" restart_browser::RestartBrowser,
    "restart-server" restart_server::RestartServer,
    "advance-clock" advance_clock::AdvanceClock,
    "request" request::CustomRequest,
}

impl StepShape {
    /// Returns what is wrong with the provider during the step alone.
    ///
    /// # Errors
    /// Something is wrong with the tables; then the scenario is not played.
    pub fn deviations(&self) -> Result<Deviations, QuirkError> {
        self.quirks.with(&self.overlay)
    }

    /// Returns its action; none where it names none.
    pub fn action(&self) -> Option<&dyn Action> {
        self.actions().into_iter().next()
    }

    /// Returns what it changes at the provider, if it does.
    pub fn provider_change(&self) -> Option<ProviderChange<'_>> {
        self.action().and_then(Action::provider_change)
    }

    /// Puts the settings that it changes in the order of their names.
    pub fn sort_settings(&mut self) {
        if let Some(configure) = &mut self.configure {
            configure.sort();
        }
    }

    /// Returns the settings of the server that it changes, each with its
    /// section.
    pub fn changed_settings(&self) -> impl Iterator<Item = (&'static str, &String, &Value)> {
        let changed = self.action().and_then(Action::settings);
        changed.into_iter().flat_map(WantedSettings::named)
    }
}

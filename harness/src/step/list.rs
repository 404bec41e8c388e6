//! The list of steps. A new step is a file beside this one and a line here:
//! its name, its module and type, and those of its keys by which somebody
//! tampers.

use super::references::References;
use crate::stage::{Observation, StepError, World};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

macro_rules! steps {
    ($($name:literal $field:ident: $module:ident :: $type:ident [$($tampering:literal),*],)*) => {
        /// One step of a scenario: exactly one action, and what is expected
        /// of it.
        #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[schemars(rename = "Step")]
        pub struct StepShape {
            /// A name, to refer to this step later and in cases.
            pub id: Option<String>,
            /// The browser in which it happens, `browser` if not given; each
            /// has its own cookies.
            pub agent: Option<String>,
            /// Quirks for this step only.
            #[serde(default)]
            #[schemars(schema_with = "crate::vocabulary::quirks")]
            pub quirks: Map<String, Value>,
            /// Plain changes to messages, for this step only.
            #[serde(default)]
            #[schemars(schema_with = "crate::vocabulary::overlay")]
            pub overlay: Map<String, Value>,
            /// What must be seen after it. What must be and is not ends the
            /// scenario; what should be, or may be, is told, and the scenario
            /// goes on, unless it is how the step ended.
            #[serde(default)]
            #[schemars(schema_with = "crate::expect::schema")]
            pub expect: Map<String, Value>,
            $(#[serde(rename = $name)] $field: Option<super::$module::$type>,)*
        }

        impl StepShape {
            /// The settings that it changes, if it does.
            pub fn configured(&self) -> Option<&super::configure::Configure> {
                self.configure.as_ref()
            }

            /// Whether anybody may do it, nothing changes by it, and what comes
            /// does not follow from the settings.
            pub fn only_looks(&self) -> bool {
                let looks = self.request.as_ref().is_some_and(super::request::Request::only_looks);
                looks || self.mobile_redirect.is_some()
            }

            /// The path of the server that it asks for, if it names one.
            pub fn path(&self) -> Option<&str> {
                self.request.as_ref().map(|request| request.path.as_str())
            }

            /// The method of its request, if it says one.
            pub fn method(&self) -> Option<&str> {
                self.request.as_ref().map(|request| request.method.as_str())
            }

            /// The headers that it adds to its requests, by its action's name.
            pub fn headers(&self) -> impl Iterator<Item = (&'static str, &IndexMap<String, String>)> {
                let request = self.request.as_ref().map(|request| ("request", &request.headers));
                request.into_iter().chain(self.callback.as_ref().map(|callback| ("callback", &callback.headers)))
            }

            /// What it changes of the provider, if it does.
            pub fn provider_change(&self) -> Option<&super::provider::ChangeProvider> {
                self.provider.as_ref()
            }
        }

        /// What a step does.
        #[derive(Debug, Clone)]
        pub enum Action {
            $(#[doc = $name] $type(super::$module::$type),)*
        }

        impl Action {
            /// The names of all steps, as scenario files write them.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The keys of each step by which somebody does what an honest one
            /// would not; a control leaves them out.
            pub const TAMPERING: &[(&str, &[&str])] = &[$(($name, &[$($tampering),*])),*];

            /// The actions that `shape` names; there should be exactly one.
            pub fn of(shape: &StepShape) -> Vec<Self> {
                let mut actions = Vec::new();
                $(actions.extend(shape.$field.clone().map(Self::$type));)*
                actions
            }

            /// The name that scenario files use.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$type(_) => $name,)* }
            }

            /// Does it, in the browser `agent`.
            pub async fn perform(&self, world: &mut World, agent: &str) -> Result<Observation, StepError> {
                match self { $(Self::$type(step) => step.perform(world, agent).await,)* }
            }

            /// What it does, as a sentence without its full stop.
            pub fn tell(&self) -> String {
                match self { $(Self::$type(step) => step.tell(),)* }
            }

            /// Names of end-users and ids of steps that it refers to.
            pub fn references(&self) -> References<'_> {
                match self { $(Self::$type(step) => step.references(),)* }
            }
        }
    };
}

steps! {
    "sign-in" sign_in: sign_in::SignIn ["deny"],
    "start-sign-in" start_sign_in: start_sign_in::StartSignIn [],
    "callback" callback: callback::Callback ["tamper", "cookies", "code-of"],
    "link" link: link::Link ["tamper"],
    "unlink" unlink: unlink::Unlink [],
    "logout" logout: logout::Logout [],
    "backchannel-logout" backchannel_logout: backchannel_logout::BackchannelLogout [],
    "mobile-redirect" mobile_redirect: mobile_redirect::MobileRedirect [],
    "configure" configure: configure::Configure [],
    "create-account" create_account: create_account::CreateAccount [],
    "delete-account" delete_account: delete_account::DeleteAccount [],
    "password-sign-in" password_sign_in: password_sign_in::PasswordSignIn [],
    "provider" provider: provider::ChangeProvider ["quirks"],
    "advance-clock" advance_clock: advance_clock::AdvanceClock [],
    "request" request: request::Request [],
}

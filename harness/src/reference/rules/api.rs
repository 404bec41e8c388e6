//! What the API has: routes and settings that came with a version.

use axum::http::HeaderValue;
use serde_json::{Value, json};

use super::declaration::rules;
use crate::reference::state::{defaults, flag};

rules! {
    /// What the API has.
    ApiRules {
        /// Whether it takes logout tokens.
        backchannel_logout: bool = true;
        /// Whether it has the settings by audience: public, users,
        /// administrators.
        configurations: bool = true;
        /// The origin whose pages may read answers with cookies, given the one
        /// that asks.
        allowed_origin: fn(&HeaderValue) -> Option<HeaderValue> = |_| None;
        /// Whether it needs the provider to start.
        start_needs_provider: bool = false;
        /// Whether a proxy answers while the server is started anew; otherwise
        /// connections break.
        has_proxy: bool = true;
        /// What takes the place of a status 400 and its body, but for logout
        /// tokens, where the specification demands it.
        refusal: Option<(u16, &'static str)> = None;
        /// Whether it refuses a callback and a link by a redirect to its sign-in
        /// page.
        refusal_redirects: bool = false;
        /// A route that it does not have, as `POST /path`, and what it answers
        /// there.
        not_there: Option<(&'static str, u16)> = None;
        /// The OAuth settings that it does not have.
        settings_not_there: Vec<&'static str> = Vec::new();
        /// The settings that are public, given all.
        public: fn(&Value) -> Value = public;
        /// The settings that users may read, given all.
        for_users: fn(&Value) -> Value = for_users;
    }
}

impl ApiRules {
    /// The settings of a fresh server.
    pub fn defaults(&self) -> Value {
        let mut document = defaults();
        if let Some(oauth) = document.get_mut("oauth").and_then(Value::as_object_mut) {
            oauth.retain(|name, _| !self.settings_not_there.contains(&name.as_str()));
        }
        document
    }
}

/// What the sign-in page needs.
fn public(settings: &Value) -> Value {
    let oauth = &settings["oauth"];
    json!({
        "oauth": {
            "autoLaunch": flag(oauth, "autoLaunch"),
            "buttonText": oauth["buttonText"],
            "enabled": flag(oauth, "enabled"),
        },
        "passwordLogin": { "enabled": settings["passwordLogin"]["enabled"] },
    })
}

/// What the pages of a signed-in user need besides.
fn for_users(settings: &Value) -> Value {
    let mut document = public(settings);
    document["trash"] = settings["trash"].clone();
    document
}

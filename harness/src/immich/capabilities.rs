//! What the target has, as its answers before its version number show:
//! two servers that both call themselves 2.7.5 differ.

use std::collections::BTreeSet;

use semver::Version;
use serde_json::Value;

use super::{ApiRoute, Immich, TargetError};

/// What the target has.
#[derive(Debug, Clone, PartialEq)]
pub struct Capabilities {
    /// What it calls itself.
    pub version: Version,
    /// Its default settings; nothing where one may not ask.
    pub defaults: Value,
    /// Those routes that it has of the few that not every version has.
    pub routes: BTreeSet<String>,
}

impl Capabilities {
    /// Asks the target.
    pub async fn of(target: &Immich) -> Result<Self, TargetError> {
        let defaults = target.default_settings().await?;
        Ok(Self { defaults, ..Self::public(target).await? })
    }

    /// The public part: no settings.
    pub async fn public(target: &Immich) -> Result<Self, TargetError> {
        let version = target.version().await?;
        let mut routes = BTreeSet::new();
        for route in ApiRoute::OPTIONAL {
            if target.has_route(route.method(), route.path()).await? {
                routes.insert(route.to_string());
            }
        }
        Ok(Self { version, defaults: Value::Null, routes })
    }

    /// Whether the settings have this key.
    pub fn has_setting(&self, section: &str, name: &str) -> bool {
        self.defaults.get(section).is_some_and(|section| section.get(name).is_some())
    }

    /// What baselines recognise a server by: `section.key` of the OAuth
    /// settings, and routes as `POST /api/…`.
    pub fn fingerprint(&self) -> BTreeSet<String> {
        let keys = self.defaults.get("oauth").and_then(Value::as_object).into_iter().flatten();
        keys.map(|(key, _)| format!("oauth.{key}")).chain(self.routes.iter().cloned()).collect()
    }
}

//! What the harness asks a server about itself: whether it answers, its version and
//! time, its routes, what a key may do. Sending is for [`super::api`].

use std::sync::PoisonError;

use semver::Version;
use serde_json::Value;

use super::answer::{answered, has_route, permissions_of, time_of};
use super::member::member;
use super::{ApiRoute, Immich, TargetError};
use crate::user_agent::Body;

impl Immich {
    /// Whether it answers at all.
    pub async fn ping(&self) -> Result<(), TargetError> {
        self.look(ApiRoute::PING).await.map(drop)
    }

    /// Its time, in seconds since 1970; `None` if it sends none (RFC 9110
    /// §6.6.1).
    pub async fn time(&self) -> Result<Option<i64>, TargetError> {
        let exchange = self.send(self.request(ApiRoute::PING)?).await?;
        answered(self.secrets(), &exchange)?;
        time_of(&exchange)
    }

    /// What it calls itself.
    pub async fn version(&self) -> Result<Version, TargetError> {
        let version = self.look(ApiRoute::VERSION).await?;
        let number = |name: &str| member(&version, "version", name, Value::as_u64);
        Ok(Version::new(number("major")?, number("minor")?, number("patch")?))
    }

    /// Whether it takes its settings from a configuration file.
    pub async fn reads_configuration_file(&self) -> Result<bool, TargetError> {
        member(&self.look(ApiRoute::FEATURES).await?, "features", "configFile", Value::as_bool)
    }

    /// Whether it has an administrator.
    pub async fn is_initialized(&self) -> Result<bool, TargetError> {
        member(&self.look(ApiRoute::PUBLIC_SETTINGS).await?, "public settings", "isInitialized", Value::as_bool)
    }

    /// The permissions of the key, if this server lists them.
    pub async fn permissions(&self) -> Result<Option<Vec<String>>, TargetError> {
        match self.call(ApiRoute::API_KEY, Body::Empty).await {
            Ok(key) => permissions_of(&key),
            // Servers without the route take `me` for an id.
            Err(TargetError::Unexpected { status: 400 | 404, .. } | TargetError::Permission(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether there is such a route. Asked once, with nothing in the hands,
    /// so that nothing happens.
    pub async fn has_route(&self, method: &str, path: &str) -> Result<bool, TargetError> {
        let name = format!("{method} {path}");
        if let Some(known) = self.routes.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(*known);
        }
        let exchange = self.send(self.request_at(method, path, Body::Empty)?).await?;
        let found = has_route(self.secrets(), &exchange, path)?;
        self.routes.lock().unwrap_or_else(PoisonError::into_inner).insert(name, found);
        Ok(found)
    }
}

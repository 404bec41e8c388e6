//! Settings that come from a file, as `IMMICH_CONFIG_FILE` names one: JSON or
//! YAML over the defaults, read anew for every request, or only at the start; or
//! from environment variables. While they cannot be used, nothing that needs
//! settings is answered.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::immich::parse_configuration;
use crate::reference::instance::{Instance, Shared};
use crate::reference::reply::Refusal;
use crate::reference::state::{Origin, SettingsSource, of_environment, over_defaults};

/// What is answered without settings.
const WITHOUT: &[&str] = &["/api/server/ping", "/api/server/version"];

/// Reads the file, if there is one, before a request is answered.
pub(super) async fn read_anew(State(server): Shared, request: Request, next: Next) -> Response {
    if !server.settings_from.is_read_once()
        && !WITHOUT.contains(&request.uri().path())
        && let Err(problem) = server.read_configuration()
    {
        return Refusal(500, format!("Failed to get config: {problem}")).into_response();
    }
    next.run(request).await
}

impl Instance {
    /// Takes the settings from where they come from, if not over the API.
    pub fn read_configuration(&self) -> Result<(), String> {
        let defaults = self.rules.api.defaults();
        let read = match &self.settings_from {
            SettingsSource::Api => return Ok(()),
            SettingsSource::File(path) | SettingsSource::FileOnce(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
                parse_configuration(&text)?
            }
            SettingsSource::Environment(variables) => of_environment(&defaults, variables)?,
        };
        let document = over_defaults(defaults, &read, Origin::File)?;
        if let Some(problem) = (self.rules.settings.nonsense)(&document["oauth"]) {
            return Err(problem.to_owned());
        }
        self.store().settings = document;
        Ok(())
    }
}

//! Settings that come from a file, as `IMMICH_CONFIG_FILE` names one: JSON or
//! YAML over the defaults, read anew for every request, or only at the start.
//! While it cannot be used, nothing that needs settings is answered.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::path::Path;

use crate::immich::parse_configuration;
use crate::reference::instance::{Instance, Shared};
use crate::reference::reply::Refusal;
use crate::reference::state::{Origin, over_defaults};

/// What is answered without settings.
const WITHOUT: &[&str] = &["/api/server/ping", "/api/server/version"];

/// Reads the file, if there is one, before a request is answered.
pub(super) async fn read_anew(State(server): Shared, request: Request, next: Next) -> Response {
    if !server.reads_configuration_once
        && !WITHOUT.contains(&request.uri().path())
        && let Err(problem) = server.read_configuration()
    {
        return Refusal(500, format!("Failed to get config: {problem}")).into_response();
    }
    next.run(request).await
}

impl Instance {
    /// Takes the settings from the file, if there is one.
    pub fn read_configuration(&self) -> Result<(), String> {
        if let Some(path) = &self.configuration {
            self.store().settings = settings(path, self.rules.api.defaults(), self.rules.settings.nonsense)?;
        }
        Ok(())
    }
}

fn settings(path: &Path, defaults: Value, nonsense: fn(&Value) -> Option<&'static str>) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file = parse_configuration(&text)?;
    let document = over_defaults(defaults, &file, Origin::File)?;
    match nonsense(&document["oauth"]) {
        Some(problem) => Err(problem.to_owned()),
        None => Ok(document),
    }
}

//! From a scenario's `[provider]` to the provider's own types.

use mock_idp::{Deviations, ProviderSettings, QuirkError};
use serde_json::{Map, Value};

/// Quirks and overlays.
pub fn deviations(quirks: &Map<String, Value>, overlay: &Map<String, Value>) -> Result<Deviations, QuirkError> {
    Deviations::parse(quirks, overlay)
}

/// `settings` with `changes` on top.
///
/// # Errors
/// What is wrong with the changes, in words.
pub fn settings_over(settings: &ProviderSettings, changes: &Map<String, Value>) -> Result<ProviderSettings, String> {
    let mut document = serde_json::to_value(settings).map_err(|error| error.to_string())?;
    if let Value::Object(members) = &mut document {
        members.extend(changes.clone());
    }
    serde_json::from_value(document).map_err(|error| error.to_string())
}

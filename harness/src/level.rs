//! How strongly a requirement asks (RFC 2119).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The cited requirement's own word, never what some server does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// If the server does not meet it, the report only notes this.
    May,
    /// If the server does not meet it, the report lists a finding.
    Should,
    /// If the server does not meet it, the test fails.
    #[default]
    Must,
}

impl Level {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

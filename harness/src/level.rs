//! How strongly a requirement asks (RFC 2119).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The cited requirement's own word, never what some server does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A miss is only noted.
    May,
    /// A miss is a finding.
    Should,
    /// A miss is a failure.
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

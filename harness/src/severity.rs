//! How bad it is when a server does something wrong: the words of scenarios,
//! baselines and reports. How strongly a requirement asks is [`crate::level`].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad it is, worst first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A stranger can sign in or stay signed in, take over an account, or read
    /// a secret.
    High,
    /// A protection is missing, or people cannot sign in.
    Medium,
    /// A fault with little effect.
    Low,
}

impl Severity {
    /// All of them, worst first, each with what it means.
    pub const ALL: &[(Self, &str)] = &[
        (Self::High, "A stranger can sign in or stay signed in, take over an account, or read a secret."),
        (Self::Medium, "A protection is missing, or end-users cannot sign in."),
        (Self::Low, "A fault with little effect."),
    ];

    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

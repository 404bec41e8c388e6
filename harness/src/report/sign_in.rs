//! The honest sign-in before the tests of a run, as reports keep it. The runner
//! plays it against a server that is not its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exchange::ExchangeReport;

/// How an honest sign-in ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignInEnding {
    /// A test user has a session.
    Works,
    /// The server begins it, and its settings let no test user in.
    Begins,
    /// It fails.
    Fails,
}

/// An honest sign-in before the tests.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignInReport {
    /// How it ends.
    pub ending: SignInEnding,
    /// What was seen, or what fails, as a sentence without its full stop.
    pub text: String,
    /// The likely cause of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What an administrator can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// What went over the wire; abridged where the sign-in works.
    pub exchanges: Vec<ExchangeReport>,
}

impl SignInReport {
    /// Returns it in one line.
    pub fn line(&self) -> String {
        let verb = match self.ending {
            SignInEnding::Works => "works",
            SignInEnding::Begins => "begins",
            SignInEnding::Fails => "fails",
        };
        format!("Sign-in {verb}: {}", self.text)
    }

    /// Whether it fails.
    pub fn fails(&self) -> bool {
        self.ending == SignInEnding::Fails
    }
}

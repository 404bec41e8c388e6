//! How the harness restores a server, and what it restored.

use std::fmt;

/// How a server is given back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Whether to restore settings that others changed since, and at a server
    /// of another name.
    pub force: bool,
    /// Whether the run ended in the middle, so that the server may still be at
    /// work on what it asked for.
    pub abrupt: bool,
}

/// What was restored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// What was done to the settings.
    pub settings: RestoredSettings,
    /// The settings, as `section.key`, that could not be restored because the
    /// server no longer has them.
    pub lacking: Vec<String>,
    /// How many accounts were deleted.
    pub accounts: usize,
    /// The emails of accounts that stay, as agreed.
    pub left: Vec<String>,
}

/// What was done to settings, so that they are as they should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RestoredSettings {
    /// Nothing had to be.
    #[default]
    Unchanged,
    /// They were restored.
    PutBack,
    /// Those of a run were set to the server's defaults.
    Defaults,
    /// They were not those of a run.
    LeftAlone,
}

impl RestoredSettings {
    const fn text(self) -> &'static str {
        match self {
            Self::Unchanged => "the settings were unchanged",
            Self::PutBack => "the harness restored the settings",
            Self::Defaults => "the harness set the settings to the server's defaults",
            Self::LeftAlone => "the harness did not change the settings, because they are not those of a run",
        }
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.settings.text())?;
        if !self.lacking.is_empty() {
            write!(f, ", except those that the server no longer has: {}", self.lacking.join(", "))?;
        }
        write!(f, "; accounts deleted: {}", self.accounts)?;
        if !self.left.is_empty() {
            write!(f, "; accounts that an administrator must delete: {}", self.left.join(", "))?;
        }
        Ok(())
    }
}

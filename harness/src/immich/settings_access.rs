//! How a run may deal with the settings of its target.

use super::ConfigurationFile;

/// How a run may deal with the settings of its target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Access {
    /// It changes them over the API.
    #[default]
    Api,
    /// It changes them in the file that the target reads.
    File(ConfigurationFile),
    /// They stay as they are, and the provider is what they say.
    Fixed,
    /// It has no administrator's key, and changes nothing at all.
    ReadOnly,
}

impl Access {
    /// The file, if it is that way.
    pub fn file(&self) -> Option<&ConfigurationFile> {
        match self {
            Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// Whether settings may be changed.
    pub fn changes_settings(&self) -> bool {
        matches!(self, Self::Api | Self::File(_))
    }
}

//! Why a profile cannot be had.

/// Why a profile cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// There is none of that name.
    #[error("there is no profile `{0}`")]
    Unknown(String),
    /// Its file cannot be read.
    #[error("profile `{profile}`: {reason}")]
    Form {
        /// Its name.
        profile: String,
        /// What is wrong.
        reason: String,
    },
    /// A value names a source that the file does not list.
    #[error("profile `{profile}`: `{key}` names the source `{source_name}`, which is not in [sources]")]
    NoSource {
        /// Its name.
        profile: String,
        /// The value.
        key: String,
        /// The source.
        source_name: String,
    },
    /// A source that no value names.
    #[error("profile `{profile}`: nothing is taken from the source `{source_name}`")]
    UnusedSource {
        /// Its name.
        profile: String,
        /// The source.
        source_name: String,
    },
}

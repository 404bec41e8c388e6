//! Why quirks and overlays cannot be had.

/// Why a deviation cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuirkError {
    /// There is no such quirk.
    #[error("unknown quirk `{0}`")]
    Unknown(String),
    /// The quirk takes another argument.
    #[error("`{quirk}` must be {expected}")]
    Argument {
        /// The quirk's name.
        quirk: &'static str,
        /// What it takes.
        expected: String,
    },
    /// An overlay names an unknown message.
    #[error("unknown message `{0}`")]
    UnknownMessage(String),
    /// An overlay cannot be read.
    #[error("invalid overlay of `{message}`: {reason}")]
    Overlay {
        /// The message's name.
        message: String,
        /// What is wrong.
        reason: String,
    },
    /// Two of them touch the same member.
    #[error(transparent)]
    Conflict(#[from] Conflict),
}

/// Two deviations that change the same member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{first}` and `{second}` both change `{member}` of the {message} message, and only one would take effect")]
pub struct Conflict {
    /// The name of the one.
    pub first: String,
    /// The name of the other.
    pub second: String,
    pub(super) message: &'static str,
    pub(super) member: String,
}

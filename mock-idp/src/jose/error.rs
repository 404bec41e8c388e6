//! Why a key or a signature could not be made.

/// Why a key could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key itself.
    #[error("the {kind} key could not be made: {reason}")]
    Key {
        /// Its kind.
        kind: &'static str,
        /// Why not.
        reason: String,
    },
    /// The certificate of a key.
    #[error("the certificate of a key could not be made: {0}")]
    Certificate(String),
}

/// Why a JWT could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key is of another kind.
    #[error("there is no key for {0}")]
    WrongKey(&'static str),
    /// The keys cannot be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The crypto library refused.
    #[error("the signature could not be made")]
    Failed,
}

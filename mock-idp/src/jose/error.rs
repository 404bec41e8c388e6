//! Why a key or a signature could not be made.

/// Why a key could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key itself.
    #[error("cannot create the {kind} key: {reason}")]
    Key {
        /// Its kind.
        kind: &'static str,
        /// Why not.
        reason: String,
    },
    /// The certificate of a key.
    #[error("cannot create the certificate of a key: {0}")]
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
    #[error("cannot create the signature")]
    Failed,
}

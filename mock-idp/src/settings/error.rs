//! Why settings cannot be had together.

/// What is wrong with settings that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// They are not of the right form.
    #[error("{0}")]
    Form(String),
    /// A member to leave out is not in the discovery document.
    #[error("`discovery.remove` names `{0}`, but the discovery document has no such member")]
    NotInDocument(String),
    /// The discovery document would have an empty list (OIDC Discovery §4.2).
    #[error("`{0}` cannot be empty: the discovery document has no empty lists")]
    Empty(&'static str),
    /// A claim that ID tokens make themselves.
    #[error("`further-claims` cannot set `{0}`: the provider sets it by protocol")]
    ProtocolClaim(String),
    /// A parameter that the protocol makes itself.
    #[error("`callback-parameters` cannot set `{0}`: the provider sets it by protocol")]
    ProtocolParameter(String),
    /// A registered redirect URI is no pattern.
    #[error("the redirect URI `{uri}` is not a regular expression: {reason}")]
    Pattern {
        /// The registered URI.
        uri: String,
        /// Why not.
        reason: String,
    },
    /// A public client has no secret to sign with.
    #[error("`{0}` signs with the client's secret, and a public client has none")]
    NoSecret(&'static str),
    /// Certificates of keys need the feature `tls`.
    #[error("`jwks-members` names members made from certificates, and mock-idp is built without its feature `tls`")]
    NoCertificates,
    /// Key ids of that length cannot be made.
    #[error("key ids have 1 to {0} characters of that alphabet")]
    KeyIds(u8),
    /// The endpoints of an open issuer stay where they are.
    #[error("`paths` cannot change while the issuer is open: its endpoints stay where they are")]
    Moved,
}

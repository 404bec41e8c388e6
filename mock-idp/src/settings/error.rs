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
    #[error("`{0}` must not be empty: a discovery document must not have an empty list")]
    Empty(&'static str),
    /// A claim that ID tokens make themselves.
    #[error("`further-claims` cannot set `{0}`: the provider sets this claim itself")]
    ProtocolClaim(String),
    /// A parameter that the protocol makes itself.
    #[error("`callback-parameters` cannot set `{0}`: the provider sets this parameter itself")]
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
    #[error("`{0}` signs with the client secret, but a public client has none")]
    NoSecret(&'static str),
    /// Certificates of keys need the feature `tls`.
    #[error("`jwks-members` names members that need a certificate, but mock-idp was built without its feature `tls`")]
    NoCertificates,
    /// Key ids of that length cannot be made.
    #[error("`key-ids.length` must be 1 to {0} characters for this alphabet")]
    KeyIds(u8),
    /// The endpoints of an open issuer stay where they are.
    #[error("`paths` cannot change after the provider has opened the issuer")]
    Moved,
}

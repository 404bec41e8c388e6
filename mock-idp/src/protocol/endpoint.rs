//! The endpoints of an issuer, by what they are, and what else the journal
//! notes. Where they are is for the settings.

use serde::Serialize;

/// Where a request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The key set.
    Jwks,
    /// The authorization endpoint.
    Authorization,
    /// The token endpoint.
    Token,
    /// The `UserInfo` endpoint.
    UserInfo,
    /// The end-session endpoint.
    EndSession,
    /// A key set that is not the provider's, to which only wrong tokens lead.
    ForeignKeys,
    /// The picture of every end-user.
    Picture,
    /// Not a request: a logout token that was issued.
    LogoutToken,
    /// Not a request: a client began a TLS handshake at this issuer. If no
    /// request follows, the certificate was refused.
    Connection,
    /// Some other path below the issuer.
    Unknown,
}

impl Endpoint {
    /// Whether an entry of this kind is a request and its answer.
    pub const fn is_request(self) -> bool {
        !matches!(self, Self::LogoutToken | Self::Connection)
    }
}

//! The relying party, as an issuer knows it.

/// The one client that an issuer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret; none for a public client.
    pub secret: Option<String>,
    /// Where it may be sent back to, compared as the settings say.
    pub redirect_uris: Vec<String>,
}

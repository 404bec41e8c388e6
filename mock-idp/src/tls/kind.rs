//! Over what an issuer is served: the kinds of certificate. How one is made is
//! for [`super::certificate`].

use serde::{Deserialize, Serialize};

/// Whether the provider serves the issuer over plain http, or over https with
/// this kind of certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "by-hand", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Plain http.
    #[default]
    None,
    /// Valid for clients that trust the certificate authority.
    Trusted,
    /// Signed with its own key.
    SelfSigned,
    /// Expired yesterday.
    Expired,
    /// Issued for another host.
    WrongHost,
    /// Sent without the intermediate certificate that signed it.
    MissingIntermediate,
    /// Valid, but from an unknown certificate authority.
    UnknownCa,
}

impl Tls {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::None,
        Self::Trusted,
        Self::SelfSigned,
        Self::Expired,
        Self::WrongHost,
        Self::MissingIntermediate,
        Self::UnknownCa,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trusted => "trusted",
            Self::SelfSigned => "self-signed",
            Self::Expired => "expired",
            Self::WrongHost => "wrong-host",
            Self::MissingIntermediate => "missing-intermediate",
            Self::UnknownCa => "unknown-ca",
        }
    }

    /// Whether the certificate hangs on the provider's own authority, so that
    /// peers that do not know it refuse the certificate for that alone.
    pub const fn needs_trust(self) -> bool {
        matches!(self, Self::Trusted | Self::Expired | Self::WrongHost | Self::MissingIntermediate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_files_use() {
        for tls in Tls::ALL {
            assert_eq!(serde_json::to_value(tls).ok(), Some(tls.name().into()));
        }
    }
}

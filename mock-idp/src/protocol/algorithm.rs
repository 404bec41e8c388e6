//! Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1).

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A signature algorithm by its registered name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which every client must support.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[serde(rename = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[serde(rename = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[serde(rename = "PS512")]
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC with SHA-256; the key is the client secret.
    #[serde(rename = "HS256")]
    Hs256,
    /// HMAC with SHA-384.
    #[serde(rename = "HS384")]
    Hs384,
    /// HMAC with SHA-512.
    #[serde(rename = "HS512")]
    Hs512,
}

impl Algorithm {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
    ];

    /// The registered name, as it stands in a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The algorithm of that name, if it is one of ours.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// Whether the key is the client's secret.
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }

    /// The left half of the hash of `text`, as `at_hash` has it (OIDC Core
    /// §3.1.3.6): by the hash function of the signature.
    pub(crate) fn half_hash(self, text: &str) -> String {
        let function = match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Hs256 => &SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 | Self::Hs384 => &SHA384,
            // Its name does not contain the hash of Ed25519, which is SHA-512
            // (RFC 8032 §5.1).
            Self::Rs512 | Self::Ps512 | Self::Hs512 | Self::EdDsa => &SHA512,
        };
        let whole = digest(function, text.as_bytes());
        let (left, _) = whole.as_ref().split_at(whole.as_ref().len() / 2);
        BASE64_URL_SAFE_NO_PAD.encode(left)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn names_are_those_that_files_use() {
        for algorithm in Algorithm::ALL {
            assert_eq!(serde_json::to_value(algorithm).ok(), Some(algorithm.name().into()));
        }
    }

    /// The first two are of OIDC Core, appendices A.3 and A.4; the others are
    /// `openssl dgst -binary`, cut and encoded.
    #[rstest]
    #[case(Algorithm::Rs256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "77QmUPtjPfzWtF2AnpK9RQ")]
    #[case(Algorithm::Es256, "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk", "LDktKdoQak3Pk0cnXxCltA")]
    #[case(Algorithm::Es384, "token", "Cm6hANx1qgPTYYSWu3KFaieklEAsPkh3")]
    #[case(Algorithm::Ps512, "token", "ImXaughy_DrvFp0Hk2XlkPDLyO1GwqeYTIpkKAPP2Ww")]
    #[case(Algorithm::EdDsa, "token", "ImXaughy_DrvFp0Hk2XlkPDLyO1GwqeYTIpkKAPP2Ww")]
    fn half_of_the_hash_is_what_the_algorithm_says(
        #[case] algorithm: Algorithm,
        #[case] text: &str,
        #[case] hash: &str,
    ) {
        assert_eq!(algorithm.half_hash(text), hash);
    }
}

//! How an ID token, or any other JWT, is read, and what an ID token must say
//! (OIDC Core §3.1.3.7).

use super::declaration::rules;
use super::token_check::{
    ALGORITHM, AUDIENCE, CRITICAL, HAS_EXPIRY, ISSUED_AT, ISSUER, TOLERANCE, TYPE, TokenCheck, TokenChecks,
};
use crate::relying_party::{Comparison, HashMatch, Jwt, MemberType, Moment};

/// Where a key comes from that should not be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKey {
    /// The provider's public key, taken for an HMAC secret.
    PublicAsSecret,
    /// `jwk` of the header.
    Embedded,
    /// What lies at `jku` of the header.
    AtUrl,
    /// The same, if one of those is a key of the provider.
    AtUrlBesideOwn,
    /// The file that `kid` of the header names.
    NamedByKeyId,
}

rules! {
    /// How an ID token is read and checked.
    IdTokenRules {
        /// Whether an ID token must be there.
        required: bool = true;
        /// The letters of a token that are read.
        letters: fn(&str) -> String = ToOwned::to_owned;
        /// What is read in it, or in any other JWT, given its text.
        read: fn(&str, Jwt) -> Option<Jwt> = |_, jwt| Some(jwt);
        /// Whether an ID token that cannot be read ends the sign-in.
        unreadable_ends: bool = true;
        /// The checks of its header and claims.
        checks: TokenChecks = TokenChecks::new(CHECKS);
        /// Whether it, or any other JWT, counts without a signature.
        counts_unsigned: fn(&str, &Jwt) -> bool = |_, _| false;
        /// Which keys count besides the provider's own, for any JWT.
        foreign_key: Option<ForeignKey> = None;
    }
}

static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &CRITICAL,
    &TYPE,
    &ISSUER,
    &AUDIENCE,
    // An `aud` that names others, too, needs an `azp` that says whose it is.
    &TokenCheck {
        name: "only-audience",
        holds: |token| token.audience.count <= 1 || token.authorized_party != Comparison::Missing,
    },
    &TokenCheck { name: "authorized-party", holds: |token| token.authorized_party.fits_if_present() },
    &TokenCheck { name: "subject", holds: |token| token.subject == MemberType::Text },
    &ISSUED_AT,
    &HAS_EXPIRY,
    &TokenCheck {
        name: "expiry",
        holds: |token| !matches!(token.expiry, Moment::Away(seconds) if seconds <= -TOLERANCE),
    },
    &TokenCheck {
        name: "not-before",
        holds: |token| match token.not_before {
            Moment::Away(seconds) => seconds <= TOLERANCE,
            nbf => nbf == Moment::Absent,
        },
    },
    &TokenCheck { name: "access-token-hash", holds: |token| token.access_token_hash != HashMatch::Differs },
    &TokenCheck { name: "nonce", holds: |token| token.nonce == Comparison::AsExpected },
    // A logout token may say nothing of its type, and has all other claims.
    &TokenCheck { name: "events", holds: |token| token.events == MemberType::Absent },
];

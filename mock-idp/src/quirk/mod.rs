//! Named deviations: one static per quirk, one file per family, one list.
//!
//! A quirk says what it is (the text that `explain` and the schema show),
//! which requirement it breaks, which members of which messages it touches,
//! and how. To add one, write its static and name it in [`QUIRKS`]; the tests
//! over the list check the rest.

mod authorization;
mod availability;
mod claims;
mod deviations;
mod discovery;
mod endpoints;
mod issuer;
mod jwks;
mod keys;
mod kind;
mod logout_token;
mod metadata;
mod overlay;
mod signature;
mod token;
mod transport;
mod userinfo;

pub use deviations::{Conflict, Deviations, QuirkError};
pub use kind::{Argument, Parameter, Quirk, Scene, Touch};
pub use overlay::{Overlay, OverlayError};

/// All quirks, by family.
pub static QUIRKS: &[&Quirk] = &[
    &issuer::ISSUER_MISMATCH,
    &issuer::ISSUER_SLASH,
    &issuer::ISSUER_UPPER_CASE,
    &issuer::ISSUER_TEMPLATE,
    &issuer::ISSUER_FROM_HOST,
    &issuer::ISSUER_CHANGES,
    &metadata::PKCE_NOT_ADVERTISED,
    &metadata::PKCE_REQUIRED_NOT_ADVERTISED,
    &metadata::PKCE_PLAIN_ONLY,
    &metadata::PKCE_EMPTY_LIST,
    &metadata::DISCOVERY_MISSING_MEMBER,
    &metadata::DISCOVERY_MISTYPED_MEMBER,
    &metadata::DISCOVERY_EXTRA_MEMBERS,
    &metadata::DISCOVERY_DUPLICATE_MEMBER,
    &metadata::ALGORITHM_NOT_ADVERTISED,
    &endpoints::ENDPOINTS_ON_ANOTHER_HOST,
    &endpoints::ENDPOINT_REFUSED_PORT,
    &endpoints::ENDPOINT_UNKNOWN_HOST,
    &endpoints::ENDPOINT_WRONG_PATH,
    &endpoints::ENDPOINT_ODD_SCHEME,
    &endpoints::AUTHORIZATION_ENDPOINT_SCRIPT,
    &endpoints::ENDPOINTS_WITH_QUERY,
    &discovery::DISCOVERY_STATUS,
    &discovery::DISCOVERY_HTML,
    &discovery::DISCOVERY_REDIRECT,
    &discovery::DISCOVERY_BAD_JSON,
    &discovery::DISCOVERY_NOT_AN_OBJECT,
    &discovery::DISCOVERY_CONTENT_TYPE,
    &discovery::DISCOVERY_MOVED,
    &discovery::DISCOVERY_HUGE,
    &discovery::DISCOVERY_DEEP,
    &jwks::JWKS_STATUS,
    &jwks::JWKS_EMPTY,
    &jwks::JWKS_HTML,
    &jwks::JWKS_BAD_JSON,
    &jwks::JWKS_NOT_A_SET,
    &jwks::JWKS_CONTENT_TYPE,
    &jwks::JWKS_STALE,
    &keys::JWKS_OLD_KEYS,
    &keys::JWKS_ENCRYPTION_KEY,
    &keys::JWKS_UNKNOWN_KEYS,
    &keys::JWKS_SYMMETRIC_KEY,
    &keys::JWKS_GARBAGE_KEY,
    &keys::JWKS_MISSING_USE,
    &keys::JWKS_EXTRA_MEMBERS,
    &keys::JWKS_CERTIFICATES,
    &keys::JWKS_PRIVATE_PARTS,
    &keys::JWKS_WITHOUT_KEY_IDS,
    &keys::JWKS_DUPLICATE_KEY_ID,
    &keys::JWKS_FOR_ENCRYPTION,
    &keys::JWKS_OTHER_ALGORITHM,
    &authorization::WRONG_STATE,
    &authorization::MISSING_STATE,
    &authorization::MISSING_CODE,
    &authorization::ERROR_REDIRECT,
    &authorization::WRONG_AUTHORIZATION_RESPONSE_ISSUER,
    &authorization::MISSING_AUTHORIZATION_RESPONSE_ISSUER,
    &authorization::CUSTOM_SCHEME_REFUSED,
    &claims::WRONG_ISSUER,
    &claims::MISSING_ISSUER,
    &claims::WRONG_AUDIENCE,
    &claims::EXTRA_AUDIENCE,
    &claims::MISSING_AUDIENCE,
    &claims::WRONG_AUTHORIZED_PARTY,
    &claims::MISSING_SUBJECT,
    &claims::EMPTY_SUBJECT,
    &claims::MISSING_ISSUED_AT,
    &claims::MISSING_EXPIRY,
    &claims::EXPIRED,
    &claims::NOT_YET_VALID,
    &claims::UNSOLICITED_NONCE,
    &signature::BAD_SIGNATURE,
    &signature::UNSIGNED,
    &signature::WRONG_ALGORITHM,
    &signature::UNKNOWN_SIGNING_KEY,
    &signature::UNKNOWN_KEY_ID,
    &signature::CRITICAL_HEADER,
    &token::TOKEN_STATUS,
    &token::TOKEN_HTML,
    &token::TOKEN_BAD_JSON,
    &token::TOKEN_MISSING_ACCESS_TOKEN,
    &token::TOKEN_MISSING_TYPE,
    &token::TOKEN_MISSING_ID_TOKEN,
    &token::TOKEN_TYPE,
    &userinfo::USERINFO_SUBJECT_MISMATCH,
    &userinfo::USERINFO_MISSING_SUBJECT,
    &userinfo::USERINFO_STATUS,
    &userinfo::USERINFO_HTML,
    &transport::SLOW,
    &transport::HANG,
    &transport::CONNECTION_CUT,
    &transport::GZIP,
    &transport::CHUNKED,
    &transport::BYTE_ORDER_MARK,
    &availability::DOWN_FROM,
    &availability::RECOVERS_AFTER,
    &availability::RATE_LIMITED,
    &logout_token::LOGOUT_WRONG_ISSUER,
    &logout_token::LOGOUT_WRONG_AUDIENCE,
    &logout_token::LOGOUT_MISSING_EVENTS,
    &logout_token::LOGOUT_WRONG_EVENT,
    &logout_token::LOGOUT_NONCE,
    &logout_token::LOGOUT_MISSING_ISSUED_AT,
    &logout_token::LOGOUT_STALE,
    &logout_token::LOGOUT_BAD_SIGNATURE,
    &logout_token::LOGOUT_UNSIGNED,
    &logout_token::LOGOUT_UNKNOWN_SIGNING_KEY,
];

/// The quirk of that name.
pub fn quirk(name: &str) -> Option<&'static Quirk> {
    QUIRKS.iter().copied().find(|quirk| quirk.name == name)
}

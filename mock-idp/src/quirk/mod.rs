//! Named deviations: one static per quirk, one file per family, one list.
//!
//! A quirk says what it is (the text that `explain` and the schema show),
//! which requirement it breaks, which members of which messages it touches,
//! and how. To add one, write its static and name it in [`QUIRKS`]; the tests
//! over the list check the rest.

mod audience;
mod authorization;
mod availability;
mod binding;
mod claims;
mod deviations;
mod discovery;
mod end_session;
mod endpoints;
mod form;
mod header;
mod issuer;
mod issuer_claim;
mod jwks;
mod keys;
mod kind;
mod logout_claims;
mod logout_signature;
mod logout_token;
mod metadata;
mod overlay;
mod payload;
mod picture;
mod signature;
mod subject;
mod time;
mod token;
mod transport;
mod userinfo;
mod userinfo_token;
mod value;

pub use deviations::{Conflict, Deviations, QuirkError};
pub use kind::{Argument, Keys, Parameter, Quirk, Scene, Touch};
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
    &endpoints::HTTP_ENDPOINTS,
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
    &issuer_claim::SIMILAR_ISSUER,
    &issuer_claim::ISSUER_NOT_TEXT,
    &audience::AUDIENCE_AS_LIST,
    &audience::AUDIENCE_NOT_TEXT,
    &audience::FOREIGN_AUDIENCES,
    &audience::SIMILAR_AUDIENCE,
    &audience::SEVERAL_AUDIENCES,
    &audience::DUPLICATE_AUDIENCE,
    &subject::SUBJECT_NOT_TEXT,
    &subject::LONG_SUBJECT,
    &subject::CONSTANT_SUBJECT,
    &subject::CHANGING_SUBJECT,
    &subject::DUPLICATE_SUBJECT,
    &time::EXPIRY_NOT_A_NUMBER,
    &time::EXPIRY_FAR_AWAY,
    &time::ISSUED_AT_NOT_A_NUMBER,
    &time::NOT_BEFORE_NOT_A_NUMBER,
    &time::TIMES_WITH_FRACTION,
    &time::ISSUED_IN_FUTURE,
    &time::ISSUED_LONG_AGO,
    &binding::EMPTY_NONCE,
    &binding::WRONG_ACCESS_TOKEN_HASH,
    &binding::WRONG_CODE_HASH,
    &binding::AUTHENTICATION_TIME_NOT_A_NUMBER,
    &payload::PAYLOAD_NOT_AN_OBJECT,
    &payload::MANY_GROUPS,
    &payload::NESTED_CLAIM,
    &signature::BAD_SIGNATURE,
    &signature::UNSIGNED,
    &signature::WRONG_ALGORITHM,
    &signature::UNKNOWN_SIGNING_KEY,
    &signature::UNKNOWN_KEY_ID,
    &signature::CRITICAL_HEADER,
    &signature::UNSIGNED_IN_ANOTHER_CASE,
    &signature::EMPTY_SIGNATURE,
    &signature::MISSING_KEY_ID,
    &signature::HMAC_WITH_PUBLIC_KEY,
    &signature::KEY_FROM_KEY_ID,
    &header::EMBEDDED_KEY,
    &header::KEY_URL,
    &header::ANOTHER_KIND,
    &header::CONTENT_TYPE_HEADER,
    &header::COMPRESSION_HEADER,
    &header::UNENCODED_PAYLOAD,
    &form::ODD_ENCODING,
    &form::MISSING_PART,
    &form::ENCRYPTED,
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
    &userinfo::USERINFO_SUBJECT_NOT_TEXT,
    &userinfo::USERINFO_SIMILAR_SUBJECT,
    &userinfo::USERINFO_ODD_BODY,
    &userinfo_token::USERINFO_BAD_SIGNATURE,
    &userinfo_token::USERINFO_UNKNOWN_SIGNING_KEY,
    &userinfo_token::USERINFO_UNSIGNED,
    &userinfo_token::USERINFO_WRONG_ALGORITHM,
    &userinfo_token::USERINFO_WRONG_ISSUER,
    &userinfo_token::USERINFO_WRONG_AUDIENCE,
    &userinfo_token::USERINFO_ENCRYPTED,
    &transport::SLOW,
    &transport::HANG,
    &transport::CONNECTION_CUT,
    &transport::GZIP,
    &transport::CHUNKED,
    &transport::BYTE_ORDER_MARK,
    &availability::DOWN_FROM,
    &availability::RECOVERS_AFTER,
    &availability::RATE_LIMITED,
    &end_session::END_SESSION_CONFIRMS,
    &end_session::END_SESSION_DEMANDS_HINT,
    &end_session::END_SESSION_STAYS,
    &end_session::END_SESSION_STATUS,
    &picture::PICTURE_STATUS,
    &picture::PICTURE_HANGS,
    &picture::PICTURE_BREAKS_OFF,
    &picture::PICTURE_NOT_AN_IMAGE,
    &picture::PICTURE_HUGE,
    &picture::PICTURE_REDIRECT,
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
    &logout_claims::LOGOUT_MISSING_ISSUER,
    &logout_claims::LOGOUT_MISSING_AUDIENCE,
    &logout_claims::LOGOUT_DUPLICATE_AUDIENCE,
    &logout_claims::LOGOUT_MISSING_TOKEN_ID,
    &logout_claims::LOGOUT_MISSING_EXPIRY,
    &logout_claims::LOGOUT_EXPIRED,
    &logout_claims::LOGOUT_EXPIRY_NOT_A_NUMBER,
    &logout_claims::LOGOUT_ISSUED_AT_NOT_A_NUMBER,
    &logout_claims::LOGOUT_ISSUED_IN_FUTURE,
    &logout_claims::LOGOUT_ODD_EVENTS,
    &logout_claims::LOGOUT_EMPTY_SUBJECT,
    &logout_claims::LOGOUT_SUBJECT_NOT_TEXT,
    &logout_claims::LOGOUT_WRONG_SUBJECT,
    &logout_claims::LOGOUT_WRONG_SESSION,
    &logout_claims::ID_TOKEN_AS_LOGOUT_TOKEN,
    &logout_signature::LOGOUT_PLAIN_TYPE,
    &logout_signature::LOGOUT_ANOTHER_KIND,
    &logout_signature::LOGOUT_WRONG_ALGORITHM,
    &logout_signature::LOGOUT_HMAC_WITH_PUBLIC_KEY,
    &logout_signature::LOGOUT_EMBEDDED_KEY,
    &logout_signature::LOGOUT_FORMER_KEY,
    &logout_signature::LOGOUT_EMPTY_SIGNATURE,
    &logout_signature::LOGOUT_CRITICAL_HEADER,
    &logout_signature::LOGOUT_ENCRYPTED,
];

/// The quirk of that name.
pub fn quirk(name: &str) -> Option<&'static Quirk> {
    QUIRKS.iter().copied().find(|quirk| quirk.name == name)
}

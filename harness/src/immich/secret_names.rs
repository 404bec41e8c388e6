//! What Immich calls its secrets, for the gate before every way out
//! ([`crate::redaction`]).

use crate::redaction::{Kind, ServerNames};

/// The cookie that holds the token of a session.
pub(crate) const SESSION_COOKIE: &str = "immich_access_token";

/// What Immich calls its secrets.
pub const SECRET_NAMES: ServerNames = ServerNames {
    fields: &[
        ("accessToken", Kind::Session),
        ("apiKey", Kind::ApiKey),
        ("clientSecret", Kind::ClientSecret),
        ("codeVerifier", Kind::Verifier),
        (SESSION_COOKIE, Kind::Session),
        ("immich_oauth_code_verifier", Kind::Verifier),
        ("newPassword", Kind::Password),
        ("x-api-key", Kind::ApiKey),
    ],
    open_cookies: &["immich_auth_type", "immich_is_authenticated", "immich_oauth_state"],
    settings_section: "oauth",
    settings_keys: &["clientSecret", "issuerUrl"],
};

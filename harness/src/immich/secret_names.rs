//! What Immich calls its secrets, for the gate before every way out
//! ([`crate::redaction`]).

use crate::redaction::{SecretKind, ServerNames};

/// The cookie that holds the token of a session.
pub(crate) const SESSION_COOKIE: &str = "immich_access_token";

/// The cookies of a session: its token, how it began, and that there is one.
pub(super) const SESSION_COOKIES: &[&str] = &[SESSION_COOKIE, "immich_auth_type", "immich_is_authenticated"];

/// The cookies that hold state and PKCE verifier of a sign-in.
pub(super) const STATE_COOKIE: &str = "immich_oauth_state";
pub(super) const VERIFIER_COOKIE: &str = "immich_oauth_code_verifier";

/// What Immich calls its secrets.
pub const SECRET_NAMES: ServerNames = ServerNames {
    fields: &[
        ("accessToken", SecretKind::Session),
        ("apiKey", SecretKind::ApiKey),
        ("clientSecret", SecretKind::ClientSecret),
        ("codeVerifier", SecretKind::Verifier),
        (SESSION_COOKIE, SecretKind::Session),
        (VERIFIER_COOKIE, SecretKind::Verifier),
        ("newPassword", SecretKind::Password),
        ("x-api-key", SecretKind::ApiKey),
    ],
    open_cookies: &["immich_auth_type", "immich_is_authenticated", STATE_COOKIE],
    settings_section: "oauth",
    settings_keys: &["clientSecret", "issuerUrl"],
};

//! What makes a JWT a logout token (OIDC Back-Channel Logout §2.4).

/// The member of `events`.
pub(crate) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

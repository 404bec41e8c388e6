//! The routes of Immich's API. What the answers mean is for [`super::answer`];
//! where browsers and apps come back to, for [`super::redirect_uri`].

use std::fmt;

use url::form_urlencoded;

use crate::exchange::Exchange;

/// A route of the API, written as scenarios cite it: method and path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiRoute(&'static str);

impl ApiRoute {
    /// Whether the server answers at all.
    pub const PING: Self = Self("GET /api/server/ping");
    /// What the server calls itself.
    pub const VERSION: Self = Self("GET /api/server/version");
    /// The server's features; public.
    pub const FEATURES: Self = Self("GET /api/server/features");
    /// The public settings.
    pub const PUBLIC_SETTINGS: Self = Self("GET /api/server/config");
    /// The settings that are public; since Immich 3.2.
    pub const PUBLIC_CONFIG: Self = Self("GET /api/public/config");
    /// The settings that every signed-in user may read; since Immich 3.2.
    pub const USER_CONFIG: Self = Self("GET /api/config");
    /// The settings; since Immich 3.2.
    pub const ADMIN_CONFIG: Self = Self("GET /api/admin/config");
    /// Replaces the settings; since Immich 3.2.
    pub const PUT_ADMIN_CONFIG: Self = Self("PUT /api/admin/config");
    /// The settings of a fresh server; since Immich 3.2.
    pub const DEFAULT_ADMIN_CONFIG: Self = Self("GET /api/admin/config/defaults");
    /// The settings; deprecated since Immich 3.2.
    pub const SYSTEM_CONFIG: Self = Self("GET /api/system-config");
    /// Replaces the settings; deprecated since Immich 3.2.
    pub const PUT_SYSTEM_CONFIG: Self = Self("PUT /api/system-config");
    /// The settings of a fresh server; deprecated since Immich 3.2.
    pub const DEFAULT_SYSTEM_CONFIG: Self = Self("GET /api/system-config/defaults");
    /// All accounts.
    pub const ACCOUNTS: Self = Self("GET /api/admin/users");
    /// Makes a local account.
    pub const CREATE_ACCOUNT: Self = Self("POST /api/admin/users");
    /// Puts an account into the trash, or deletes it.
    pub const DELETE_ACCOUNT: Self = Self("DELETE /api/admin/users/{id}");
    /// Takes an account out of the trash.
    pub const RESTORE_ACCOUNT: Self = Self("POST /api/admin/users/{id}/restore");
    /// The API key that asks.
    pub const API_KEY: Self = Self("GET /api/api-keys/me");
    /// Makes an API key of the account that asks.
    pub const CREATE_API_KEY: Self = Self("POST /api/api-keys");
    /// The account that asks.
    pub const OWN_ACCOUNT: Self = Self("GET /api/users/me");
    /// Changes the account that asks.
    pub const CHANGE_OWN_ACCOUNT: Self = Self("PUT /api/users/me");
    /// The sessions of the account that asks.
    pub const SESSIONS: Self = Self("GET /api/sessions");
    /// Signs in with email and password.
    pub const PASSWORD_SIGN_IN: Self = Self("POST /api/auth/login");
    /// Ends a session.
    pub const LOGOUT: Self = Self("POST /api/auth/logout");
    /// Starts a sign-in with the provider.
    pub const AUTHORIZE: Self = Self("POST /api/oauth/authorize");
    /// Finishes a sign-in with the provider.
    pub const CALLBACK: Self = Self("POST /api/oauth/callback");
    /// Links the account that asks to an end-user of the provider.
    pub const LINK: Self = Self("POST /api/oauth/link");
    /// Undoes that.
    pub const UNLINK: Self = Self("POST /api/oauth/unlink");
    /// Takes logout tokens (OIDC Back-Channel Logout §2.5).
    pub const BACKCHANNEL_LOGOUT: Self = Self("POST /api/oauth/backchannel-logout");
    /// Hands a browser over to the app.
    pub const MOBILE_REDIRECT: Self = Self("GET /api/oauth/mobile-redirect");

    /// All of them, but for those below one.
    pub const ALL: &[Self] = &[
        Self::PING,
        Self::VERSION,
        Self::FEATURES,
        Self::PUBLIC_SETTINGS,
        Self::PUBLIC_CONFIG,
        Self::USER_CONFIG,
        Self::ADMIN_CONFIG,
        Self::PUT_ADMIN_CONFIG,
        Self::DEFAULT_ADMIN_CONFIG,
        Self::SYSTEM_CONFIG,
        Self::PUT_SYSTEM_CONFIG,
        Self::DEFAULT_SYSTEM_CONFIG,
        Self::ACCOUNTS,
        Self::CREATE_ACCOUNT,
        Self::API_KEY,
        Self::CREATE_API_KEY,
        Self::OWN_ACCOUNT,
        Self::CHANGE_OWN_ACCOUNT,
        Self::SESSIONS,
        Self::PASSWORD_SIGN_IN,
        Self::LOGOUT,
        Self::AUTHORIZE,
        Self::CALLBACK,
        Self::LINK,
        Self::UNLINK,
        Self::BACKCHANNEL_LOGOUT,
        Self::MOBILE_REDIRECT,
    ];

    /// Those of one account.
    const OF_ACCOUNT: &[Self] = &[Self::DELETE_ACCOUNT, Self::RESTORE_ACCOUNT];

    /// What stands in a path for the id of an account.
    pub(crate) const ID: &str = "{id}";

    /// Those that a scenario can be about.
    pub const CITED: &[Self] = &[
        Self("GET /.well-known/immich"),
        Self::MOBILE_REDIRECT,
        Self::PUBLIC_SETTINGS,
        Self::FEATURES,
        Self::PUBLIC_CONFIG,
        Self::USER_CONFIG,
        Self::ADMIN_CONFIG,
        Self::SYSTEM_CONFIG,
        Self::OWN_ACCOUNT,
        Self::PASSWORD_SIGN_IN,
        Self::LOGOUT,
        Self::AUTHORIZE,
        Self::BACKCHANNEL_LOGOUT,
        Self::CALLBACK,
        Self::LINK,
        Self::UNLINK,
        Self::PUT_ADMIN_CONFIG,
        Self::PUT_SYSTEM_CONFIG,
    ];

    /// Those that not every version has; part of the fingerprint.
    pub const OPTIONAL: &[Self] = &[Self::BACKCHANNEL_LOGOUT];

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().chain(Self::OF_ACCOUNT).copied()
    }

    /// How scenarios cite it, such as `GET /.well-known/immich`.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Its method.
    pub fn method(self) -> &'static str {
        self.parts().0
    }

    /// Its path.
    pub fn path(self) -> &'static str {
        self.parts().1
    }

    fn parts(self) -> (&'static str, &'static str) {
        self.0.split_once(' ').unwrap_or(("GET", self.0))
    }

    /// Its path with the id of an account, which the server chose.
    pub(super) fn path_of(self, id: &str) -> String {
        let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
        self.path().replace(Self::ID, &id)
    }

    /// Whether an exchange asked for it.
    pub(crate) fn is_of(self, exchange: &Exchange) -> bool {
        exchange.method == self.method() && exchange.path() == self.path()
    }

    /// The name of what an exchange asked for, without the id of an account.
    pub(crate) fn of(exchange: &Exchange) -> String {
        let path = exchange.path();
        let is_account = path.strip_prefix(Self::ACCOUNTS.path()).is_some_and(|rest| rest.starts_with('/'));
        let path = if is_account { Self::DELETE_ACCOUNT.path() } else { path };
        format!("{} {path}", exchange.method)
    }

    /// Whether what comes from this path follows from the settings.
    pub fn shows_settings(path: &str) -> bool {
        let routes = [Self::FEATURES, Self::PUBLIC_SETTINGS, Self::PUBLIC_CONFIG, Self::USER_CONFIG];
        routes.iter().any(|route| path.starts_with(route.path()))
    }
}

/// The id of an account in a path of the `pattern`, empty if that has none.
pub(super) fn id_in<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    match pattern.split_once(ApiRoute::ID) {
        None => (pattern == path).then_some(""),
        Some((before, after)) => {
            let id = path.strip_prefix(before)?.strip_suffix(after)?;
            (!id.is_empty() && !id.contains('/')).then_some(id)
        }
    }
}

impl fmt::Display for ApiRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_a_method_and_a_path() {
        assert_eq!((ApiRoute::LINK.method(), ApiRoute::LINK.path()), ("POST", "/api/oauth/link"));
        assert!(ApiRoute::CITED.iter().all(|route| route.path().starts_with('/')));
    }

    #[test]
    fn settings_show_at_the_paths_below_a_route_too() {
        assert!(ApiRoute::shows_settings("/api/server/config?x"));
        assert!(ApiRoute::shows_settings("/api/config/defaults"));
        assert!(!ApiRoute::shows_settings("/api/server/ping"));
    }
}

//! The routes that a server must have, by the version that it names. One that a
//! server may lack is for `requires.route` of a scenario. Pure.

use semver::Version;

use super::ApiRoute;

/// Each with the version of Immich since which it is there.
static SINCE: &[(ApiRoute, Version)] = &[
    (ApiRoute::FEATURES, ALWAYS),
    (ApiRoute::PUBLIC_SETTINGS, ALWAYS),
    (ApiRoute::OWN_ACCOUNT, ALWAYS),
    (ApiRoute::CHANGE_OWN_ACCOUNT, ALWAYS),
    (ApiRoute::SESSIONS, ALWAYS),
    (ApiRoute::CREATE_API_KEY, ALWAYS),
    (ApiRoute::PASSWORD_SIGN_IN, ALWAYS),
    (ApiRoute::LOGOUT, ALWAYS),
    (ApiRoute::AUTHORIZE, ALWAYS),
    (ApiRoute::CALLBACK, ALWAYS),
    (ApiRoute::LINK, ALWAYS),
    (ApiRoute::UNLINK, ALWAYS),
    (ApiRoute::MOBILE_REDIRECT, ALWAYS),
    (ApiRoute::BACKCHANNEL_LOGOUT, Version::new(3, 0, 0)),
    (ApiRoute::PUBLIC_CONFIG, Version::new(3, 2, 0)),
    (ApiRoute::USER_CONFIG, Version::new(3, 2, 0)),
    (ApiRoute::ADMIN_CONFIG, Version::new(3, 2, 0)),
];

/// Since before the oldest version that the harness knows.
const ALWAYS: Version = Version::new(0, 0, 0);

impl ApiRoute {
    /// Returns the route at this path, with or without a query, if a server must
    /// have it, depending on its version.
    pub(crate) fn required_at(method: &str, path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap_or_default();
        let mut routes = SINCE.iter().map(|(route, _)| *route);
        routes.find(|route| route.method() == method && route.path() == path)
    }

    /// Whether a server of this version must have it.
    pub(crate) fn is_required(self, version: &Version) -> bool {
        SINCE.iter().any(|(route, since)| *route == self && version >= since)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("GET", "/api/public/config?a=b", Version::new(3, 2, 1), true)]
    #[case("GET", "/api/public/config", Version::new(3, 1, 9), false)]
    #[case("POST", "/api/public/config", Version::new(3, 2, 1), false)]
    #[case("POST", "/api/oauth/link", Version::new(2, 7, 5), true)]
    #[case("POST", "/api/oauth/backchannel-logout", Version::new(2, 7, 5), false)]
    #[case("GET", "/api/system-config", Version::new(3, 2, 0), false)]
    fn a_version_needs_what_it_brought(
        #[case] method: &str,
        #[case] path: &str,
        #[case] version: Version,
        #[case] is_required: bool,
    ) {
        let route = ApiRoute::required_at(method, path);
        assert_eq!(route.is_some_and(|route| route.is_required(&version)), is_required);
    }
}

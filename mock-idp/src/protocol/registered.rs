//! Registered values: scopes, errors of the token endpoint, and the event of a
//! logout token.

/// The member of `events` in a logout token (OIDC Back-Channel Logout §2.4).
pub(crate) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The scope that makes a request one of OpenID Connect (OIDC Core §3.1.2.1).
pub(crate) const OPENID: &str = "openid";

/// The scope that asks for a refresh token (OIDC Core §11).
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// The scopes of a list. Blanks beyond the one that separates two are nothing.
pub(crate) fn scopes(list: &str) -> impl Iterator<Item = &str> {
    list.split(' ').filter(|scope| !scope.is_empty())
}

/// Whether a list of scopes has only characters that scopes may have.
pub(crate) fn is_scope_list(list: &str) -> bool {
    list.bytes().all(|byte| matches!(byte, b' ' | 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// An error of the token endpoint with its code (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
}

impl OAuthError {
    pub(crate) const fn new(code: &'static str, description: &'static str) -> Self {
        Self { code, description }
    }

    /// 401 where the client did not prove who it is, 500 where it is not to
    /// blame, else 400.
    pub(crate) fn status(self) -> u16 {
        match self.code {
            "invalid_client" => 401,
            "server_error" => 500,
            _ => 400,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("openid", true)]
    #[case("openid https://api.test/photos.read!~", true)]
    #[case(" openid  email ", true)]
    #[case("openid\temail", false)]
    #[case("openid\nemail", false)]
    #[case("\"openid\"", false)]
    #[case("a\\b", false)]
    #[case("größe", false)]
    #[case("a\u{7f}", false)]
    fn characters(#[case] list: &str, #[case] right: bool) {
        assert_eq!(is_scope_list(list), right);
    }

    #[test]
    fn blanks_are_no_scopes() {
        assert_eq!(scopes(" openid  email ").collect::<Vec<_>>(), ["openid", "email"]);
        assert_eq!(scopes(" ").count(), 0);
    }
}

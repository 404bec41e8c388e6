//! Scopes (RFC 6749 §3.3).

/// The scope that makes a request one of OpenID Connect (OIDC Core §3.1.2.1).
pub(crate) const OPENID: &str = "openid";

/// The scopes of a list. Blanks beyond the one that separates two are nothing.
pub(crate) fn scopes(list: &str) -> impl Iterator<Item = &str> {
    list.split(' ').filter(|scope| !scope.is_empty())
}

/// Whether a list of scopes has only characters that scopes may have.
pub(crate) fn is_scope_list(list: &str) -> bool {
    list.bytes().all(|byte| matches!(byte, b' ' | 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
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

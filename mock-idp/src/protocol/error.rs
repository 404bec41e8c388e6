//! Errors of the token endpoint (RFC 6749 §5.2).

/// An error with its registered code.
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

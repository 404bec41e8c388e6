//! The messages of a provider, by what they are. What one says and how it
//! travels is for its draft.

/// Which message a draft is. Quirks and overlays name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Message {
    /// Provider metadata (OIDC Discovery §3).
    Discovery,
    /// The key set (RFC 7517 §5).
    Jwks,
    /// Whether the authorization request is accepted (`accept`), with which
    /// `code`, or why not (`error`, `error_description`); `page` ends it
    /// without sending the user agent back.
    Verdict,
    /// What speaks against the token request: each objection a table of
    /// `status`, `error` and `error_description`. Without any it is accepted.
    TokenVerdict,
    /// The authorization response (RFC 6749 §4.1.2).
    AuthorizationResponse,
    /// The ID token (OIDC Core §2).
    IdToken,
    /// The token response (RFC 6749 §5.1).
    TokenResponse,
    /// The `UserInfo` response (OIDC Core §5.3.2).
    UserInfo,
    /// The end-session response (OIDC RP-Initiated Logout §2).
    EndSession,
    /// The logout token (OIDC Back-Channel Logout §2.4).
    LogoutToken,
    /// The end-user's picture (OIDC Core §5.1).
    Picture,
}

impl Message {
    /// All of them, in the order in which a sign-in meets them.
    pub const ALL: &[Self] = &[
        Self::Discovery,
        Self::Jwks,
        Self::Verdict,
        Self::AuthorizationResponse,
        Self::TokenVerdict,
        Self::IdToken,
        Self::TokenResponse,
        Self::UserInfo,
        Self::EndSession,
        Self::LogoutToken,
        Self::Picture,
    ];

    /// Whether it has members that go out: it is neither a decision nor a
    /// picture.
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Verdict | Self::TokenVerdict | Self::Picture)
    }

    /// How a heading calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery document",
            Self::Jwks => "Key set",
            Self::Verdict => "Decision on the authorization request",
            Self::TokenVerdict => "Decision on the token request",
            Self::AuthorizationResponse => "Authorization response",
            Self::IdToken => "ID token",
            Self::TokenResponse => "Token response",
            Self::UserInfo => "UserInfo response",
            Self::EndSession => "End of the session",
            Self::LogoutToken => "Logout token",
            Self::Picture => "Picture",
        }
    }

    /// The name that scenario files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Jwks => "jwks",
            Self::Verdict => "verdict",
            Self::TokenVerdict => "token-verdict",
            Self::AuthorizationResponse => "authorization-response",
            Self::IdToken => "id-token",
            Self::TokenResponse => "token-response",
            Self::UserInfo => "userinfo",
            Self::EndSession => "end-session",
            Self::LogoutToken => "logout-token",
            Self::Picture => "picture",
        }
    }
}

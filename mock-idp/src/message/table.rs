//! The messages of a provider: one row each, which is all that a new one
//! needs here. What a message says and how it travels is in its draft.

use crate::protocol::Endpoint;

/// Declares the messages in the order in which a sign-in meets them: the name
/// in files, the name within a sentence, the endpoint that sends it,
/// and whether it has members that an overlay can change.
macro_rules! messages {
    ($($(#[doc = $doc:literal])+ $message:ident, $name:literal, $phrase:literal, $endpoint:ident, $has_members:literal;)+) => {
        /// Which message a draft is. Quirks and overlays name it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Message {
            $($(#[doc = $doc])+ $message,)+
        }

        impl Message {
            /// All messages, in the order in which a sign-in meets them.
            pub const ALL: &[Self] = &[$(Self::$message),+];

            /// The name in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$message => $name),+ }
            }

            /// The name within a sentence.
            pub const fn phrase(self) -> &'static str {
                match self { $(Self::$message => $phrase),+ }
            }

            /// The endpoint whose answer is this message, carries it, or
            /// depends on it.
            pub const fn endpoint(self) -> Endpoint {
                match self { $(Self::$message => Endpoint::$endpoint),+ }
            }

            /// Whether an overlay can change its members. Decisions and the
            /// picture have none.
            pub const fn has_members(self) -> bool {
                match self { $(Self::$message => $has_members),+ }
            }
        }
    };
}

messages! {
    /// Provider metadata (OIDC Discovery §3).
    Discovery, "discovery", "discovery document", Discovery, true;
    /// The key set (RFC 7517 §5).
    Jwks, "jwks", "JWKS", Jwks, true;
    /// The decision on the authorization request: accepted with a code,
    /// refused with an error, or ended on a page of the provider.
    Verdict, "verdict", "decision on the authorization request", Authorization, false;
    /// The authorization response (RFC 6749 §4.1.2).
    AuthorizationResponse, "authorization-response", "authorization response", Authorization, true;
    /// The decision on the token request: its objections. Without any, the
    /// provider accepts the request.
    TokenVerdict, "token-verdict", "decision on the token request", Token, false;
    /// The ID token (OIDC Core §2).
    IdToken, "id-token", "ID token", Token, true;
    /// The token response (RFC 6749 §5.1).
    TokenResponse, "token-response", "token response", Token, true;
    /// The `UserInfo` response (OIDC Core §5.3.2).
    UserInfo, "userinfo", "UserInfo response", UserInfo, true;
    /// The end-session response (OIDC RP-Initiated Logout §2).
    EndSession, "end-session", "end-session response", EndSession, true;
    /// The logout token (OIDC Back-Channel Logout §2.4).
    LogoutToken, "logout-token", "logout token", LogoutToken, true;
    /// The end-user's picture (OIDC Core §5.1).
    Picture, "picture", "picture", Picture, false;
}

impl Message {
    /// The message of that name in files.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|message| message.name() == name)
    }

    /// The name as a heading.
    pub fn title(self) -> String {
        let (first, rest) = self.phrase().split_at(1);
        first.to_ascii_uppercase() + rest
    }
}

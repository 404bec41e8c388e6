//! A message of the provider before it goes out.
//!
//! Endpoints build it honest; overlays and quirks may change it at the gate;
//! then it is signed and sent as it stands. Comparable, so that the gate
//! knows what really changed.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::jose::Algorithm;

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

/// A message that may still change.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Which message it is.
    pub message: Message,
    /// Metadata, claims, parameters or body members.
    pub members: Map<String, Value>,
    /// How it is signed, if it is a JWT.
    pub jose: Jose,
    /// How it travels, if it is an answer of its own.
    pub transport: Transport,
}

/// How a JWT is signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Jose {
    /// The header, as it will stand there.
    pub header: Map<String, Value>,
    /// The algorithm that is really used.
    pub algorithm: Algorithm,
    /// What becomes of the signature.
    pub seal: Seal,
    /// The key of an HMAC where it is not the client secret.
    pub secret: Option<Vec<u8>>,
    /// How the parts are written.
    pub form: Form,
    /// Members that are written before the others even where one of the same
    /// name follows: each a name and a value, as JSON text.
    pub ahead: Vec<String>,
    /// The same, written after the others.
    pub behind: Vec<String>,
    /// Signed instead of all members, byte for byte.
    pub payload: Option<String>,
}

/// What becomes of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// As it should be.
    Intact,
    /// Changed after signing.
    Tampered,
    /// Made with a key that is not in the JWKS.
    Stranger,
    /// Made with the key that left the JWKS at the last rotation.
    Former,
    /// Left out.
    Absent,
}

/// How the parts of a JWT are written (RFC 7515 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Three parts in base64url.
    #[default]
    Compact,
    /// With `=` at the end of a part where base64 would have it.
    Padded,
    /// With `+` and `/` where base64 would have them.
    StandardAlphabet,
    /// With a line break here and there.
    Broken,
    /// As a JSON object (RFC 7515 §7.2.2).
    Json,
    /// Without the part that holds the signature.
    TwoParts,
    /// With one part too many.
    FourParts,
    /// Encrypted, to a key that the client does not have (RFC 7516 §7.1).
    Encrypted,
}

impl Jose {
    /// Of a message that is not signed.
    fn none() -> Self {
        Self {
            header: Map::new(),
            algorithm: Algorithm::Rs256,
            seal: Seal::Intact,
            secret: None,
            form: Form::Compact,
            ahead: Vec::new(),
            behind: Vec::new(),
            payload: None,
        }
    }

    /// An honest header.
    pub fn honest(algorithm: Algorithm, kid: Option<&str>) -> Self {
        let mut header = Map::new();
        header.insert("alg".into(), algorithm.name().into());
        header.insert("typ".into(), "JWT".into());
        if let Some(kid) = kid {
            header.insert("kid".into(), kid.into());
        }
        Self { header, algorithm, ..Self::none() }
    }
}

/// How an HTTP answer travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// Status code.
    pub status: u16,
    /// Content type.
    pub content_type: Cow<'static, str>,
    /// Sent instead of the members.
    pub body: Option<String>,
    /// A `Location` header.
    pub location: Option<String>,
    /// More headers; each replaces the honest one of its name.
    pub headers: Vec<(&'static str, String)>,
    /// How the body is packed.
    pub encoding: Encoding,
    /// How an authorization response reaches the redirect URI.
    pub delivery: Delivery,
    /// How long the answer waits.
    pub delay: Duration,
    /// What becomes of the connection.
    pub fate: Fate,
}

/// How a body is packed (RFC 9110 §8.4, RFC 9112 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As it is, its length told beforehand.
    #[default]
    Identity,
    /// Compressed.
    Gzip,
    /// In chunks, its length not told.
    Chunked,
}

/// How an authorization response reaches the redirect URI (OAuth 2.0
/// Multiple Response Types §2.1, OAuth 2.0 Form Post §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// In the query.
    #[default]
    Query,
    /// In the fragment, which no server sees.
    Fragment,
    /// By a page whose form posts itself.
    FormPost,
}

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fate {
    /// The answer arrives.
    #[default]
    Whole,
    /// It breaks off in the middle.
    Cut,
    /// It never comes; the connection stays open.
    Hanging,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            status: 200,
            content_type: "application/json".into(),
            body: None,
            location: None,
            headers: Vec::new(),
            encoding: Encoding::Identity,
            delivery: Delivery::Query,
            delay: Duration::ZERO,
            fate: Fate::Whole,
        }
    }
}

impl Draft {
    /// An unsigned message.
    pub fn new(message: Message, members: Map<String, Value>) -> Self {
        Self { message, members, jose: Jose::none(), transport: Transport::default() }
    }

    /// A JWT.
    pub fn signed(message: Message, claims: Map<String, Value>, jose: Jose) -> Self {
        Self { jose, ..Self::new(message, claims) }
    }
}

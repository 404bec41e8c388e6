//! What the token request says, and what makes its answer good (RFC 6749
//! §4.1.3, §5.1).

use serde_json::Value;

use super::declaration::rules;
use super::mobile_override::{Override, mobile_override};
use crate::reference::state::text;
use crate::relying_party::{ClientIdentity, Credentials, MemberType, Tokens, credentials};

rules! {
    /// What the token request says.
    TokenRequestRules {
        /// Whether the redirect URI is remembered from the authorization
        /// request.
        redirect_remembered: bool = true;
        /// The redirect URI of the token request.
        redirect_uri: fn(&str, Override<'_>) -> String = mobile_override;
        /// The redirect URI in a callback URL.
        without_response: fn(&str) -> String = |url| url.split(['?', '#']).next().unwrap_or_default().to_owned();
        /// The mobile override when an account is linked.
        override_at_link: for<'a> fn(Override<'a>) -> Override<'a> = |setting| setting;
        /// Whether id, secret and authentication method of the first sign-in at
        /// a provider stay in use.
        client_kept: bool = false;
        /// Whether the verifier goes to the token endpoint.
        verifier_sent: bool = true;
        /// Whether the client sends its secret in the header.
        basic: fn(&Value) -> bool = |settings| text(settings, "tokenEndpointAuthMethod") == "client_secret_basic";
        /// How the client says who it is.
        credentials: fn(ClientIdentity<'_>) -> Credentials = credentials;
        /// How the client says it once more where the token endpoint refuses,
        /// if it does.
        credentials_again: Option<fn(ClientIdentity<'_>) -> Credentials> = None;
    }
}

rules! {
    /// What makes an answer of the token endpoint good.
    TokenResponseRules {
        /// Whether an answer of this status counts.
        status: fn(u16) -> bool = |status| status == 200;
        /// Whether an answer of this content type counts.
        content_type: fn(&str) -> bool = |_| true;
        /// The access token, if it is one.
        access_token: fn(&Tokens) -> Option<&str> =
            |tokens| tokens.text("access_token").filter(|_| tokens.access_token == MemberType::Text);
        /// Whether the token type is one that the server knows how to use.
        kind: fn(&Tokens) -> bool = |tokens| tokens.is_bearer;
    }
}

//! What the token request says, and what makes its answer good (RFC 6749
//! §4.1.3, §5.1).

use serde_json::Value;

use super::declaration::rules;
use crate::reference::message::{ClientIdentity, Credentials, Override, credentials, mobile_override};
use crate::reference::state::text;

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
        /// Whether the request goes on to where the token endpoint sends it.
        redirect_followed: bool = false;
        /// Whether an answer of this status counts.
        status: fn(u16) -> bool = |status| status == 200;
        /// Whether an answer of this content type counts.
        content_type: fn(&str) -> bool = |_| true;
        /// The access token, if it is one.
        access_token: fn(Option<&Value>) -> Option<String> =
            |token| token.and_then(Value::as_str).filter(|token| !token.is_empty()).map(ToOwned::to_owned);
        /// Whether the token type is one that the server knows how to use.
        kind: fn(Option<&str>) -> bool = |kind| kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    }
}

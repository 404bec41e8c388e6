//! What the authorization request says, and what is made of a callback (RFC
//! 6749 §4.1.1, §4.1.2; RFC 9207).

use serde_json::Value;
use url::Url;

use super::declaration::rules;
use super::mobile_override::{Override, mobile_override};
use crate::reference::reply::Refusal;
use crate::reference::state::text;
use crate::relying_party::{AuthorizationResponse, Comparison, Metadata};

rules! {
    /// What the authorization request says.
    AuthorizationRules {
        /// The redirect URI that was given, if that is one.
        given_redirect_uri: fn(Option<&str>) -> Option<&str> = |uri| uri;
        /// The redirect URI of the authorization request.
        redirect_uri: fn(&str, Override<'_>) -> String = mobile_override;
        /// The scope that is asked for.
        scope: fn(&str) -> String = ToOwned::to_owned;
        /// What else the authorization request says.
        parameters: fn(&Value) -> Vec<(&'static str, String)> = |settings| match text(settings, "prompt") {
            "" => Vec::new(),
            prompt => vec![("prompt", prompt.to_owned())],
        };
        /// Whether PKCE is used.
        pkce: fn(&Metadata) -> bool =
            |metadata| metadata.list("code_challenge_methods_supported").any(|method| method == "S256");
        /// Whether a challenge is sent where PKCE is not used.
        challenge_unasked: bool = false;
        /// Whether a nonce ties the code to the browser, given whether PKCE
        /// does.
        nonce: fn(bool) -> bool = |pkce| !pkce;
        /// How many letters a code verifier has.
        verifier_length: usize = 43;
        /// The state of a sign-in, from random bytes.
        state_made: fn(String) -> String = |random| random;
        /// How a state goes to the provider.
        state_sent: fn(&str) -> String = ToOwned::to_owned;
        /// Whether each sign-in gets a state of its own, whatever an earlier
        /// one left behind.
        state_renewed: bool = true;
        /// How long state and verifier stay in the browser, in seconds.
        state_lifetime: u32 = 600;
        /// Whether state and verifier are taken back after a sign-in.
        state_cleared: bool = true;
        /// The answer that starts a sign-in, given its verifier.
        answer: fn(Value, &str) -> Value = |answer, _| answer;
        /// Where the mobile redirect leads.
        mobile_redirect: fn(&str) -> String = |query| format!("app.immich:///oauth-callback?{query}");
        /// Whether a page with a link leads there in place of a redirect.
        mobile_page: bool = false;
    }
}

rules! {
    /// What is made of a callback.
    ResponseRules {
        /// What is wrong with the address that a callback brings.
        address: fn(Option<&str>) -> Option<&'static str> = |url| match url {
            None => Some("[url] Invalid input: expected string, received undefined"),
            Some("") => Some("[url] Too small: expected string to have >=1 characters"),
            Some(_) => None,
        };
        /// A state or verifier that was given, if that is one.
        given: fn(Option<String>) -> Option<String> = |text| text.filter(|text| !text.is_empty());
        /// The parameters of the callback URL.
        parameters: fn(&Url) -> Vec<(String, String)> = |url| url.query_pairs().into_owned().collect();
        /// Whether a parameter that comes twice ends the callback.
        repeated_refused: bool = true;
        /// Whether the `iss` is right (RFC 9207 §2.4).
        issuer: fn(&AuthorizationResponse, &Metadata) -> bool = |response, _| match response.issuer {
            Comparison::Missing => !response.is_issuer_promised,
            issuer => issuer == Comparison::AsExpected,
        };
        /// Whether the state that came back is the one that was sent, given
        /// that.
        state: fn(&AuthorizationResponse, &str) -> bool = |response, _| response.state == Comparison::AsExpected;
        /// Whether the provider is the one to which the sign-in went, given the
        /// issuer of that one (RFC 9700 §4.4.2).
        same_provider: fn(&str, &Metadata) -> bool = |began, metadata| metadata.text("issuer") == began;
        /// Whether an `error` ends the callback.
        error_ends: bool = true;
        /// What is said of it. A refusal of the end-user is not a failure of
        /// the server.
        refusal: fn() -> Refusal = || Refusal::bad("OAuth authentication failed");
        /// The code that goes to the token endpoint, given the one that came.
        code: fn(&str) -> String = ToOwned::to_owned;
        /// The tokens that are believed, by name.
        front_channel: &'static [&'static str] = &[];
    }
}

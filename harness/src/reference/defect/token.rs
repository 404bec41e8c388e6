//! Bugs in exchanging a code.

use serde_json::Value;

use super::family::family;
use super::mistaken_flow;
use crate::reference::message::{ClientIdentity, credentials, mobile_override};

family! {
    "verifier-not-sent", "The verifier is kept back (as in Immich 1.132 to 1.134).",
        |rules| rules.token_request.verifier_sent = false;
    "override-forgotten-at-token", "The mobile override is forgotten at the token request.",
        |rules| rules.token_request.redirect_uri = |uri, _| uri.to_owned();
    "always-post", "The client secret is always sent in the body.", |rules| rules.token_request.basic = |_| false;
    "always-basic", "The client secret is always sent in the header.", |rules| rules.token_request.basic = |_| true;
    "token-type-ignored", "Any token type is taken for a bearer token.", |rules| rules.token_response.kind = |_| true;
    "token-type-case", "`bearer` in lower case is not known.", |rules| rules.token_response.kind = |kind| kind == Some("Bearer");
    "redirect-uri-recomputed", "The redirect URI of the token request is made up from the callback (Immich from 1.132).",
        |rules| rules.token_request.redirect_remembered = false;
    "redirect-uri-of-the-sign-in-page", "The token request names the sign-in page, wherever the code was sent.",
        |rules| rules.token_request.redirect_uri = |uri, setting| {
            mobile_override(uri, setting).replace("/user-settings", "/auth/login")
        };
    "code-decoded-twice", "The code is decoded once too often.", |rules| rules.response.code = mistaken_flow::decoded_again;
    "code-cut-off", "Codes are kept in 255 characters.", |rules| rules.response.code = |code| code.chars().take(255).collect();
    "redirect-uri-keeps-parameters", "The redirect URI of the token request keeps parameters of the callback that nobody knows.",
        |rules| {
            rules.token_request.redirect_remembered = false;
            rules.token_request.without_response = mistaken_flow::without_known_parameters;
        };
    "secret-in-the-address", "The client secret stands in the address of the authorization request.",
        |rules| rules.authorization.parameters = mistaken_flow::secret_for_everybody;
    "secret-in-both-ways", "The client secret is sent in the header and in the body.",
        |rules| rules.token_request.credentials = mistaken_flow::in_both_ways;
    "client-authentication-tried-out", "Where the token endpoint refuses, the secret is sent once more in the other way (as Go's oauth2).",
        |rules| rules.token_request.credentials_again = Some(|client| credentials(ClientIdentity { basic: !client.basic, ..client }));
    "secret-not-encoded", "The client secret is put into the header as it is.",
        |rules| rules.token_request.credentials = mistaken_flow::not_encoded;
    "empty-secret-sent", "A public client sends an empty secret.",
        |rules| rules.token_request.credentials = mistaken_flow::with_empty_secret;
    "token-redirect-followed", "Code and secret go where the token endpoint sends them.",
        |rules| rules.token_response.redirect_followed = true;
    "token-status-ignored", "The status of a token response is not looked at.", |rules| rules.token_response.status = |_| true;
    "token-content-type-exact", "A token response must be `application/json` in this very spelling.",
        |rules| rules.token_response.content_type = |kind| kind == "application/json";
    "access-token-optional", "A token response without an access token is enough.",
        |rules| rules.token_response.access_token = |token| Some(token.and_then(Value::as_str).unwrap_or_default().to_owned());
}

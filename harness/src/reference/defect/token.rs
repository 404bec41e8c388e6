//! Bugs in exchanging a code.

use super::family::family;
use super::mistaken_flow;
use crate::reference::rules::{Purpose, mobile_override};
use crate::relying_party::{ClientIdentity, credentials};

family! {
    "verifier-not-sent", "Does not send the code verifier (as Immich 1.132 to 1.134).",
        |rules| rules.token_request.verifier_sent = false;
    "override-forgotten-at-token", "Forgets the mobile override in the token request.",
        |rules| rules.token_request.redirect_uri = |uri, _| uri.to_owned();
    "always-post", "Always sends the client secret in the body.", |rules| rules.token_request.basic = |_| false;
    "always-basic", "Always sends the client secret in the header.", |rules| rules.token_request.basic = |_| true;
    "token-type-ignored", "Accepts any token type as a bearer token.", |rules| rules.token_response.kind = |_| true;
    "token-type-case", "Refuses `bearer` in lower case.", |rules| rules.token_response.kind = |tokens| tokens.text("token_type") == Some("Bearer");
    "redirect-uri-recomputed", "Derives the redirect URI of the token request from the callback (Immich from 1.132).",
        |rules| rules.token_request.redirect_remembered = false;
    "redirect-uri-of-the-sign-in-page", "Names the sign-in page in the token request, whatever the redirect URI was.",
        |rules| rules.token_request.redirect_uri = |uri, setting| {
            mobile_override(uri, setting).replace("/user-settings", "/auth/login")
        };
    "code-decoded-twice", "Decodes the code twice.", |rules| rules.response.code = mistaken_flow::decoded_again;
    "code-cut-off", "Truncates codes to 255 characters.", |rules| rules.response.code = |code| code.chars().take(255).collect();
    "redirect-uri-keeps-parameters", "Keeps unknown parameters of the callback in the redirect URI of the token \
                                      request.",
        |rules| {
            rules.token_request.redirect_remembered = false;
            rules.token_request.without_response = mistaken_flow::without_known_parameters;
        };
    "secret-in-the-address", "Puts the client secret into the address of the authorization request.",
        |rules| rules.authorization.parameters = mistaken_flow::secret_for_everybody;
    "secret-in-both-ways", "Sends the client secret in the header and in the body.",
        |rules| rules.token_request.credentials = mistaken_flow::in_both_ways;
    "client-authentication-tried-out", "Sends the secret again in the other way if the token endpoint refuses (as \
                                        Go's oauth2 does).",
        |rules| rules.token_request.credentials_again = Some(|client| credentials(ClientIdentity { basic: !client.basic, ..client }));
    "secret-not-encoded", "Does not encode the client secret in the header.",
        |rules| rules.token_request.credentials = mistaken_flow::not_encoded;
    "empty-secret-sent", "Sends an empty secret for a public client.",
        |rules| rules.token_request.credentials = mistaken_flow::with_empty_secret;
    "token-redirect-followed", "Follows a redirect of the token endpoint with code and secret.",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::Token);
    "token-status-ignored", "Ignores the status of the token response.", |rules| rules.token_response.status = |_| true;
    "token-content-type-exact", "Accepts a token response only as `application/json` in this exact spelling.",
        |rules| rules.token_response.content_type = |kind| kind == "application/json";
    "access-token-optional", "Accepts a token response without an access token.",
        |rules| rules.token_response.access_token = |tokens| Some(tokens.text("access_token").unwrap_or_default());
}

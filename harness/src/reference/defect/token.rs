//! Bugs in exchanging a code.

use super::family::family;
use super::mistaken_flow;
use crate::reference::rules::{Purpose, mobile_override};
use crate::relying_party::{ClientIdentity, credentials};

family! {
    "client-kept", "Keeps using the client ID, client secret and authentication method of the first sign-in, even \
                    after the settings change, until it restarts.",
        |rules| rules.token_request.client_kept = true;
    "verifier-not-sent", "Does not send the code verifier in the token request (as Immich 1.132 to 1.134).",
        |rules| rules.token_request.verifier_sent = false;
    "override-forgotten-at-token", "Ignores the mobile redirect override in the token request.",
        |rules| rules.token_request.redirect_uri = |uri, _| uri.to_owned();
    "always-post", "Sends the client secret in the body of the token request, even if `oauth.tokenEndpointAuthMethod` \
                    is `client_secret_basic`.",
        |rules| rules.token_request.basic = |_| false;
    "always-basic", "Sends the client secret in the `Authorization` header of the token request, even if \
                     `oauth.tokenEndpointAuthMethod` is `client_secret_post`.",
        |rules| rules.token_request.basic = |_| true;
    "token-type-ignored", "Accepts any `token_type` and uses the access token as a bearer token.",
        |rules| rules.token_response.kind = |_| true;
    "token-type-case", "Refuses a token response whose `token_type` is `bearer` in lower case.",
        |rules| rules.token_response.kind = |tokens| tokens.text("token_type") == Some("Bearer");
    "redirect-uri-recomputed", "Takes the redirect URI for the token request from the callback URL, not from the \
                                authorization request (Immich from 1.132).",
        |rules| rules.token_request.redirect_remembered = false;
    "redirect-uri-of-the-sign-in-page", "Sends the redirect URI of the sign-in page in the token request, even if the \
                                         sign-in started on the settings page.",
        |rules| rules.token_request.redirect_uri = |uri, setting| {
            mobile_override(uri, setting).replace("/user-settings", "/auth/login")
        };
    "code-decoded-twice", "URL-decodes the code in the callback twice.",
        |rules| rules.response.code = mistaken_flow::decoded_again;
    "code-cut-off", "Truncates the code in the callback to 255 characters.",
        |rules| rules.response.code = |code| code.chars().take(255).collect();
    "redirect-uri-keeps-parameters", "Takes the redirect URI for the token request from the callback URL, and does not \
                                      remove unknown parameters from it.",
        |rules| {
            rules.token_request.redirect_remembered = false;
            rules.token_request.without_response = mistaken_flow::without_known_parameters;
        };
    "secret-in-the-address", "Puts the client secret into the URL of the authorization request.",
        |rules| rules.authorization.parameters = mistaken_flow::secret_in_parameter;
    "secret-in-both-ways", "Sends the client secret twice in the token request: in the `Authorization` header and in \
                            the body.",
        |rules| rules.token_request.credentials = mistaken_flow::in_both_ways;
    "client-authentication-tried-out", "Sends the client secret again, with the other authentication method, if the \
                                        token endpoint refuses it (as Go's oauth2 does).",
        |rules| rules.token_request.credentials_again = Some(|client| credentials(ClientIdentity { basic: !client.basic, ..client }));
    "secret-not-encoded", "Does not URL-encode special characters of the client secret in the `Authorization` header.",
        |rules| rules.token_request.credentials = mistaken_flow::not_encoded;
    "empty-secret-sent", "Sends an empty `client_secret` for a public client, which has none.",
        |rules| rules.token_request.credentials = mistaken_flow::with_empty_secret;
    "token-redirect-followed", "Follows a redirect from the token endpoint, and so sends the code and the client \
                                secret to another URL.",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::Token);
    "token-status-ignored", "Accepts a token response with any HTTP status, even an error.",
        |rules| rules.token_response.status = |_| true;
    "token-content-type-exact", "Accepts a token response only if its `Content-Type` is exactly `application/json`, \
                                 without a charset.",
        |rules| rules.token_response.content_type = |kind| kind == "application/json";
    "access-token-optional", "Accepts a token response without an access token.",
        |rules| rules.token_response.access_token = |tokens| Some(tokens.text("access_token").unwrap_or_default());
}

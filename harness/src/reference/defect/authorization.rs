//! Bugs in asking for authorization, and in reading what comes of it.

use super::family::family;
use super::mistaken_flow;
use crate::reference::reply::Refusal;
use crate::reference::rules::{COOKIE_LIFETIME, Override, mobile_override};
use crate::relying_party::Comparison;

family! {
    "state-ignored", "Accepts any `state` in the callback (Immich up to 1.131).",
        |rules| rules.response.state = |_, _| true;
    "response-issuer-ignored", "Accepts a callback with any `iss`.", |rules| rules.response.issuer = |_, _| true;
    "provider-of-the-moment", "Sends the code to the provider that is configured now, even if the sign-in started at \
                               another one.",
        |rules| rules.response.same_provider = |_, _| true;
    "error-response-ignored", "Ignores `error` in the callback, and redeems the code if the callback has one.",
        |rules| rules.response.error_ends = false;
    "error-response-as-failure", "Answers 500 if the end-user refuses the sign-in at the provider (all versions of \
                                  Immich).",
        |rules| rules.response.refusal = Refusal::failed;
    "callback-while-disabled", "Accepts a callback while OAuth is off (Immich 1.118 to 2.6.0).",
        |rules| rules.settings.enabled = |_| true;
    "authorize-while-disabled", "Starts a sign-in and accepts its callback while OAuth is off.", |rules| {
        rules.settings.enabled_at_authorize = |_| true;
        rules.settings.enabled = |_| true;
    };
    "started-while-disabled", "Starts a sign-in while OAuth is off, and refuses it only at the callback.",
        |rules| rules.settings.enabled_at_authorize = |_| true;
    "verifier-revealed", "Puts the code verifier into the response that starts a sign-in, where scripts can read it.",
        |rules| rules.authorization.answer = |mut answer, verifier| {
            answer["codeVerifier"] = verifier.into();
            answer
        };
    "openid-added", "Requests the scope `openid` even if `oauth.scope` does not list it.",
        |rules| rules.authorization.scope = |scope| {
            let has_openid = scope.split(' ').any(|one| one == "openid");
            if has_openid { scope.to_owned() } else { format!("openid {scope}") }
        };
    "empty-state-unchecked", "Accepts any `state` in the callback if the `state` that the browser stored is empty.",
        |rules| {
            rules.response.given = |text| text;
            rules.response.state = |response, sent| sent.is_empty() || response.state == Comparison::AsExpected;
        };
    "redirect-uri-of-its-own-pages", "Accepts only redirect URIs of its own pages and of the mobile app.",
        |rules| rules.authorization.given_redirect_uri = |uri| {
            uri.filter(|uri| uri.starts_with("app.") || ["/auth/login", "/user-settings"].iter().any(|page| uri.contains(page)))
        };
    "pkce-any-method", "Uses PKCE with `S256` even if the provider's list of PKCE methods does not have `S256`.",
        |rules| rules.authorization.pkce = |metadata| metadata.0.contains_key("code_challenge_methods_supported");
    "pkce-never", "Sends neither a PKCE challenge nor a `nonce` (Immich up to 1.131).", |rules| {
        rules.authorization.pkce = |_| false;
        rules.authorization.nonce = |_| false;
    };
    "pkce-always", "Uses PKCE even if the provider does not advertise it.", |rules| rules.authorization.pkce = |_| true;
    "challenge-without-verifier", "If the provider does not advertise PKCE, sends a code challenge, but later no code \
                                   verifier (Immich 1.132 to 1.134).",
        |rules| rules.authorization.challenge_unasked = true;
    "scope-fixed", "Always requests the scopes `openid email profile`, even if `oauth.scope` has others.",
        |rules| rules.authorization.scope = |_| "openid email profile".to_owned();
    "redirect-uri-over-http", "Changes `https:` in the redirect URI to `http:`, so sign-in fails behind a TLS proxy.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            mobile_override(uri, setting).replacen("https://", "http://", 1)
        };
    "override-forgotten-at-authorize", "Ignores the mobile redirect override in the authorization request (Immich \
                                        1.118.0).",
        |rules| rules.authorization.redirect_uri = |uri, _| uri.to_owned();
    "override-always", "Applies the mobile redirect override even if `oauth.mobileOverrideEnabled` is off.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            mobile_override(uri, Override { enabled: true, ..setting })
        };
    "override-by-nothing", "Sends an empty redirect URI if the mobile redirect override is on but has no URI.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            if setting.enabled && setting.uri.is_empty() { String::new() } else { mobile_override(uri, setting) }
        };
    "override-one-spelling", "Applies the mobile redirect override only to URIs that begin with `app.immich:///` \
                              (Immich 1.113 to 1.117).",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            if uri.starts_with("app.immich:///") { mobile_override(uri, setting) } else { uri.to_owned() }
        };
    "override-anywhere", "Replaces the app's redirect URI even where it is only a part of another URI (all versions of \
                          Immich).",
        |rules| {
            rules.authorization.redirect_uri = mistaken_flow::override_anywhere;
            rules.token_request.redirect_uri = mistaken_flow::override_anywhere;
        };
    "state-kept", "Does not clear the cookies with `state` and code verifier after a sign-in.",
        |rules| rules.authorization.state_cleared = false;
    "state-for-a-year", "Stores `state` and code verifier in cookies that last 400 days (Immich from 1.132).",
        |rules| rules.authorization.state_lifetime = COOKIE_LIFETIME;
    "redirect-uri-optional", "Starts a sign-in even if the request has no `redirectUri`.",
        |rules| rules.authorization.given_redirect_uri = |uri| Some(uri.unwrap_or_default());
    "address-unchecked", "Answers 500 instead of 400 to a callback request without a `url`.",
        |rules| rules.response.address = |_| None;
    "empty-state-counts", "Accepts an empty `state` or an empty code verifier in a callback.", |rules| {
            rules.response.given = |text| text;
            rules.response.state = |response, sent| response.first("state").unwrap_or_default() == sent;
        };
    "state-constant", "Uses the same `state` for every sign-in.",
        |rules| rules.authorization.state_made = |_| "immich".to_owned();
    "state-encoded-twice", "URL-encodes the `state` twice in the authorization request.",
        |rules| rules.authorization.state_sent = mistaken_flow::encoded_once_more;
    "verifier-short", "Uses a code verifier of 20 characters, although PKCE requires at least 43.",
        |rules| rules.authorization.verifier_length = 20;
    "state-optional", "Accepts a callback even if the browser stored no `state` and no code verifier (Immich up to \
                       1.131).",
        |rules| {
            rules.response.given = |text| Some(text.unwrap_or_default());
            rules.response.state = |_, _| true;
        };
    "mobile-redirect-drops-query", "Drops the query, which has the code, when it redirects a callback to the app.",
        |rules| rules.authorization.mobile_redirect = |_| "app.immich:///oauth-callback?".to_owned();
    "state-not-renewed", "When a new sign-in starts, leaves the `state` of an earlier sign-in in the browser.",
        |rules| rules.authorization.state_renewed = false;
    "state-in-any-case", "Ignores case when it compares `state`.",
        |rules| rules.response.state = |response, sent| {
            response.first("state").unwrap_or_default().eq_ignore_ascii_case(sent)
        };
    "repeated-parameter-accepted", "Uses the first value of a parameter that the callback has twice, instead of \
                                    refusing the callback.",
        |rules| rules.response.repeated_refused = false;
    "fragment-read", "Also reads parameters from the fragment of the callback URL.",
        |rules| rules.response.parameters = mistaken_flow::query_and_fragment;
    "callback-token-believed", "Uses an access token from the callback URL instead of the one from the token endpoint.",
        |rules| rules.response.front_channel = &["access_token"];
    "front-channel-id-token-believed", "Uses an ID token from the callback URL instead of the one from the token \
                                        endpoint.",
        |rules| rules.response.front_channel = &["id_token"];
    "response-issuer-slash", "Ignores a slash at the end when it compares `iss` of the callback with the issuer.",
        |rules| rules.response.issuer = mistaken_flow::issuer_without_slash;
    "unpromised-issuer-ignored", "Checks `iss` in the callback only if the discovery document promises it.",
        |rules| rules.response.issuer = mistaken_flow::promised_issuer_only;
    "unpromised-issuer-refused", "Refuses a callback with `iss` if the discovery document does not promise it.",
        |rules| rules.response.issuer = mistaken_flow::no_unpromised_issuer;
    "nonce-never", "Sends no `nonce` even if it does not use PKCE, so the code is not bound to the browser (all \
                    versions of Immich).",
        |rules| rules.authorization.nonce = |_| false;
    "redirect-uri-encoded-twice", "URL-encodes the redirect URI twice (as some clients of Immich do).",
        |rules| rules.authorization.redirect_uri = mistaken_flow::encoded_already;
    "prompt-ignored", "Ignores the setting `oauth.prompt`.", |rules| rules.authorization.parameters = |_| Vec::new();
    "mobile-redirect-stops-at-question-mark", "Drops everything after a second question mark when it redirects a \
                                               callback to the app (all versions of Immich).",
        |rules| rules.authorization.mobile_redirect = mistaken_flow::up_to_a_question_mark;
}

//! Bugs in asking for authorization, and in reading what comes of it.

use super::family::family;
use super::mistaken_flow;
use crate::reference::reply::Refusal;
use crate::reference::rules::{COOKIE_LIFETIME, Override, mobile_override};
use crate::relying_party::Comparison;

family! {
    "state-ignored", "Compares the state with itself (Immich up to 1.131).", |rules| rules.response.state = |_, _| true;
    "response-issuer-ignored", "Ignores `iss` of the callback.", |rules| rules.response.issuer = |_, _| true;
    "error-response-ignored", "Ignores an error in the callback.", |rules| rules.response.error_ends = false;
    "error-response-as-failure", "Reports a server error when the end-user refuses at the provider (all versions of \
                                  Immich).",
        |rules| rules.response.refusal = Refusal::failed;
    "callback-while-disabled", "Accepts a callback while OAuth is disabled (Immich 1.118 to 2.6.0).",
        |rules| rules.settings.enabled = |_| true;
    "authorize-while-disabled", "Starts a sign-in while OAuth is disabled.", |rules| {
        rules.settings.enabled_at_authorize = |_| true;
        rules.settings.enabled = |_| true;
    };
    "started-while-disabled", "Starts a sign-in while OAuth is disabled, and refuses only its callback.",
        |rules| rules.settings.enabled_at_authorize = |_| true;
    "verifier-revealed", "Shows the code verifier to scripts in the answer that starts a sign-in.",
        |rules| rules.authorization.answer = |mut answer, verifier| {
            answer["codeVerifier"] = verifier.into();
            answer
        };
    "openid-added", "Adds `openid` to the configured scopes.", |rules| rules.authorization.scope = |scope| {
        let has_openid = scope.split(' ').any(|one| one == "openid");
        if has_openid { scope.to_owned() } else { format!("openid {scope}") }
    };
    "empty-state-unchecked", "Does not compare the state if that of the browser is empty.", |rules| {
        rules.response.given = |text| text;
        rules.response.state = |response, sent| sent.is_empty() || response.state == Comparison::AsExpected;
    };
    "redirect-uri-of-its-own-pages", "Refuses redirect URIs other than those of its own pages and its app.",
        |rules| rules.authorization.given_redirect_uri = |uri| {
            uri.filter(|uri| uri.starts_with("app.") || ["/auth/login", "/user-settings"].iter().any(|page| uri.contains(page)))
        };
    "pkce-any-method", "Uses PKCE with providers that advertise only another method.",
        |rules| rules.authorization.pkce = |metadata| metadata.0.contains_key("code_challenge_methods_supported");
    "pkce-never", "Never uses PKCE or a nonce (Immich up to 1.131).", |rules| {
        rules.authorization.pkce = |_| false;
        rules.authorization.nonce = |_| false;
    };
    "pkce-always", "Uses PKCE with providers that do not advertise it.", |rules| rules.authorization.pkce = |_| true;
    "challenge-without-verifier", "Sends a challenge but no verifier to providers that do not advertise PKCE (Immich \
                                   1.132 to 1.134).",
        |rules| rules.authorization.challenge_unasked = true;
    "scope-fixed", "Ignores the scope setting.", |rules| rules.authorization.scope = |_| "openid email profile".to_owned();
    "override-forgotten-at-authorize", "Forgets the mobile override in the authorization request (Immich 1.118.0).",
        |rules| rules.authorization.redirect_uri = |uri, _| uri.to_owned();
    "override-always", "Uses the mobile override although it is off.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            mobile_override(uri, Override { enabled: true, ..setting })
        };
    "override-by-nothing", "Removes the app's redirect URI if the override has no address.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            if setting.enabled && setting.uri.is_empty() { String::new() } else { mobile_override(uri, setting) }
        };
    "override-one-spelling", "Uses the mobile override only for one spelling of the app's address (Immich 1.113 to \
                              1.117).",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            if uri.starts_with("app.immich:///") { mobile_override(uri, setting) } else { uri.to_owned() }
        };
    "state-kept", "Keeps state and verifier after a sign-in.", |rules| rules.authorization.state_cleared = false;
    "state-for-a-year", "Keeps state and verifier in the browser for 400 days (Immich from 1.132).",
        |rules| rules.authorization.state_lifetime = COOKIE_LIFETIME;
    "redirect-uri-optional", "Starts a sign-in without a redirect URI.",
        |rules| rules.authorization.given_redirect_uri = |uri| Some(uri.unwrap_or_default());
    "address-unchecked", "Does not distinguish a callback without an address from a broken one.",
        |rules| rules.response.address = |_| None;
    "empty-state-counts", "Accepts an empty state or verifier.", |rules| {
            rules.response.given = |text| text;
            rules.response.state = |response, sent| response.first("state").unwrap_or_default() == sent;
        };
    "state-constant", "Uses the same state for every sign-in.", |rules| rules.authorization.state_made = |_| "immich".to_owned();
    "state-encoded-twice", "Encodes the state twice on its way to the provider.",
        |rules| rules.authorization.state_sent = mistaken_flow::encoded_once_more;
    "verifier-short", "Uses a code verifier of 20 characters.", |rules| rules.authorization.verifier_length = 20;
    "state-optional", "Accepts a callback without stored state and verifier, with those in the request (Immich up to \
                       1.131).",
        |rules| {
            rules.response.given = |text| Some(text.unwrap_or_default());
            rules.response.state = |_, _| true;
        };
    "mobile-redirect-drops-query", "Drops the query in the mobile redirect.",
        |rules| rules.authorization.mobile_redirect = |_| "app.immich:///oauth-callback?".to_owned();
    "state-not-renewed", "Keeps the state of an earlier sign-in in the browser.",
        |rules| rules.authorization.state_renewed = false;
    "state-in-any-case", "Compares the state without regard to case.",
        |rules| rules.response.state = |response, sent| {
            response.first("state").unwrap_or_default().eq_ignore_ascii_case(sent)
        };
    "repeated-parameter-accepted", "Uses the first of a repeated parameter.",
        |rules| rules.response.repeated_refused = false;
    "fragment-read", "Also reads parameters of the callback from the fragment.",
        |rules| rules.response.parameters = mistaken_flow::query_and_fragment;
    "callback-token-believed", "Uses an access token from the callback.", |rules| rules.response.front_channel = &["access_token"];
    "front-channel-id-token-believed", "Uses an ID token from the callback instead of the one for the code.",
        |rules| rules.response.front_channel = &["id_token"];
    "response-issuer-slash", "Accepts an extra slash at the end of `iss` in the callback.",
        |rules| rules.response.issuer = mistaken_flow::issuer_without_slash;
    "unpromised-issuer-ignored", "Checks `iss` of the callback only if the discovery document promises it.",
        |rules| rules.response.issuer = mistaken_flow::promised_issuer_only;
    "unpromised-issuer-refused", "Refuses a callback with an `iss` that the discovery document does not promise.",
        |rules| rules.response.issuer = mistaken_flow::no_unpromised_issuer;
    "nonce-never", "Does not bind a code to a browser without PKCE (all versions of Immich).",
        |rules| rules.authorization.nonce = |_| false;
    "redirect-uri-encoded-twice", "Encodes the redirect URI twice (as some clients of Immich do).",
        |rules| rules.authorization.redirect_uri = mistaken_flow::encoded_already;
    "prompt-ignored", "Ignores the prompt setting.", |rules| rules.authorization.parameters = |_| Vec::new();
    "mobile-redirect-stops-at-question-mark", "Drops what follows a second question mark in the mobile redirect (all \
                                               versions of Immich).",
        |rules| rules.authorization.mobile_redirect = mistaken_flow::up_to_a_question_mark;
}

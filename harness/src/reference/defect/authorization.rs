//! Bugs in asking for authorization, and in reading what comes of it.

use super::family::family;
use super::mistaken_flow;
use crate::reference::message::{Override, mobile_override};
use crate::reference::reply::Refusal;
use crate::reference::rules::COOKIE_LIFETIME;

family! {
    "state-ignored", "The state is compared with itself (Immich up to 1.131).", |rules| rules.response.state = |_, _| true;
    "response-issuer-ignored", "The callback's `iss` is not looked at.", |rules| rules.response.issuer = |_, _| true;
    "error-response-ignored", "An error in the callback is not looked at.", |rules| rules.response.error_ends = false;
    "error-response-as-failure", "Whoever says no at the provider is told that the server failed (all versions of Immich).",
        |rules| rules.response.refusal = Refusal::failed;
    "callback-while-disabled", "The callback works while OAuth is disabled (Immich 1.118 to 2.6.0).",
        |rules| rules.settings.enabled = |_| true;
    "authorize-while-disabled", "A sign-in starts while OAuth is disabled.", |rules| {
        rules.settings.enabled_at_authorize = |_| true;
        rules.settings.enabled = |_| true;
    };
    "pkce-any-method", "PKCE is used with providers that advertise another kind of it.",
        |rules| rules.authorization.pkce = |metadata| metadata.0.contains_key("code_challenge_methods_supported");
    "pkce-never", "Neither PKCE nor a nonce is ever used (Immich up to 1.131).", |rules| {
        rules.authorization.pkce = |_| false;
        rules.authorization.nonce = false;
    };
    "pkce-always", "PKCE is used with providers that do not advertise it.", |rules| rules.authorization.pkce = |_| true;
    "challenge-without-verifier", "Providers that do not advertise PKCE get a challenge and no verifier (Immich 1.132 to 1.134).",
        |rules| rules.authorization.challenge_unasked = true;
    "scope-fixed", "The scope setting has no effect.", |rules| rules.authorization.scope = |_| "openid email profile".to_owned();
    "override-forgotten-at-authorize", "The mobile override is forgotten at the authorization request (Immich 1.118.0).",
        |rules| rules.authorization.redirect_uri = |uri, _| uri.to_owned();
    "override-always", "The mobile override acts although it is off.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            mobile_override(uri, Override { enabled: true, ..setting })
        };
    "override-by-nothing", "An override without an address takes the app's redirect URI away.",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            if setting.enabled && setting.uri.is_empty() { String::new() } else { mobile_override(uri, setting) }
        };
    "override-one-spelling", "The mobile override knows only one spelling of the app's address (Immich 1.113 to 1.117).",
        |rules| rules.authorization.redirect_uri = |uri, setting| {
            if uri.starts_with("app.immich:///") { mobile_override(uri, setting) } else { uri.to_owned() }
        };
    "state-kept", "State and verifier stay after a sign-in.", |rules| rules.authorization.state_cleared = false;
    "state-for-a-year", "State and verifier stay in the browser for 400 days (Immich from 1.132).",
        |rules| rules.authorization.state_lifetime = COOKIE_LIFETIME;
    "redirect-uri-optional", "A sign-in is started without a redirect URI.",
        |rules| rules.authorization.given_redirect_uri = |uri| Some(uri.unwrap_or_default());
    "address-unchecked", "A callback without an address is not told from a broken one.",
        |rules| rules.response.address = |_| None;
    "empty-state-counts", "An empty state or verifier is taken for one.", |rules| rules.response.given = |text| text;
    "state-constant", "Every sign-in has the same state.", |rules| rules.authorization.state_made = |_| "immich".to_owned();
    "state-encoded-twice", "The state is encoded once too often on its way to the provider.",
        |rules| rules.authorization.state_sent = mistaken_flow::encoded_once_more;
    "verifier-short", "The code verifier has 20 characters.", |rules| rules.authorization.verifier_length = 20;
    "state-optional", "A callback without state and verifier is let in with those it brings (Immich up to 1.131).",
        |rules| {
            rules.response.given = |text| Some(text.unwrap_or_default());
            rules.response.state = |_, _| true;
        };
    "mobile-redirect-drops-query", "The mobile redirect loses the query.",
        |rules| rules.authorization.mobile_redirect = |_| "app.immich:///oauth-callback?".to_owned();
    "state-not-renewed", "A state that an earlier sign-in left in the browser is not replaced.",
        |rules| rules.authorization.state_renewed = false;
    "state-in-any-case", "The state is compared without case.",
        |rules| rules.response.state = |sent, returned| sent.eq_ignore_ascii_case(returned);
    "repeated-parameter-accepted", "Of a parameter that comes twice the first is taken.",
        |rules| rules.response.repeated_refused = false;
    "fragment-read", "Parameters of the callback are taken from the fragment, too.",
        |rules| rules.response.parameters = mistaken_flow::query_and_fragment;
    "callback-token-believed", "An access token in the callback is used.", |rules| rules.response.front_channel = &["access_token"];
    "front-channel-id-token-believed", "An ID token in the callback is taken in place of the one for the code.",
        |rules| rules.response.front_channel = &["id_token"];
    "response-issuer-slash", "The callback's `iss` may have a slash too much.",
        |rules| rules.response.issuer = mistaken_flow::issuer_without_slash;
    "unpromised-issuer-ignored", "The callback's `iss` is looked at only where it was promised.",
        |rules| rules.response.issuer = mistaken_flow::promised_issuer_only;
    "unpromised-issuer-refused", "A callback with an `iss` that was not promised is refused.",
        |rules| rules.response.issuer = mistaken_flow::no_unpromised_issuer;
    "nonce-never", "Nothing ties a code to a browser where there is no PKCE (all versions of Immich).",
        |rules| rules.authorization.nonce = false;
    "redirect-uri-encoded-twice", "The redirect URI is encoded once too often (as by some clients of Immich).",
        |rules| rules.authorization.redirect_uri = mistaken_flow::encoded_already;
    "prompt-ignored", "The prompt setting has no effect.", |rules| rules.authorization.parameters = |_| Vec::new();
    "mobile-redirect-stops-at-question-mark", "The mobile redirect loses what follows a question mark (all versions of Immich).",
        |rules| rules.authorization.mobile_redirect = mistaken_flow::up_to_a_question_mark;
}

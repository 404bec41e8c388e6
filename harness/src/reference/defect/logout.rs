//! Bugs in signing out, by oneself or by the provider.

use axum::http::StatusCode;

use super::family::family;
use super::mistake;

family! {
    "kind-until-closed", "Sets the cookie `immich_auth_type` without a lifetime, so after a restart of the browser a \
                          sign-out does not reach the provider.",
        |rules| rules.cookies.lifetime = |name, seconds| (name != "immich_auth_type").then_some(seconds);
    "logout-keeps-session", "Does not end the session when the end-user signs out.",
        |rules| rules.sign_out.ends = |_, _| false;
    "logout-forgets-a-route", "Still answers `GET /api/sessions` for a session that has signed out.",
        |rules| rules.sign_out.list_stays = true;
    "logout-ends-all-sessions", "Ends all sessions of all end-users when one end-user signs out.",
        |rules| rules.sign_out.ends = |_, _| true;
    "logout-everywhere", "Ends all sessions of the end-user when the end-user signs out of one.",
        |rules| rules.sign_out.ends = |(_, own), (_, other)| own.account == other.account;
    "logout-keeps-cookies", "Does not clear the cookies of the session at a sign-out.",
        |rules| rules.sign_out.cookies = &[];
    "logout-keeps-some-cookies", "Clears only the cookie `immich_access_token` at a sign-out.",
        |rules| rules.sign_out.cookies = &["immich_access_token"];
    "logout-status", "Ends the session at a sign-out, but answers 500.", |rules| rules.sign_out.status = 500;
    "logout-of-passwords", "Redirects to the provider at every sign-out, even if the end-user signed in by password or \
                            signs out in the app.",
        |rules| rules.sign_out.redirects = |_| true;
    "end-session-guessed", "Redirects to the issuer URL plus `/logout` at a sign-out if the provider has no \
                            end-session endpoint.",
        |rules| rules.sign_out.end_session = |metadata| match metadata.text("end_session_endpoint") {
            "" => format!("{}/logout", metadata.text("issuer").trim_end_matches('/')),
            endpoint => endpoint.to_owned(),
        };
    "end-session-setting-ignored", "Ignores `oauth.endSessionEndpoint`, the setting for the provider's end-session \
                                    endpoint.",
        |rules| rules.sign_out.configured = |_| "";
    "end-session-setting-needs-provider", "Fetches the discovery document at a sign-out even if \
                                           `oauth.endSessionEndpoint` is set.",
        |rules| rules.sign_out.asks_anyway = true;
    "logout-stays", "Does not redirect to the provider at a sign-out.", |rules| rules.sign_out.redirects = |_| false;
    "logout-token-algorithm", "Accepts a logout token with any signing algorithm, even an unsigned one.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.signature = false;
    };
    "logout-token-signature", "Does not verify the signature of a logout token.",
        |rules| rules.logout_token.checks.signature = false;
    "logout-token-issuer", "Accepts a logout token with any `iss`.",
        |rules| rules.logout_token.checks.leave_out("issuer");
    "logout-token-audience", "Accepts a logout token with any `aud`.",
        |rules| rules.logout_token.checks.leave_out("audience");
    "logout-token-events", "Accepts a logout token without the logout event in `events`.",
        |rules| rules.logout_token.checks.leave_out("events");
    "logout-token-nonce", "Accepts a logout token with a `nonce`.",
        |rules| rules.logout_token.checks.leave_out("nonce");
    "logout-token-issued-at", "Accepts a logout token without `iat`.", |rules| rules.logout_token.checks.leave_out("issued-at");
    "logout-token-age", "Accepts a logout token that is too old or has expired.", |rules| {
        rules.logout_token.checks.leave_out("age");
        rules.logout_token.checks.leave_out("expiry");
    };
    "logout-token-expiry", "Accepts an expired logout token if its `iat` is recent.",
        |rules| rules.logout_token.checks.leave_out("expiry");
    "logout-token-without-expiry", "Accepts a logout token without `exp` (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("has-expiry");
    "logout-token-without-id", "Accepts a logout token without `jti` (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("token-id");
    "logout-token-kind", "Accepts a logout token whose `typ` header names another kind of token (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("type");
    "logout-token-plain-type", "Refuses a logout token whose `typ` is `JWT` or missing.",
        |rules| rules.logout_token.checks.add(&mistake::LOGOUT_TYPE_REQUIRED);
    "logout-token-critical", "Accepts a logout token whose `crit` header requires an extension that the server does \
                              not support.",
        |rules| rules.logout_token.checks.leave_out("critical");
    "logout-token-events-contained", "Accepts a logout token whose `events` is not an object, if it contains the name \
                                      of the logout event.",
        |rules| {
            rules.logout_token.checks.leave_out("events");
            rules.logout_token.checks.add(&mistake::LOGOUT_EVENT_CONTAINED);
        };
    "logout-token-names-anything", "Accepts a logout token whose `sub` or `sid` is empty or not a string.", |rules| {
        rules.logout_token.checks.leave_out("names");
    };
    "logout-token-names-either", "Ends a session if either `sub` or `sid` of the logout token matches, even if the \
                                  other one does not.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub == Some(true) || by_sid == Some(true);
    "logout-token-ends-by-subject", "Ends all sessions of the end-user for a logout token with `sub`, even if the \
                                     token also has a `sid`.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub.or(by_sid) == Some(true);
    "logout-token-without-subject", "Accepts a logout token that has neither `sub` nor `sid`, and ends all sessions.",
        |rules| rules.logout_token.names = false;
    "logout-token-ends-all-sessions", "Ends all sessions of all end-users for any valid logout token.",
        |rules| rules.logout_token.means = |_, _| true;
    "logout-token-status", "Ends the sessions that a logout token names, but answers 500.",
        |rules| rules.logout_token.status = StatusCode::INTERNAL_SERVER_ERROR;
    "logout-junk-ends-all", "Ends all sessions if a back-channel logout request has no readable token.",
        |rules| rules.logout_token.junk_ends_all = true;
    "logout-token-of-the-unlinked", "Takes an empty `sub` in a logout token for the subject of all unlinked accounts, \
                                     and ends their sessions.",
        |rules| {
            rules.logout_token.checks.leave_out("names");
            rules.logout_token.ends_all = true;
        };
    "logout-token-only-rs256", "Requires RS256 for logout tokens, even if `oauth.signingAlgorithm` is another \
                                algorithm.",
        |rules| {
            rules.logout_token.checks.leave_out("algorithm");
            rules.logout_token.checks.add(&mistake::LOGOUT_RS256_ONLY);
        };
    "logout-token-wants-session", "Refuses a logout token for an end-user who has no session.",
        |rules| rules.logout_token.wants_session = true;
    "logout-token-unread", "Answers 200 to every logout token without reading the token.",
        |rules| rules.logout_token.unread = Some(StatusCode::OK);
    "logout-token-refused", "Answers 400 to every logout token without reading the token.",
        |rules| rules.logout_token.unread = Some(StatusCode::BAD_REQUEST);
    "logout-token-idle", "Accepts a logout token, but ends no session.", |rules| rules.logout_token.ends = false;
    "logout-needs-provider", "Fails the sign-out while the provider is down (Immich from 1.132).",
        |rules| rules.sign_out.needs_provider = true;
    "logout-without-hint", "Sends no `id_token_hint` to the provider at a sign-out (Immich up to 3.0).",
        |rules| rules.sign_out.hint = |_| None;
    "logout-way-back-over-http", "Sends a `post_logout_redirect_uri` that begins with `http:`, even behind a TLS \
                                  proxy.",
        |rules| rules.sign_out.way_back = |host| Some(format!("http://{host}/auth/login"));
    "logout-answer-cached", "Answers a logout token without `Cache-Control: no-store`, so caches may store the \
                             response (Immich from 3.0).",
        |rules| rules.logout_token.uncached = false;
    "logout-token-while-disabled", "Accepts logout tokens while OAuth is off.",
        |rules| rules.settings.enabled_at_backchannel = |_| true;
    "logout-without-session", "Reports success for a sign-out without a session.", |rules| rules.sign_out.guarded = false;
}

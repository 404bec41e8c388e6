//! Bugs in signing out, by oneself or by the provider.

use axum::http::StatusCode;

use super::family::family;
use super::mistake;

family! {
    "kind-until-closed", "Sets `immich_auth_type` without a lifetime, so a restarted browser does not sign out at the \
                          provider.",
        |rules| rules.cookies.lifetime = |name, seconds| (name != "immich_auth_type").then_some(seconds);
    "logout-keeps-session", "Keeps the session when the end-user signs out.",
        |rules| rules.sign_out.ends = |_, _| false;
    "logout-forgets-a-route", "Still lists the sessions of the account for a session that has signed out.",
        |rules| rules.sign_out.list_stays = true;
    "logout-ends-all-sessions", "Ends all sessions of all end-users when one end-user signs out.",
        |rules| rules.sign_out.ends = |_, _| true;
    "logout-everywhere", "Ends the end-user's other sessions at a sign-out.",
        |rules| rules.sign_out.ends = |(_, own), (_, other)| own.account == other.account;
    "logout-keeps-cookies", "Does not clear the session's cookies at a sign-out.",
        |rules| rules.sign_out.cookies = &[];
    "logout-keeps-some-cookies", "Clears only the cookie with the session's token at a sign-out.",
        |rules| rules.sign_out.cookies = &["immich_access_token"];
    "logout-status", "Ends the session at a sign-out, but answers with an error.", |rules| rules.sign_out.status = 500;
    "logout-of-passwords", "Redirects to the provider at a sign-out even if the end-user signed in by password, or \
                            signs out by token.",
        |rules| rules.sign_out.redirects = |_| true;
    "end-session-guessed", "Appends `/logout` to the issuer to get the end-session endpoint if the provider \
                            advertises none.",
        |rules| rules.sign_out.end_session = |metadata| match metadata.text("end_session_endpoint") {
            "" => format!("{}/logout", metadata.text("issuer").trim_end_matches('/')),
            endpoint => endpoint.to_owned(),
        };
    "end-session-setting-ignored", "Ignores the end-session endpoint in the settings (`oauth.endSessionEndpoint`).",
        |rules| rules.sign_out.configured = |_| "";
    "end-session-setting-needs-provider", "Fetches the discovery document at a sign-out even if \
                                           `oauth.endSessionEndpoint` is set.",
        |rules| rules.sign_out.asks_anyway = true;
    "logout-stays", "Does not redirect to the provider at a sign-out.", |rules| rules.sign_out.redirects = |_| false;
    "logout-token-algorithm", "Accepts a logout token with any signing algorithm.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.signature = false;
    };
    "logout-token-signature", "Does not verify signatures of logout tokens.", |rules| rules.logout_token.checks.signature = false;
    "logout-token-issuer", "Ignores `iss` of the logout token.", |rules| rules.logout_token.checks.leave_out("issuer");
    "logout-token-audience", "Ignores `aud` of the logout token.",
        |rules| rules.logout_token.checks.leave_out("audience");
    "logout-token-events", "Accepts an ID token as a logout token.", |rules| rules.logout_token.checks.leave_out("events");
    "logout-token-nonce", "Accepts a logout token with a `nonce`.",
        |rules| rules.logout_token.checks.leave_out("nonce");
    "logout-token-issued-at", "Accepts a logout token without `iat`.", |rules| rules.logout_token.checks.leave_out("issued-at");
    "logout-token-age", "Accepts a logout token that is old or has expired.", |rules| {
        rules.logout_token.checks.leave_out("age");
        rules.logout_token.checks.leave_out("expiry");
    };
    "logout-token-expiry", "Accepts an expired logout token if its `iat` is recent.",
        |rules| rules.logout_token.checks.leave_out("expiry");
    "logout-token-without-expiry", "Accepts a logout token without `exp` (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("has-expiry");
    "logout-token-without-id", "Accepts a logout token without `jti` (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("token-id");
    "logout-token-kind", "Ignores `typ` in the header of the logout token (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("type");
    "logout-token-plain-type", "Refuses a logout token whose `typ` is `JWT` or missing.",
        |rules| rules.logout_token.checks.add(&mistake::LOGOUT_TYPE_REQUIRED);
    "logout-token-critical", "Ignores `crit` in the header of the logout token.",
        |rules| rules.logout_token.checks.leave_out("critical");
    "logout-token-events-contained", "Accepts a logout token whose `events` is not an object but contains the event's name.", |rules| {
        rules.logout_token.checks.leave_out("events");
        rules.logout_token.checks.add(&mistake::LOGOUT_EVENT_CONTAINED);
    };
    "logout-token-names-anything", "Accepts a logout token whose `sub` or `sid` is empty or not a string.", |rules| {
        rules.logout_token.checks.leave_out("names");
    };
    "logout-token-names-either", "Ends a session if either `sub` or `sid` of the logout token matches.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub == Some(true) || by_sid == Some(true);
    "logout-token-ends-by-subject", "Ignores `sid` of a logout token that also has `sub`.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub.or(by_sid) == Some(true);
    "logout-token-without-subject", "Ends all sessions for a logout token that has neither `sub` nor `sid`.",
        |rules| rules.logout_token.names = false;
    "logout-token-ends-all-sessions", "Ends all sessions of all end-users for any logout token.",
        |rules| rules.logout_token.means = |_, _| true;
    "logout-token-status", "Ends the sessions that a logout token names, but answers with an error.",
        |rules| rules.logout_token.status = StatusCode::INTERNAL_SERVER_ERROR;
    "logout-junk-ends-all", "Ends all sessions for a back-channel logout request without a readable token.",
        |rules| rules.logout_token.junk_ends_all = true;
    "logout-token-of-the-unlinked", "Treats an empty `sub` in a logout token as the subject of all unlinked accounts.", |rules| {
        rules.logout_token.checks.leave_out("names");
        rules.logout_token.ends_all = true;
    };
    "logout-token-only-rs256", "Requires RS256 for logout tokens, whatever `oauth.signingAlgorithm` says.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.add(&mistake::LOGOUT_RS256_ONLY);
    };
    "logout-token-wants-session", "Refuses a logout token for an end-user without a session.",
        |rules| rules.logout_token.wants_session = true;
    "logout-token-unread", "Answers every logout token with success without reading it.",
        |rules| rules.logout_token.unread = Some(StatusCode::OK);
    "logout-token-refused", "Refuses every logout token without reading it.",
        |rules| rules.logout_token.unread = Some(StatusCode::BAD_REQUEST);
    "logout-token-idle", "Accepts a logout token, but ends no session.", |rules| rules.logout_token.ends = false;
    "logout-needs-provider", "Fails the sign-out while the provider is down (Immich from 1.132).",
        |rules| rules.sign_out.needs_provider = true;
    "logout-without-hint", "Sends no `id_token_hint` to the provider at a sign-out (Immich up to 3.0).",
        |rules| rules.sign_out.hint = |_| None;
    "logout-way-back-over-http", "Sends `post_logout_redirect_uri` with the scheme of the connection, which is http \
                                  behind a TLS proxy.",
        |rules| rules.sign_out.way_back = |host| Some(format!("http://{host}/auth/login"));
    "logout-answer-cached", "Allows caches to store the response to a logout token (Immich from 3.0).",
        |rules| rules.logout_token.uncached = false;
    "logout-token-while-disabled", "Accepts logout tokens while OAuth is turned off.",
        |rules| rules.settings.enabled_at_backchannel = |_| true;
    "logout-without-session", "Reports success for a sign-out without a session.", |rules| rules.sign_out.guarded = false;
}

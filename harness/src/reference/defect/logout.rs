//! Bugs in signing out, by oneself or by the provider.

use axum::http::StatusCode;

use super::family::family;
use super::mistake;

family! {
    "logout-keeps-session", "Keeps the session when the user signs out.", |rules| rules.sign_out.ends = |_, _| false;
    "logout-ends-everybody", "Ends all sessions of all users when one user signs out.", |rules| rules.sign_out.ends = |_, _| true;
    "logout-everywhere", "Ends the user's other sessions at a sign-out.",
        |rules| rules.sign_out.ends = |(_, own), (_, other)| own.account == other.account;
    "logout-keeps-cookies", "Leaves the cookies of the session in the browser at a sign-out.",
        |rules| rules.sign_out.cookies = &[];
    "logout-keeps-some-cookies", "Clears only the cookie with the token at a sign-out.",
        |rules| rules.sign_out.cookies = &["immich_access_token"];
    "logout-status", "Ends sessions, but answers the sign-out with an error.", |rules| rules.sign_out.status = 500;
    "logout-of-passwords", "Also redirects users who signed in by password, or sign out by token, to the provider.",
        |rules| rules.sign_out.redirects = |_| true;
    "end-session-guessed", "Guesses an end-session endpoint below the issuer if the provider has none.",
        |rules| rules.sign_out.end_session = |metadata| match metadata.text("end_session_endpoint") {
            "" => format!("{}/logout", metadata.text("issuer").trim_end_matches('/')),
            endpoint => endpoint.to_owned(),
        };
    "end-session-setting-ignored", "Ignores the end-session setting.",
        |rules| rules.sign_out.configured = |_| "";
    "end-session-setting-needs-provider", "Asks the provider although the end-session setting names the endpoint.",
        |rules| rules.sign_out.asks_anyway = true;
    "logout-stays", "Does not redirect to the provider at a sign-out.", |rules| rules.sign_out.redirects = |_| false;
    "logout-token-algorithm", "Accepts any signing algorithm of a logout token.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.signature = false;
    };
    "logout-token-signature", "Does not verify signatures of logout tokens.", |rules| rules.logout_token.checks.signature = false;
    "logout-token-issuer", "Ignores the issuer of the logout token.", |rules| rules.logout_token.checks.leave_out("issuer");
    "logout-token-audience", "Ignores the audience of the logout token.", |rules| rules.logout_token.checks.leave_out("audience");
    "logout-token-events", "Accepts an ID token as a logout token.", |rules| rules.logout_token.checks.leave_out("events");
    "logout-token-nonce", "Accepts a logout token with a nonce.", |rules| rules.logout_token.checks.leave_out("nonce");
    "logout-token-issued-at", "Accepts a logout token without `iat`.", |rules| rules.logout_token.checks.leave_out("issued-at");
    "logout-token-age", "Accepts old logout tokens.", |rules| {
        rules.logout_token.checks.leave_out("age");
        rules.logout_token.checks.leave_out("expiry");
    };
    "logout-token-expiry", "Accepts an expired logout token if its `iat` is recent.",
        |rules| rules.logout_token.checks.leave_out("expiry");
    "logout-token-without-expiry", "Accepts a logout token without `exp` (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("has-expiry");
    "logout-token-without-id", "Accepts a logout token without `jti` (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("token-id");
    "logout-token-kind", "Ignores `typ` of the logout token's header (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("type");
    "logout-token-plain-type", "Refuses a logout token whose `typ` is that of plain JWTs.",
        |rules| rules.logout_token.checks.add(&mistake::LOGOUT_TYPE_REQUIRED);
    "logout-token-critical", "Ignores critical header extensions of a logout token.",
        |rules| rules.logout_token.checks.leave_out("critical");
    "logout-token-events-contained", "Accepts a logout token whose `events` only contains the name of the event.", |rules| {
        rules.logout_token.checks.leave_out("events");
        rules.logout_token.checks.add(&mistake::LOGOUT_EVENT_CONTAINED);
    };
    "logout-token-names-anything", "Accepts a subject that is empty or not text, or skips it.", |rules| {
        rules.logout_token.checks.leave_out("names");
    };
    "logout-token-names-either", "Ends a session if either the subject or the session id matches.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub == Some(true) || by_sid == Some(true);
    "logout-token-ends-by-subject", "Ignores the session id of a logout token that names a subject.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub.or(by_sid) == Some(true);
    "logout-token-for-everybody", "Ends all sessions for a logout token that names no end-user.",
        |rules| rules.logout_token.names = false;
    "logout-token-ends-everybody", "Ends all sessions of all users for any logout token.",
        |rules| rules.logout_token.means = |_, _| true;
    "logout-token-status", "Ends sessions, but answers the logout token with an error.",
        |rules| rules.logout_token.status = StatusCode::INTERNAL_SERVER_ERROR;
    "logout-junk-ends-all", "Ends all sessions for a logout request without a readable token.",
        |rules| rules.logout_token.junk_ends_all = true;
    "logout-token-of-the-unlinked", "Treats an empty subject in a logout token as that of all unlinked users.", |rules| {
        rules.logout_token.checks.leave_out("names");
        rules.logout_token.ends_all = true;
    };
    "logout-token-only-rs256", "Requires RS256 for logout tokens, whatever the setting.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.add(&mistake::LOGOUT_RS256_ONLY);
    };
    "logout-token-wants-session", "Refuses a logout token for an end-user without a session.",
        |rules| rules.logout_token.wants_session = true;
    "logout-token-unread", "Answers every logout token with success, and reads none.",
        |rules| rules.logout_token.unread = Some(StatusCode::OK);
    "logout-token-refused", "Refuses every logout token, and reads none.",
        |rules| rules.logout_token.unread = Some(StatusCode::BAD_REQUEST);
    "logout-token-idle", "Accepts a logout token but ends no session.", |rules| rules.logout_token.ends = false;
    "logout-needs-provider", "Fails to sign out while the provider is down (Immich from 1.132).",
        |rules| rules.sign_out.needs_provider = true;
    "logout-without-hint", "Does not tell the provider who signs out (Immich up to 3.0).",
        |rules| rules.sign_out.hint = |_| None;
    "logout-answer-cached", "Allows caches to store the answer to a logout token (Immich from 3.0).",
        |rules| rules.logout_token.uncached = false;
    "logout-token-while-disabled", "Accepts logout tokens while OAuth is disabled.",
        |rules| rules.settings.enabled_at_backchannel = |_| true;
    "logout-without-session", "Reports success for a sign-out without a session.", |rules| rules.sign_out.guarded = false;
}

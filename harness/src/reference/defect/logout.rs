//! Bugs in signing out, by oneself or by the provider.

use axum::http::StatusCode;

use super::family::family;
use super::mistake;

family! {
    "logout-keeps-session", "Signing out does not end the session.", |rules| rules.sign_out.ends = |_, _| false;
    "logout-ends-everybody", "Signing out ends everybody's sessions.", |rules| rules.sign_out.ends = |_, _| true;
    "logout-everywhere", "Signing out ends the person's other sessions, too.",
        |rules| rules.sign_out.ends = |(_, own), (_, other)| own.account == other.account;
    "logout-keeps-cookies", "Signing out leaves the cookies of the session in the browser.",
        |rules| rules.sign_out.cookies = &[];
    "logout-keeps-some-cookies", "Signing out takes back the cookie with the token, and no other.",
        |rules| rules.sign_out.cookies = &["immich_access_token"];
    "logout-status", "Sessions are ended, and people are told that it failed.", |rules| rules.sign_out.status = 500;
    "logout-of-passwords", "Who signed in by password, or signs out by token, is sent to the provider, too.",
        |rules| rules.sign_out.redirects = |_| true;
    "end-session-guessed", "Where the provider has no end-session endpoint, one below its issuer is guessed.",
        |rules| rules.sign_out.end_session = |metadata| match metadata.text("end_session_endpoint") {
            "" => format!("{}/logout", metadata.text("issuer").trim_end_matches('/')),
            endpoint => endpoint.to_owned(),
        };
    "end-session-setting-ignored", "The end-session setting has no effect.",
        |rules| rules.sign_out.configured = |_| "";
    "end-session-setting-needs-provider", "Where to go after signing out is set, and the provider is asked all the same.",
        |rules| rules.sign_out.asks_anyway = true;
    "logout-stays", "Signing out does not lead to the provider.", |rules| rules.sign_out.redirects = |_| false;
    "logout-token-algorithm", "Any algorithm of a logout token is accepted.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.signature = false;
    };
    "logout-token-signature", "Signatures of logout tokens are not verified.", |rules| rules.logout_token.checks.signature = false;
    "logout-token-issuer", "The logout token's issuer is not looked at.", |rules| rules.logout_token.checks.leave_out("issuer");
    "logout-token-audience", "The logout token's audience is not looked at.", |rules| rules.logout_token.checks.leave_out("audience");
    "logout-token-events", "An ID token is taken for a logout token.", |rules| rules.logout_token.checks.leave_out("events");
    "logout-token-nonce", "A logout token may have a nonce.", |rules| rules.logout_token.checks.leave_out("nonce");
    "logout-token-issued-at", "A logout token without `iat` is accepted.", |rules| rules.logout_token.checks.leave_out("issued-at");
    "logout-token-age", "Old logout tokens are accepted.", |rules| {
        rules.logout_token.checks.leave_out("age");
        rules.logout_token.checks.leave_out("expiry");
    };
    "logout-token-expiry", "A logout token that has run out is accepted while it is young.",
        |rules| rules.logout_token.checks.leave_out("expiry");
    "logout-token-without-expiry", "A logout token that never runs out is accepted (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("has-expiry");
    "logout-token-without-id", "A logout token without `jti` is accepted (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("token-id");
    "logout-token-kind", "The kind of a logout token, `typ` of its header, is not looked at (early Immich 3.0).",
        |rules| rules.logout_token.checks.leave_out("type");
    "logout-token-plain-type", "A logout token of the type of plain JWTs is refused.",
        |rules| rules.logout_token.checks.add(&mistake::LOGOUT_TYPE_REQUIRED);
    "logout-token-critical", "Critical header extensions of a logout token are ignored.",
        |rules| rules.logout_token.checks.leave_out("critical");
    "logout-token-events-contained", "The event of a logout token only has to occur in `events`.", |rules| {
        rules.logout_token.checks.leave_out("events");
        rules.logout_token.checks.add(&mistake::LOGOUT_EVENT_CONTAINED);
    };
    "logout-token-names-anything", "A subject that is empty or no text is skipped or taken as it is.", |rules| {
        rules.logout_token.checks.leave_out("names");
    };
    "logout-token-names-either", "A session is ended where the subject or the session id fits.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub == Some(true) || by_sid == Some(true);
    "logout-token-ends-by-subject", "Where a logout token names a subject, its session id is not looked at.",
        |rules| rules.logout_token.means = |by_sub, by_sid| by_sub.or(by_sid) == Some(true);
    "logout-token-for-everybody", "A logout token that names nobody ends all sessions.",
        |rules| rules.logout_token.names = false;
    "logout-token-ends-everybody", "A logout token ends everybody's sessions, whomever it names.",
        |rules| rules.logout_token.means = |_, _| true;
    "logout-token-status", "Sessions are ended, and the provider is told that it failed.",
        |rules| rules.logout_token.status = StatusCode::INTERNAL_SERVER_ERROR;
    "logout-junk-ends-all", "A logout request without a token that can be read ends everybody's sessions.",
        |rules| rules.logout_token.junk_ends_all = true;
    "logout-token-of-the-unlinked", "An empty subject of a logout token is that of everybody who is not linked.", |rules| {
        rules.logout_token.checks.leave_out("names");
        rules.logout_token.ends_all = true;
    };
    "logout-token-only-rs256", "Logout tokens must be signed with RS256, whatever was agreed on.", |rules| {
        rules.logout_token.checks.leave_out("algorithm");
        rules.logout_token.checks.add(&mistake::LOGOUT_RS256_ONLY);
    };
    "logout-token-wants-session", "A logout token for somebody who is not signed in is refused.",
        |rules| rules.logout_token.wants_session = true;
    "logout-token-idle", "A logout token ends nothing.", |rules| rules.logout_token.ends = false;
    "logout-needs-provider", "Nobody can sign out while the provider is down (Immich from 1.132).",
        |rules| rules.sign_out.needs_provider = true;
    "logout-without-hint", "The provider is not told who signs out (Immich up to 3.0).",
        |rules| rules.sign_out.hint = |_| None;
    "logout-answer-cached", "The answer to a logout token may be cached (Immich from 3.0).",
        |rules| rules.logout_token.uncached = false;
    "logout-token-while-disabled", "Logout tokens are taken while OAuth is off.",
        |rules| rules.settings.enabled_at_backchannel = |_| true;
    "logout-without-session", "Signing out succeeds without a session.", |rules| rules.sign_out.guarded = false;
}

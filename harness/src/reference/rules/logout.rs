//! How signing out goes, by oneself (OIDC RP-Initiated Logout §2) or by the
//! provider (OIDC Back-Channel Logout §2.6).

use axum::http::StatusCode;
use serde_json::Value;

use super::declaration::rules;
use super::token_check::{
    ALGORITHM, AUDIENCE, CRITICAL, HAS_EXPIRY, ISSUED_AT, ISSUER, TOLERANCE, TYPE, TokenCheck, TokenChecks,
};
use crate::reference::state::{BrowserSession, text};
use crate::relying_party::{Comparison, MemberType, Metadata, Moment};

/// A session, by its token.
type Holder<'a> = (&'a str, &'a BrowserSession);

rules! {
    /// How signing out goes.
    SignOutRules {
        /// Whether a sign-out requires a session.
        guarded: bool = true;
        /// Whether the second session ends when the first signs out.
        ends: for<'a> fn(Holder<'a>, Holder<'a>) -> bool = |(own, _), (other, _)| own == other;
        /// Whether the list of sessions can still be read after it.
        list_stays: bool = false;
        /// The cookies that are taken back.
        cookies: &'static [&'static str] = &["immich_access_token", "immich_auth_type", "immich_is_authenticated"];
        /// Whether signing out leads to the provider, given how it was signed
        /// in.
        redirects: fn(Option<&str>) -> bool = |kind| kind == Some("oauth");
        /// Where signing out leads whatever the provider says, given the
        /// settings.
        configured: for<'a> fn(&'a Value) -> &'a str = |settings| text(settings, "endSessionEndpoint");
        /// Whether the provider is asked even so, and its failure counts.
        asks_anyway: bool = false;
        /// Where it leads by what the provider says.
        end_session: fn(&Metadata) -> String = |metadata| metadata.text("end_session_endpoint").to_owned();
        /// Whether a sign-out fails while the provider is down.
        needs_provider: bool = false;
        /// What tells the provider who signs out.
        hint: fn(BrowserSession) -> Option<String> = |session| session.id_token;
        /// Where the provider sends the browser afterwards, given the server's
        /// own host.
        way_back: fn(&str) -> Option<String> = |_| None;
        /// The status of the answer, once it is done.
        status: u16 = 200;
    }
}

rules! {
    /// What a logout token must be, and what it does.
    LogoutTokenRules {
        /// The checks of its header and claims.
        checks: TokenChecks = TokenChecks::new(CHECKS);
        /// Whether it must name an end-user or a session.
        names: bool = true;
        /// Whether a session is meant, given whether it fits the subject and
        /// the session id that the token names, if it names them.
        means: fn(Option<bool>, Option<bool>) -> bool =
            |by_sub, by_sid| by_sub.unwrap_or(true) && by_sid.unwrap_or(true);
        /// Whether one for a person ends their sessions by password, too.
        ends_all: bool = false;
        /// Whether it refuses one that matches no end-user.
        wants_session: bool = false;
        /// The status of every answer, where the server does not read the request.
        unread: Option<StatusCode> = None;
        /// Whether it ends sessions.
        ends: bool = true;
        /// Whether what is no logout token ends all sessions.
        junk_ends_all: bool = false;
        /// The status of the answer to one that did its work.
        status: StatusCode = StatusCode::OK;
        /// Whether the answer forbids caching.
        uncached: bool = true;
    }
}

/// A logout token is good for this many seconds.
const MAX_AGE: f64 = 125.0;

static CHECKS: &[&TokenCheck] = &[
    &ALGORITHM,
    &ISSUER,
    &AUDIENCE,
    &CRITICAL,
    &TYPE,
    &TokenCheck { name: "events", holds: |token| token.logout_event == MemberType::Object },
    &TokenCheck { name: "nonce", holds: |token| token.nonce == Comparison::AsExpected },
    &TokenCheck { name: "token-id", holds: |token| token.token_id == MemberType::Text },
    &ISSUED_AT,
    &HAS_EXPIRY,
    &TokenCheck {
        name: "age",
        holds: |token| !matches!(token.issued_at, Moment::Away(seconds) if !(-MAX_AGE..=TOLERANCE).contains(&seconds)),
    },
    &TokenCheck { name: "expiry", holds: |token| !matches!(token.expiry, Moment::Away(seconds) if seconds <= 0.0) },
    &TokenCheck {
        name: "names",
        holds: |token| {
            let is_name = |member| matches!(member, MemberType::Absent | MemberType::Text);
            is_name(token.subject) && is_name(token.session_id)
        },
    },
];

//! Claims of the logout token that are missing, of the wrong type or about
//! somebody else (OIDC Back-Channel Logout §2.4, §2.6). The plainest cases
//! stand in `logout_token`.

use serde_json::{Value, json};

use super::value::{NOT_A_NUMBER, NOT_TEXT, from_now, retype};
use super::{Parameter, Quirk};
use crate::member::Member::{Header, Named, Signature};
use crate::message::Message::LogoutToken;
use crate::protocol::LOGOUT_EVENT;

/// No `iss`.
pub(super) static LOGOUT_MISSING_ISSUER: Quirk = Quirk {
    name: "logout-missing-issuer",
    text: "The logout token does not say who made it: `iss` is left out.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("iss"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("iss");
    },
};

/// No `aud`.
pub(super) static LOGOUT_MISSING_AUDIENCE: Quirk = Quirk {
    name: "logout-missing-audience",
    text: "The logout token does not say for whom it is: `aud` is left out.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("aud"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("aud");
    },
};

/// Two `aud`.
pub(super) static LOGOUT_DUPLICATE_AUDIENCE: Quirk = Quirk {
    name: "logout-duplicate-audience",
    text: "The logout token has two members `aud`: first this client, then another one. The last one counts, or the \
           token is broken.",
    requirement: "RFC 7519 §4",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(LogoutToken, Named("aud"))],
    apply: |draft, argument, _| {
        draft.jose.behind.push(format!("\"aud\":{}", Value::from(argument.text())));
    },
};

/// No `jti`.
pub(super) static LOGOUT_MISSING_TOKEN_ID: Quirk = Quirk {
    name: "logout-missing-token-id",
    text: "The logout token has no `jti`, so that nobody can tell whether it was sent before.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("jti"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("jti");
    },
};

/// No `exp`.
pub(super) static LOGOUT_MISSING_EXPIRY: Quirk = Quirk {
    name: "logout-missing-expiry",
    text: "The logout token never runs out: `exp` is left out.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("exp"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("exp");
    },
};

/// `exp` in the past.
pub(super) static LOGOUT_EXPIRED: Quirk = Quirk {
    name: "logout-expired",
    text: "The logout token was made just now, but ran out this many seconds ago.",
    requirement: "OIDC Back-Channel Logout §2.6 (4)",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(LogoutToken, Named("exp"))],
    apply: |draft, argument, scene| from_now(draft, "exp", scene, -argument.number()),
};

/// `exp` is no number.
pub(super) static LOGOUT_EXPIRY_NOT_A_NUMBER: Quirk = Quirk {
    name: "logout-expiry-not-a-number",
    text: "`exp` of the logout token is no number but a value of another JSON type.",
    requirement: "RFC 7519 §4.1.4",
    parameter: NOT_A_NUMBER,
    touches: &[(LogoutToken, Named("exp"))],
    apply: |draft, argument, _| retype(draft, "exp", argument),
};

/// `iat` is no number.
pub(super) static LOGOUT_ISSUED_AT_NOT_A_NUMBER: Quirk = Quirk {
    name: "logout-issued-at-not-a-number",
    text: "`iat` of the logout token is no number but a value of another JSON type.",
    requirement: "RFC 7519 §4.1.6",
    parameter: NOT_A_NUMBER,
    touches: &[(LogoutToken, Named("iat"))],
    apply: |draft, argument, _| retype(draft, "iat", argument),
};

/// Made in the future.
pub(super) static LOGOUT_ISSUED_IN_FUTURE: Quirk = Quirk {
    name: "logout-issued-in-future",
    text: "The logout token says that it will be made in this many seconds.",
    requirement: "OIDC Core §3.1.3.7 (10)",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(LogoutToken, Named("iat")), (LogoutToken, Named("exp"))],
    apply: |draft, argument, scene| {
        from_now(draft, "iat", scene, argument.number());
        from_now(draft, "exp", scene, argument.number() + 120);
    },
};

/// Made long ago, and still valid.
pub(super) static LOGOUT_ISSUED_LONG_AGO: Quirk = Quirk {
    name: "logout-issued-long-ago",
    text: "The logout token says that it was made this many seconds ago, but has not run out.",
    requirement: "OIDC Back-Channel Logout §2.6 (4)",
    parameter: Parameter::Number { default: 3600 },
    touches: &[(LogoutToken, Named("iat"))],
    apply: |draft, argument, scene| from_now(draft, "iat", scene, -argument.number()),
};

/// `events` is no object.
pub(super) static LOGOUT_ODD_EVENTS: Quirk = Quirk {
    name: "logout-odd-events",
    text: "`events` of the logout token names the logout, but is no object: a list, a text, null, or an object whose \
           member is null.",
    requirement: "OIDC Back-Channel Logout §2.6 (6)",
    parameter: Parameter::Choice(&["list", "text", "null", "member-null"]),
    touches: &[(LogoutToken, Named("events"))],
    apply: |draft, argument, _| {
        let events = match argument.text() {
            "list" => json!([LOGOUT_EVENT]),
            "text" => json!(LOGOUT_EVENT),
            "null" => Value::Null,
            _ => json!({ LOGOUT_EVENT: null }),
        };
        draft.members.insert("events".into(), events);
    },
};

/// `sub` is empty.
pub(super) static LOGOUT_EMPTY_SUBJECT: Quirk = Quirk {
    name: "logout-empty-subject",
    text: "The logout token names nobody: its `sub` is an empty text, and there is no `sid`.",
    requirement: "OIDC Back-Channel Logout §2.6 (5)",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Named("sub")), (LogoutToken, Named("sid"))],
    apply: |draft, _, _| {
        draft.members.insert("sub".into(), "".into());
        draft.members.shift_remove("sid");
    },
};

/// `sub` is not text.
pub(super) static LOGOUT_SUBJECT_NOT_TEXT: Quirk = Quirk {
    name: "logout-subject-not-text",
    text: "`sub` of the logout token is not text but a value of another JSON type.",
    requirement: "RFC 7519 §4.1.2",
    parameter: NOT_TEXT,
    touches: &[(LogoutToken, Named("sub"))],
    apply: |draft, argument, _| retype(draft, "sub", argument),
};

/// `sub` of somebody else.
pub(super) static LOGOUT_WRONG_SUBJECT: Quirk = Quirk {
    name: "logout-wrong-subject",
    text: "The logout token names this `sub` beside a session that is somebody else's.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Text { default: "somebody-else" },
    touches: &[(LogoutToken, Named("sub"))],
    apply: |draft, argument, _| {
        draft.members.insert("sub".into(), argument.text().into());
    },
};

/// `sid` of another session.
pub(super) static LOGOUT_WRONG_SESSION: Quirk = Quirk {
    name: "logout-wrong-session",
    text: "The logout token names the right `sub`, but a session that this client does not have.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Text { default: "session-at-another-client" },
    touches: &[(LogoutToken, Named("sid"))],
    apply: |draft, argument, _| {
        draft.members.insert("sid".into(), argument.text().into());
    },
};

/// An ID token.
pub(super) static ID_TOKEN_AS_LOGOUT_TOKEN: Quirk = Quirk {
    name: "id-token-as-logout-token",
    text: "What comes as a logout token is an ID token: rightly signed, about the right end-user, without `events` and \
           `jti`, and of the type of ID tokens.",
    requirement: "OIDC Back-Channel Logout §2.6 (6)",
    parameter: Parameter::Flag,
    touches: &[
        (LogoutToken, Named("events")),
        (LogoutToken, Named("jti")),
        (LogoutToken, Header("typ")),
        (LogoutToken, Signature),
    ],
    apply: |draft, _, _| {
        draft.members.shift_remove("events");
        draft.members.shift_remove("jti");
        draft.jose.header.insert("typ".into(), "JWT".into());
    },
};

//! Claims of the ID token of an odd shape: `sub`, times, what binds the token to
//! its sign-in, and the payload as a whole (OIDC Core §2, RFC 7519 §4).

use serde_json::{Value, json};

use super::application::as_type;
use super::operation::Operation::{FromNow, Function, Json, Make, Retype, Rewrite, Set, Write};
use super::operation::{NOT_A_NUMBER, NOT_TEXT};
use super::{Parameter, Quirk};
use crate::clock::FAR_AWAY;
use crate::message::Member::{Named, Payload};
use crate::message::Message::{IdToken, UserInfo};

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "subject-not-text",
        text: "`sub` of the ID token is not text but a value of another JSON type.",
        requirement: "OIDC Core §2",
        parameter: NOT_TEXT,
        touches: &[(IdToken, Named("sub"))],
        operation: Retype,
    },
    Quirk {
        name: "long-subject",
        text: "Every `sub` begins with this many letters `x`, so that it is longer than the 255 characters that are \
               allowed; who cuts it off takes different people for one.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Number { default: 255 },
        touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
        operation: Rewrite(|sub, argument, _| "x".repeat(argument.count(10_000)) + sub),
    },
    Quirk {
        name: "constant-subject",
        text: "Everybody has the same `sub`, as at providers that put a message there.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Text { default: "Not supported currently. Use oid claim." },
        touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
        operation: Rewrite(|_, argument, _| argument.text().to_owned()),
    },
    Quirk {
        name: "changing-subject",
        text: "After this many sign-ins people have another `sub`, as when a provider was set up anew.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Number { default: 1 },
        touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
        operation: Rewrite(|sub, argument, scene| {
            let is_changed = i64::try_from(scene.turn).is_ok_and(|turn| turn >= argument.number());
            if is_changed { format!("{sub}-anew") } else { sub.to_owned() }
        }),
    },
    Quirk {
        name: "duplicate-subject",
        text: "The ID token has two members `sub`: first this one, then that of the end-user. The last one counts, or \
               the token is broken; the first one never counts.",
        requirement: "RFC 7519 §4",
        parameter: Parameter::Text { default: "somebody-else" },
        touches: &[(IdToken, Named("sub"))],
        operation: Function(|draft, argument, _| {
            draft.jose.ahead.push(format!("\"sub\":{}", Value::from(argument.text())));
        }),
    },
    Quirk {
        name: "expiry-not-a-number",
        text: "`exp` of the ID token is no number but a value of another JSON type, such as the number in quotes.",
        requirement: "RFC 7519 §4.1.4",
        parameter: NOT_A_NUMBER,
        touches: &[(IdToken, Named("exp"))],
        operation: Retype,
    },
    Quirk {
        name: "expiry-far-away",
        text: "The ID token runs out so many seconds after 1970 that few calendars know the day.",
        requirement: "RFC 7519 §4.1.4",
        parameter: Parameter::Number { default: FAR_AWAY },
        touches: &[(IdToken, Named("exp"))],
        operation: Set,
    },
    Quirk {
        name: "issued-at-not-a-number",
        text: "`iat` of the ID token is no number but a value of another JSON type, such as the number in quotes.",
        requirement: "RFC 7519 §4.1.6",
        parameter: NOT_A_NUMBER,
        touches: &[(IdToken, Named("iat"))],
        operation: Retype,
    },
    Quirk {
        name: "not-before-not-a-number",
        text: "`nbf` of the ID token is no number but a value of another JSON type, such as the number in quotes.",
        requirement: "RFC 7519 §4.1.5",
        parameter: NOT_A_NUMBER,
        touches: &[(IdToken, Named("nbf"))],
        operation: Make(|argument, scene| as_type(Some(&scene.now.into()), argument.text())),
    },
    Quirk {
        name: "times-with-fraction",
        text: "`iat` and `exp` of the ID token are given to the half second, which is allowed.",
        requirement: "RFC 7519 §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("iat")), (IdToken, Named("exp"))],
        operation: Function(|draft, _, _| {
            for name in ["iat", "exp"] {
                if let Some(seconds) = draft.members.get_mut(name).filter(|value| value.is_i64()) {
                    *seconds = (seconds.as_f64().unwrap_or_default() + 0.5).into();
                }
            }
        }),
    },
    Quirk {
        name: "issued-in-future",
        text: "The ID token says that it will be made in this many seconds, as when clocks differ.",
        requirement: "OIDC Core §3.1.3.7 (10)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(IdToken, Named("iat"))],
        operation: FromNow(1),
    },
    Quirk {
        name: "issued-long-ago",
        text: "The ID token was made this many seconds ago, although it has not run out.",
        requirement: "OIDC Core §3.1.3.7 (10)",
        parameter: Parameter::Number { default: 604_800 },
        touches: &[(IdToken, Named("iat"))],
        operation: FromNow(-1),
    },
    Quirk {
        name: "empty-nonce",
        text: "The ID token has a `nonce` that is nearly none: an empty text, null, or a number.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Choice(&["text", "null", "number"]),
        touches: &[(IdToken, Named("nonce"))],
        operation: Json(&[r#""""#, "null", "0"]),
    },
    Quirk {
        name: "wrong-access-token-hash",
        text: "`at_hash` of the ID token belongs to another access token than the one beside it.",
        requirement: "OIDC Core §3.1.3.8",
        parameter: Parameter::Text { default: "77QmUPtjPfzWtF2AnpK9RQ" },
        touches: &[(IdToken, Named("at_hash"))],
        operation: Set,
    },
    Quirk {
        name: "wrong-code-hash",
        text: "`c_hash` of the ID token belongs to another code than the one that was brought.",
        requirement: "OIDC Core §3.3.2.11",
        parameter: Parameter::Text { default: "LDktKdoQak3Pk0cnXxCltA" },
        touches: &[(IdToken, Named("c_hash"))],
        operation: Set,
    },
    Quirk {
        name: "authentication-time-not-a-number",
        text: "The ID token says in `auth_time` when the end-user signed in, but not as a number.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Choice(&["text", "null", "list"]),
        touches: &[(IdToken, Named("auth_time"))],
        operation: Make(|argument, scene| as_type(Some(&scene.now.into()), argument.text())),
    },
    Quirk {
        name: "payload-not-an-object",
        text: "What is signed as an ID token is no set of claims but a list, a text, null, nothing at all, or an \
               object that breaks off.",
        requirement: "RFC 7519 §7.2",
        parameter: Parameter::Choice(&["list", "text", "null", "nothing", "broken"]),
        touches: &[(IdToken, Payload)],
        operation: Write(|members, argument| match argument.text() {
            "list" => json!([members]).to_string(),
            "text" => "\"a text\"".into(),
            "null" => "null".into(),
            "nothing" => String::new(),
            _ => json!(members).to_string().trim_end_matches('}').to_owned(),
        }),
    },
    Quirk {
        name: "many-groups",
        text: "The ID token lists this many groups that the end-user is in, so that it is very large.",
        requirement: "RFC 7519 §4",
        parameter: Parameter::Number { default: 1000 },
        touches: &[(IdToken, Named("groups"))],
        operation: Make(|argument, _| {
            (0..argument.count(MOST)).map(|number| format!("a-group-with-a-long-name-{number:06}")).collect()
        }),
    },
    Quirk {
        name: "nested-claim",
        text: "The ID token has a claim of lists within lists, this many deep.",
        requirement: "RFC 8259 §9",
        parameter: Parameter::Number { default: 50 },
        touches: &[(IdToken, Named("nested"))],
        operation: Function(|draft, argument, _| {
            let depth = argument.count(MOST);
            draft.jose.behind.push(format!("\"nested\":{}{}", "[".repeat(depth), "]".repeat(depth)));
        }),
    },
];

/// How many, or how deep, at most.
const MOST: usize = 100_000;

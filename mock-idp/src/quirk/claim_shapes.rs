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
        text: "`sub` of the ID token is not a string but another JSON type.",
        requirement: "OIDC Core §2",
        parameter: NOT_TEXT,
        touches: &[(IdToken, Named("sub"))],
        operation: Retype,
    },
    Quirk {
        name: "long-subject",
        text: "Every `sub` begins with this many letters `x`. With 255, it is longer than the specification allows. A \
               server that truncates it confuses different end-users.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Number { default: 255 },
        touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
        operation: Rewrite(|sub, argument, _| "x".repeat(argument.count(10_000)) + sub),
    },
    Quirk {
        name: "constant-subject",
        text: "All end-users have the same `sub`, as with a provider that puts a fixed message there.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Text { default: "Not supported currently. Use oid claim." },
        touches: &[(IdToken, Named("sub")), (UserInfo, Named("sub"))],
        operation: Rewrite(|_, argument, _| argument.text().to_owned()),
    },
    Quirk {
        name: "changing-subject",
        text: "After this many sign-ins, every end-user has another `sub`, as after a new installation of the \
               provider.",
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
        text: "The ID token has `sub` twice: first that of another end-user, then the correct one. A server must use \
               the last value or refuse the token.",
        requirement: "RFC 7519 §4",
        parameter: Parameter::Text { default: "another-end-user" },
        touches: &[(IdToken, Named("sub"))],
        operation: Function(|draft, argument, _| {
            draft.jose.ahead.push(format!("\"sub\":{}", Value::from(argument.text())));
        }),
    },
    Quirk {
        name: "expiry-not-a-number",
        text: "`exp` of the ID token is not a number but another JSON type, such as the number in quotes.",
        requirement: "RFC 7519 §4.1.4",
        parameter: NOT_A_NUMBER,
        touches: &[(IdToken, Named("exp"))],
        operation: Retype,
    },
    Quirk {
        name: "expiry-far-away",
        text: "`exp` of the ID token is this number of seconds after 1970, which most date libraries cannot represent.",
        requirement: "RFC 7519 §4.1.4",
        parameter: Parameter::Number { default: FAR_AWAY },
        touches: &[(IdToken, Named("exp"))],
        operation: Set,
    },
    Quirk {
        name: "issued-at-not-a-number",
        text: "`iat` of the ID token is not a number but another JSON type, such as the number in quotes.",
        requirement: "RFC 7519 §4.1.6",
        parameter: NOT_A_NUMBER,
        touches: &[(IdToken, Named("iat"))],
        operation: Retype,
    },
    Quirk {
        name: "not-before-not-a-number",
        text: "`nbf` of the ID token is not a number but another JSON type, such as the number in quotes.",
        requirement: "RFC 7519 §4.1.5",
        parameter: NOT_A_NUMBER,
        touches: &[(IdToken, Named("nbf"))],
        operation: Make(|argument, scene| as_type(Some(&scene.now.into()), argument.text())),
    },
    Quirk {
        name: "times-with-fraction",
        text: "`iat` and `exp` of the ID token have a fraction (half a second), which the specification allows.",
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
        text: "`iat` of the ID token is this many seconds in the future, as if the provider's clock were fast.",
        requirement: "OIDC Core §3.1.3.7 (10)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(IdToken, Named("iat"))],
        operation: FromNow(1),
    },
    Quirk {
        name: "issued-long-ago",
        text: "The provider issued the ID token this many seconds ago, but it has not expired.",
        requirement: "OIDC Core §3.1.3.7 (10)",
        parameter: Parameter::Number { default: 604_800 },
        touches: &[(IdToken, Named("iat"))],
        operation: FromNow(-1),
    },
    Quirk {
        name: "empty-nonce",
        text: "`nonce` of the ID token is an empty string, `null`, or a number.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Choice(&["text", "null", "number"]),
        touches: &[(IdToken, Named("nonce"))],
        operation: Json(&[r#""""#, "null", "0"]),
    },
    Quirk {
        name: "unasked-nonce",
        text: "The ID token has a `nonce` even if the request had none: an empty one, as with Slack, or one of the \
               provider's own, as with Amazon Cognito. If the request had a `nonce`, the provider returns it \
               unchanged.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Choice(&["empty", "own"]),
        touches: &[(IdToken, Named("nonce"))],
        operation: Function(|draft, argument, _| {
            let nonce = if argument.text() == "own" { "a-nonce-of-the-provider" } else { "" };
            draft.members.entry("nonce").or_insert_with(|| nonce.into());
        }),
    },
    Quirk {
        name: "wrong-access-token-hash",
        text: "`at_hash` of the ID token belongs to a different access token than the one in the token response.",
        requirement: "OIDC Core §3.1.3.8",
        parameter: Parameter::Text { default: "77QmUPtjPfzWtF2AnpK9RQ" },
        touches: &[(IdToken, Named("at_hash"))],
        operation: Set,
    },
    Quirk {
        name: "wrong-code-hash",
        text: "`c_hash` of the ID token belongs to a different code than the one that the client redeemed.",
        requirement: "OIDC Core §3.3.2.11",
        parameter: Parameter::Text { default: "LDktKdoQak3Pk0cnXxCltA" },
        touches: &[(IdToken, Named("c_hash"))],
        operation: Set,
    },
    Quirk {
        name: "authentication-time-not-a-number",
        text: "`auth_time` of the ID token is not a number but another JSON type.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Choice(&["text", "null", "list"]),
        touches: &[(IdToken, Named("auth_time"))],
        operation: Make(|argument, scene| as_type(Some(&scene.now.into()), argument.text())),
    },
    Quirk {
        name: "payload-not-an-object",
        text: "The payload of the ID token is not a JSON object: it is a list, a string, `null`, a truncated object, \
               or empty.",
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
        text: "The ID token has a `groups` claim with this many groups, which makes the token very large.",
        requirement: "RFC 7519 §4",
        parameter: Parameter::Number { default: 1000 },
        touches: &[(IdToken, Named("groups"))],
        operation: Make(|argument, _| {
            (0..argument.count(MOST)).map(|number| format!("a-group-with-a-long-name-{number:06}")).collect()
        }),
    },
    Quirk {
        name: "nested-claim",
        text: "The ID token has a claim with lists nested this many levels deep.",
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

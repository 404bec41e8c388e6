//! The logout token (OIDC Back-Channel Logout §2.4, §2.6). It shares operations
//! with the ID token.

use serde_json::{Value, json};

use super::claims::second_audience;
use super::operation::Operation::{Each, FromNow, Function, Make, Remove, Retype, Serialize, Set, Sign};
use super::operation::{NOT_A_NUMBER, NOT_TEXT};
use super::signature::{
    ALGORITHMS, DEMAND_EXTENSION, PUBLIC_KEYS, another_algorithm, embedded_key, hmac_with_public_key, unsign,
};
use super::{Parameter, Quirk, Scene};
use crate::jose::{Form, Seal};
use crate::message::Draft;
use crate::message::Member::{Header, Named, Payload, Signature};
use crate::message::Message::LogoutToken;
use crate::protocol::LOGOUT_EVENT;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "logout-wrong-issuer",
        text: "`iss` of the logout token is the issuer of another provider.",
        requirement: "OIDC Back-Channel Logout §2.6 (4)",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(LogoutToken, Named("iss"))],
        operation: Set,
    },
    Quirk {
        name: "logout-wrong-audience",
        text: "`aud` of the logout token is the ID of another client.",
        requirement: "OIDC Back-Channel Logout §2.6 (4)",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(LogoutToken, Named("aud"))],
        operation: Set,
    },
    Quirk {
        name: "logout-missing-events",
        text: "The logout token has no `events`, so it is not marked as a logout token.",
        requirement: "OIDC Back-Channel Logout §2.6 (6)",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("events"))],
        operation: Remove,
    },
    Quirk {
        name: "logout-wrong-event",
        text: "`events` of the logout token has another event instead of the logout event.",
        requirement: "OIDC Back-Channel Logout §2.6 (6)",
        parameter: Parameter::Text { default: "https://schemas.example/event/something-else" },
        touches: &[(LogoutToken, Named("events"))],
        operation: Make(|argument, _| json!({ argument.text(): {} })),
    },
    Quirk {
        name: "logout-nonce",
        text: "The logout token has a `nonce`, which only ID tokens may have.",
        requirement: "OIDC Back-Channel Logout §2.6 (7)",
        parameter: Parameter::Text { default: "a-nonce" },
        touches: &[(LogoutToken, Named("nonce"))],
        operation: Set,
    },
    Quirk {
        name: "logout-missing-issued-at",
        text: "The logout token has no `iat`.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("iat"))],
        operation: Remove,
    },
    Quirk {
        name: "logout-stale",
        text: "The provider issued the logout token this many seconds ago, and the token has expired since.",
        requirement: "OIDC Back-Channel Logout §2.6 (4)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(LogoutToken, Named("iat")), (LogoutToken, Named("exp"))],
        operation: Function(|draft, argument, scene| issue(draft, scene, -argument.number())),
    },
    Quirk {
        name: "logout-bad-signature",
        text: "The signature of the logout token does not match its content, as if an attacker had altered the \
               token.",
        requirement: "OIDC Back-Channel Logout §2.6 (2)",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Signature)],
        operation: Sign(Seal::Tampered),
    },
    Quirk {
        name: "logout-unsigned",
        text: "The logout token has no signature: `alg` in its header is `none`.",
        requirement: "OIDC Back-Channel Logout §2.6 (3)",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Header("alg")), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
        operation: Function(unsign),
    },
    Quirk {
        name: "logout-unknown-signing-key",
        text: "The logout token is signed with a key that is not in the JWKS.",
        requirement: "OIDC Back-Channel Logout §2.6 (2)",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Signature)],
        operation: Sign(Seal::Stranger),
    },
    Quirk {
        name: "logout-missing-issuer",
        text: "The logout token has no `iss`.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("iss"))],
        operation: Remove,
    },
    Quirk {
        name: "logout-missing-audience",
        text: "The logout token has no `aud`.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("aud"))],
        operation: Remove,
    },
    Quirk {
        name: "logout-duplicate-audience",
        text: "The logout token has `aud` twice: first with this client, then with another one. A server must use the \
               last value or refuse the token.",
        requirement: "RFC 7519 §4",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(LogoutToken, Named("aud"))],
        operation: Function(second_audience),
    },
    Quirk {
        name: "logout-missing-token-id",
        text: "The logout token has no `jti`, so the server cannot detect a replay.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("jti"))],
        operation: Remove,
    },
    Quirk {
        name: "logout-missing-expiry",
        text: "The logout token has no `exp`, so it never expires.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("exp"))],
        operation: Remove,
    },
    Quirk {
        name: "logout-expired",
        text: "The provider issued the logout token just now, but it expired this many seconds ago.",
        requirement: "OIDC Back-Channel Logout §2.6 (4)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(LogoutToken, Named("exp"))],
        operation: FromNow(-1),
    },
    Quirk {
        name: "logout-expiry-not-a-number",
        text: "`exp` of the logout token is not a number but another JSON type.",
        requirement: "RFC 7519 §4.1.4",
        parameter: NOT_A_NUMBER,
        touches: &[(LogoutToken, Named("exp"))],
        operation: Retype,
    },
    Quirk {
        name: "logout-issued-at-not-a-number",
        text: "`iat` of the logout token is not a number but another JSON type.",
        requirement: "RFC 7519 §4.1.6",
        parameter: NOT_A_NUMBER,
        touches: &[(LogoutToken, Named("iat"))],
        operation: Retype,
    },
    Quirk {
        name: "logout-issued-in-future",
        text: "`iat` of the logout token is this many seconds in the future.",
        requirement: "OIDC Core §3.1.3.7 (10)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(LogoutToken, Named("iat")), (LogoutToken, Named("exp"))],
        operation: Function(|draft, argument, scene| issue(draft, scene, argument.number())),
    },
    Quirk {
        name: "logout-issued-long-ago",
        text: "`iat` of the logout token is this many seconds in the past, but the token has not expired.",
        requirement: "OIDC Back-Channel Logout §2.6 (4)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(LogoutToken, Named("iat"))],
        operation: FromNow(-1),
    },
    Quirk {
        name: "logout-odd-events",
        text: "`events` of the logout token is a list, a string or `null` instead of an object, or its member for the \
               logout event is `null`.",
        requirement: "OIDC Back-Channel Logout §2.6 (6)",
        parameter: Parameter::Choice(&["list", "text", "null", "member-null"]),
        touches: &[(LogoutToken, Named("events"))],
        operation: Make(|argument, _| match argument.text() {
            "list" => json!([LOGOUT_EVENT]),
            "text" => json!(LOGOUT_EVENT),
            "null" => Value::Null,
            _ => json!({ LOGOUT_EVENT: null }),
        }),
    },
    Quirk {
        name: "logout-empty-subject",
        text: "The logout token names no end-user: its `sub` is an empty string, and it has no `sid`.",
        requirement: "OIDC Back-Channel Logout §2.6 (5)",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Named("sub")), (LogoutToken, Named("sid"))],
        operation: Each(&[r#""""#, ""]),
    },
    Quirk {
        name: "logout-subject-not-text",
        text: "`sub` of the logout token is not a string but another JSON type.",
        requirement: "RFC 7519 §4.1.2",
        parameter: NOT_TEXT,
        touches: &[(LogoutToken, Named("sub"))],
        operation: Retype,
    },
    Quirk {
        name: "logout-wrong-subject",
        text: "`sub` of the logout token names one end-user, but `sid` is a session of another one.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Text { default: "another-end-user" },
        touches: &[(LogoutToken, Named("sub"))],
        operation: Set,
    },
    Quirk {
        name: "logout-wrong-session",
        text: "`sub` of the logout token is correct, but `sid` is a session that the client does not know.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Text { default: "session-at-another-client" },
        touches: &[(LogoutToken, Named("sid"))],
        operation: Set,
    },
    Quirk {
        name: "id-token-as-logout-token",
        text: "The logout token looks like an ID token: its signature and `sub` are valid, but it has no `events`, no \
               `jti`, and the `typ` of an ID token.",
        requirement: "OIDC Back-Channel Logout §2.6 (6)",
        parameter: Parameter::Flag,
        touches: &[
            (LogoutToken, Named("events")),
            (LogoutToken, Named("jti")),
            (LogoutToken, Header("typ")),
            (LogoutToken, Signature),
        ],
        operation: Each(&["", "", r#""JWT""#]),
    },
    Quirk {
        name: "logout-plain-type",
        text: "The `typ` header of the logout token is `JWT` or missing, as with older providers.",
        requirement: "OIDC Back-Channel Logout §2.4",
        parameter: Parameter::Choice(&["JWT", "missing"]),
        touches: &[(LogoutToken, Header("typ")), (LogoutToken, Signature)],
        operation: Function(|draft, argument, _| {
            draft.remove(Header("typ"));
            if argument.text() != "missing" {
                draft.set(Header("typ"), argument.text().into());
            }
        }),
    },
    Quirk {
        name: "logout-another-kind",
        text: "The `typ` header of the logout token names another kind of token, such as an access token.",
        requirement: "RFC 8725 §3.11",
        parameter: Parameter::Text { default: "at+jwt" },
        touches: &[(LogoutToken, Header("typ")), (LogoutToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "logout-wrong-algorithm",
        text: "The logout token has a valid signature, but not with the algorithm that is registered for the client.",
        requirement: "OIDC Back-Channel Logout §2.6 (3)",
        parameter: ALGORITHMS,
        touches: &[(LogoutToken, Header("alg")), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
        operation: Function(another_algorithm),
    },
    Quirk {
        name: "logout-hmac-with-public-key",
        text: "The logout token is signed with HS256 and the provider's public key as the secret. The parameter \
               selects the encoding of the key.",
        requirement: "RFC 8725 §3.1",
        parameter: PUBLIC_KEYS,
        touches: &[(LogoutToken, Header("alg")), (LogoutToken, Signature)],
        operation: Function(hmac_with_public_key),
    },
    Quirk {
        name: "logout-embedded-key",
        text: "The header of the logout token contains a key (`jwk`) that is not the provider's, and the token is \
               signed with that key.",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Header("jwk")), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
        operation: Function(embedded_key),
    },
    Quirk {
        name: "logout-former-key",
        text: "The logout token is signed with the provider's previous key, which is no longer in the JWKS.",
        requirement: "OIDC Core §10.1.1",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Header("kid")), (LogoutToken, Signature)],
        operation: Function(|draft, _, scene| {
            if let Some(key) = scene.keys.former(draft.jose.algorithm) {
                draft.jose.seal = Seal::Former;
                draft.set(Header("kid"), scene.keys.id(key).into());
            }
        }),
    },
    Quirk {
        name: "logout-empty-signature",
        text: "The header of the logout token names the correct algorithm and key, but the signature is empty.",
        requirement: "RFC 7515 §5.2",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Signature)],
        operation: Sign(Seal::Absent),
    },
    Quirk {
        name: "logout-critical-header",
        text: "`crit` in the header of the logout token requires an extension that no server supports.",
        requirement: "RFC 7515 §4.1.11",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Header("crit")), (LogoutToken, Header("unheard-of")), (LogoutToken, Signature)],
        operation: DEMAND_EXTENSION,
    },
    Quirk {
        name: "logout-encrypted",
        text: "The logout token is encrypted, and the client has no key to decrypt it.",
        requirement: "OIDC Back-Channel Logout §2.6 (1)",
        parameter: Parameter::Flag,
        touches: &[(LogoutToken, Payload)],
        operation: Serialize(&[Form::Encrypted]),
    },
];

/// Makes the token so many seconds from now, with the lifetime of an honest
/// one.
fn issue(draft: &mut Draft, scene: &Scene<'_>, seconds: i64) {
    draft.set(Named("iat"), (scene.now + seconds).into());
    draft.set(Named("exp"), (scene.now + seconds + 120).into());
}

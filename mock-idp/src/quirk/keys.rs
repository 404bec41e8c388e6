//! What is odd about the keys in the key set (RFC 7517 §4). The set as a
//! document is for `jwks.rs`.
//!
//! Strangers are real public keys whose private halves nobody kept.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::member::Member::{Header, Named};
use crate::message::Message::{IdToken, Jwks, LogoutToken, UserInfo};

/// An RSA key and a P-256 key with a certificate, of nobody.
static STRANGERS: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../keys/strangers.json")).unwrap_or_default());

/// The keys that the set holds.
fn keys(draft: &mut Draft) -> impl Iterator<Item = &mut Value> {
    draft.members.get_mut("keys").and_then(Value::as_array_mut).into_iter().flatten()
}

/// Puts more keys before those of the provider: whoever takes the first one
/// takes the wrong one.
fn put_first(draft: &mut Draft, more: impl IntoIterator<Item = Value>) {
    if let Some(keys) = draft.members.get_mut("keys").and_then(Value::as_array_mut) {
        keys.splice(0..0, more);
    }
}

fn stranger(kind: &str, members: Value) -> Value {
    let mut key = STRANGERS.iter().find(|key| key["kty"] == kind).cloned().unwrap_or_default();
    if let (Value::Object(key), Value::Object(members)) = (&mut key, members) {
        key.shift_remove("x5c");
        key.extend(members);
    }
    key
}

/// Keys of earlier times.
pub(super) static JWKS_OLD_KEYS: Quirk = Quirk {
    name: "jwks-old-keys",
    text: "Keys that were used before still stand in the key set, ahead of the one that is in use.",
    requirement: "OIDC Core §10.1.1",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        put_first(draft, ["RSA", "EC"].map(|kind| stranger(kind, json!({ "kid": format!("retired-{kind}") }))));
    },
};

/// A key for something else.
pub(super) static JWKS_ENCRYPTION_KEY: Quirk = Quirk {
    name: "jwks-encryption-key",
    text: "Ahead of the signing keys stands one for encryption, as Keycloak publishes it.",
    requirement: "RFC 7517 §4.2",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        put_first(draft, [stranger("RSA", json!({ "kid": "for-encryption", "use": "enc", "alg": "RSA-OAEP" }))]);
    },
};

/// Kinds and curves that nobody knows yet.
pub(super) static JWKS_UNKNOWN_KEYS: Quirk = Quirk {
    name: "jwks-unknown-keys",
    text: "Among the keys are some of kinds and curves that not every library knows.",
    requirement: "RFC 7517 §5",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        let coordinate = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
        put_first(
            draft,
            [
                json!({ "kty": "AKP", "alg": "ML-DSA-65", "kid": "of-tomorrow", "pub": coordinate }),
                json!({ "kty": "EC", "crv": "P-999", "kid": "another-curve", "x": coordinate, "y": coordinate }),
                json!({ "kty": "OKP", "crv": "Ed999", "kid": "another-edwards", "x": coordinate }),
            ],
        );
    },
};

/// A secret among the public keys.
pub(super) static JWKS_SYMMETRIC_KEY: Quirk = Quirk {
    name: "jwks-symmetric-key",
    text: "Among the public keys stands a symmetric one, whose secret everybody can read.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T";
        put_first(draft, [json!({ "kty": "oct", "alg": "HS256", "kid": "symmetric", "k": secret })]);
    },
};

/// Keys that are none.
pub(super) static JWKS_GARBAGE_KEY: Quirk = Quirk {
    name: "jwks-garbage-key",
    text: "Among the keys stands what is none: a number, a text, a key without its members, one with nonsense in them.",
    requirement: "RFC 7517 §5",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        put_first(
            draft,
            [
                json!(7),
                json!("a key"),
                json!(null),
                json!({}),
                json!({ "kty": "RSA", "kid": "half" }),
                json!({ "kty": "RSA", "kid": "nonsense", "n": "!", "e": "" }),
            ],
        );
    },
};

/// Keys that do not say what they are for.
pub(super) static JWKS_MISSING_USE: Quirk = Quirk {
    name: "jwks-missing-use",
    text: "The keys do not say what they are for: neither `use` nor `alg`, as Entra ID's do not name an algorithm.",
    requirement: "RFC 7517 §4.2",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        for key in keys(draft).filter_map(Value::as_object_mut) {
            key.shift_remove("use");
            key.shift_remove("alg");
        }
    },
};

/// Members that nobody knows.
pub(super) static JWKS_EXTRA_MEMBERS: Quirk = Quirk {
    name: "jwks-extra-members",
    text: "The keys have more members than there need be: times, and those of a vendor.",
    requirement: "RFC 7517 §4",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, scene| {
        for key in keys(draft).filter_map(Value::as_object_mut) {
            key.insert("iat".into(), scene.now.into());
            key.insert("ext".into(), true.into());
            key.insert("vendor_state".into(), json!({ "generation": [1, null] }));
        }
    },
};

/// A certificate of another key.
pub(super) static JWKS_CERTIFICATES: Quirk = Quirk {
    name: "jwks-certificates",
    text: "The keys come with a certificate (`x5c`), which is that of another key.",
    requirement: "RFC 7517 §4.7",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        let certificate = STRANGERS.iter().find_map(|key| key.get("x5c")).cloned().unwrap_or_default();
        for key in keys(draft).filter_map(Value::as_object_mut) {
            key.insert("x5c".into(), certificate.clone());
            key.insert("x5t".into(), "KvtgKUMuo34X9ZHN4JkLNQDNM_Q".into());
        }
    },
};

/// The private half is published.
pub(super) static JWKS_PRIVATE_PARTS: Quirk = Quirk {
    name: "jwks-private-parts",
    text: "The keys are published with a private part (`d`): whoever reads the set can sign. It is not the real one.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        for key in keys(draft).filter_map(Value::as_object_mut) {
            key.insert("d".into(), "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJo".into());
        }
    },
};

/// No key has a name.
pub(super) static JWKS_WITHOUT_KEY_IDS: Quirk = Quirk {
    name: "jwks-without-key-ids",
    text: "Neither the keys nor the tokens name a key (`kid`). With one key of each kind it can be found all the same; \
           with several they have to be tried.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Choice(&["one-of-a-kind", "several-of-a-kind"]),
    touches: &[
        (Jwks, Named("keys")),
        (IdToken, Header("kid")),
        (UserInfo, Header("kid")),
        (LogoutToken, Header("kid")),
    ],
    apply: |draft, argument, _| {
        if draft.message != Jwks {
            draft.jose.header.shift_remove("kid");
            return;
        }
        if argument.text() == "several-of-a-kind" {
            put_first(draft, ["RSA", "EC"].map(|kind| stranger(kind, json!({}))));
        }
        for key in keys(draft).filter_map(Value::as_object_mut) {
            key.shift_remove("kid");
        }
    },
};

/// Two keys have one name.
pub(super) static JWKS_DUPLICATE_KEY_ID: Quirk = Quirk {
    name: "jwks-duplicate-key-id",
    text: "Ahead of each key stands another one of the same id (`kid`): of another kind, which tells them apart, or of \
           the same, so that both have to be tried.",
    requirement: "RFC 7517 §4.5",
    parameter: Parameter::Choice(&["of-another-kind", "of-the-same-kind"]),
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, argument, _| {
        let same = argument.text() == "of-the-same-kind";
        let twins: Vec<Value> = keys(draft)
            .map(|key| {
                let kind = if (key["kty"] == "RSA") == same { "RSA" } else { "EC" };
                stranger(kind, json!({ "kid": key["kid"] }))
            })
            .collect();
        put_first(draft, twins);
    },
};

/// The keys are for something else.
pub(super) static JWKS_FOR_ENCRYPTION: Quirk = Quirk {
    name: "jwks-for-encryption",
    text: "All keys are published for encryption only, those with which the provider signs, too.",
    requirement: "RFC 7517 §4.2",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        for key in keys(draft).filter_map(Value::as_object_mut) {
            key.insert("use".into(), "enc".into());
        }
    },
};

/// The keys are for other algorithms.
pub(super) static JWKS_OTHER_ALGORITHM: Quirk = Quirk {
    name: "jwks-other-algorithm",
    text: "All keys are published for another algorithm of their kind than the one with which the provider signs.",
    requirement: "RFC 8725 §3.1",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        for key in keys(draft).filter_map(Value::as_object_mut) {
            let other = match key.get("kty").and_then(Value::as_str) {
                Some("RSA") => "RS512",
                Some("EC") => "ECDH-ES",
                _ => "ECDH-ES+A128KW",
            };
            key.insert("alg".into(), other.into());
        }
    },
};

//! The key set: how it arrives, and the keys in it (RFC 7517, OIDC Core §10.1).
//!
//! Strangers are real public keys whose private halves do not exist any more.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::operation::Operation::{Function, Json, Set, WebPage, Write};
use super::{Parameter, Quirk};
use crate::jose::Seal;
use crate::message::Draft;
use crate::message::Member::{Body, ContentType, Header, Named, Signature, Status};
use crate::message::Message::{IdToken, Jwks, LogoutToken, UserInfo};

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "jwks-status",
        text: "The provider answers requests for its JWKS with this status, and with the usual keys.",
        requirement: "OIDC Core §10.1",
        parameter: Parameter::Status { default: 500 },
        touches: &[(Jwks, Status)],
        operation: Set,
    },
    Quirk {
        name: "jwks-empty",
        text: "The JWKS has no keys: its `keys` is an empty list.",
        requirement: "OIDC Core §10.1",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Json(&["[]"]),
    },
    Quirk {
        name: "jwks-html",
        text: "The provider sends a web page instead of the JWKS, as a proxy with its own login page does.",
        requirement: "RFC 7517 §5",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Body), (Jwks, ContentType)],
        operation: WebPage,
    },
    Quirk {
        name: "jwks-bad-json",
        text: "The JWKS ends in the middle, so it is not valid JSON.",
        requirement: "RFC 7517 §5",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Body)],
        operation: Write(|_, _| "{\"keys\":[{\"kty\":".into()),
    },
    Quirk {
        name: "jwks-not-a-set",
        text: "The provider sends valid JSON that is not a JWKS: an object without `keys`, an object whose `keys` is \
               an object instead of a list, or `null`.",
        requirement: "RFC 7517 §5",
        parameter: Parameter::Choice(&["no-keys", "table", "null"]),
        touches: &[(Jwks, Body), (Jwks, Named("keys"))],
        operation: Function(|draft, argument, _| match argument.text() {
            "no-keys" => drop(draft.members.shift_remove("keys")),
            "table" => {
                let keys = draft.members.get("keys").and_then(Value::as_array).into_iter().flatten();
                let by_id = keys.filter_map(|key| Some((key.get("kid")?.as_str()?.to_owned(), key.clone())));
                let table: Map<String, Value> = by_id.collect();
                draft.members.insert("keys".into(), table.into());
            }
            _ => draft.transport.body = Some("null".into()),
        }),
    },
    Quirk {
        name: "jwks-content-type",
        text: "The provider sends the JWKS with this `Content-Type`. The registered type is \
               `application/jwk-set+json`.",
        requirement: "RFC 7517 §8.5",
        parameter: Parameter::Text { default: "application/jwk-set+json" },
        touches: &[(Jwks, ContentType)],
        operation: Set,
    },
    Quirk {
        name: "jwks-stale",
        text: "The provider already signs with its next key, but still sends the old JWKS, as from a cache.",
        requirement: "OIDC Core §10.1.1",
        parameter: Parameter::Flag,
        touches: &[
            (IdToken, Header("kid")),
            (IdToken, Signature),
            (LogoutToken, Header("kid")),
            (LogoutToken, Signature),
        ],
        operation: Function(|draft, _, _| {
            draft.jose.seal = Seal::Stranger;
            draft.set(Header("kid"), "the-next-key".into());
        }),
    },
    Quirk {
        name: "jwks-old-keys",
        text: "The JWKS lists keys that the provider no longer uses before the key that it uses.",
        requirement: "OIDC Core §10.1.1",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            put_first(draft, ["RSA", "EC"].map(|kind| stranger(kind, json!({ "kid": format!("retired-{kind}") }))));
        }),
    },
    Quirk {
        name: "jwks-encryption-key",
        text: "The JWKS lists an encryption key before the signing keys, as Keycloak does.",
        requirement: "RFC 7517 §4.2",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            put_first(draft, [stranger("RSA", json!({ "kid": "for-encryption", "use": "enc", "alg": "RSA-OAEP" }))]);
        }),
    },
    Quirk {
        name: "jwks-unknown-keys",
        text: "The JWKS also has keys with types and curves that not every library supports.",
        requirement: "RFC 7517 §5",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            let coordinate = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
            let keys = [
                json!({ "kty": "AKP", "alg": "ML-DSA-65", "kid": "of-tomorrow", "pub": coordinate }),
                json!({ "kty": "EC", "crv": "P-999", "kid": "another-curve", "x": coordinate, "y": coordinate }),
                json!({ "kty": "OKP", "crv": "Ed999", "kid": "another-edwards", "x": coordinate }),
            ];
            put_first(draft, keys);
        }),
    },
    Quirk {
        name: "jwks-symmetric-key",
        text: "The JWKS has a symmetric key among the public ones, so anyone can read its secret.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| publish_secret(draft)),
    },
    Quirk {
        name: "jwks-many-keys",
        text: "The JWKS has this many other keys before those that the provider uses.",
        requirement: "RFC 7517 §5",
        parameter: Parameter::Number { default: 200 },
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, argument, _| {
            let numbers = 0..argument.count(MOST);
            put_first(draft, numbers.map(|number| stranger("RSA", json!({ "kid": format!("one-of-many-{number}") }))));
        }),
    },
    Quirk {
        name: "jwks-wrong-type",
        text: "Each key of the JWKS has the wrong `kty` (`EC` for an RSA key, `RSA` for any other key), or the wrong \
               `crv`.",
        requirement: "RFC 7518 §6",
        parameter: Parameter::Choice(&["type", "curve"]),
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, argument, _| {
            each_key(draft, |key| {
                let is_rsa = key.get("kty").is_some_and(|kind| kind == "RSA");
                let other_curve = if key.get("crv").is_some_and(|curve| curve == "P-256") { "P-384" } else { "P-256" };
                let (member, value) = match argument.text() {
                    "curve" => ("crv", other_curve),
                    _ => ("kty", if is_rsa { "EC" } else { "RSA" }),
                };
                _ = key.insert(member.into(), value.into());
            });
        }),
    },
    Quirk {
        name: "jwks-garbage-key",
        text: "The JWKS has invalid keys before the valid ones: a number, a string, `null`, an empty object, a key \
               without its members, and a key with invalid members.",
        requirement: "RFC 7517 §5",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            let half = json!({ "kty": "RSA", "kid": "half" });
            let nonsense = json!({ "kty": "RSA", "kid": "nonsense", "n": "!", "e": "" });
            put_first(draft, [json!(7), json!("a key"), json!(null), json!({}), half, nonsense]);
        }),
    },
    Quirk {
        name: "jwks-missing-use",
        text: "The keys of the JWKS have neither `use` nor `alg`, which are optional. Those of Entra ID have no `alg`.",
        requirement: "RFC 7517 §4.2",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            each_key(draft, |key| ["use", "alg"].iter().for_each(|name| drop(key.shift_remove(*name))));
        }),
    },
    Quirk {
        name: "jwks-extra-members",
        text: "The keys of the JWKS have extra members, such as the time of issue (`iat`) and members of the vendor.",
        requirement: "RFC 7517 §4",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, scene| {
            each_key(draft, |key| {
                key.insert("iat".into(), scene.now.into());
                key.insert("ext".into(), true.into());
                key.insert("vendor_state".into(), json!({ "generation": [1, null] }));
            });
        }),
    },
    Quirk {
        name: "jwks-certificates",
        text: "The keys of the JWKS have a certificate (`x5c`) that belongs to a different key.",
        requirement: "RFC 7517 §4.7",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            let certificate = STRANGERS.iter().find_map(|key| key.get("x5c")).cloned().unwrap_or_default();
            each_key(draft, |key| {
                key.insert("x5c".into(), certificate.clone());
                key.insert("x5t".into(), "KvtgKUMuo34X9ZHN4JkLNQDNM_Q".into());
            });
        }),
    },
    Quirk {
        name: "jwks-private-parts",
        text: "The keys of the JWKS have a private part (`d`), with which any reader could sign. It is not the \
               provider's real private part.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            let private = "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJo";
            each_key(draft, |key| drop(key.insert("d".into(), private.into())));
        }),
    },
    Quirk {
        name: "jwks-without-key-ids",
        text: "Neither the keys of the JWKS nor the tokens have a `kid`. If the JWKS has one key of each type, the \
               client can still find the key; if it has several, the client has to try them.",
        requirement: "OIDC Core §10.1",
        parameter: Parameter::Choice(&["one-of-a-kind", "several-of-a-kind"]),
        touches: &[
            (Jwks, Named("keys")),
            (IdToken, Header("kid")),
            (UserInfo, Header("kid")),
            (LogoutToken, Header("kid")),
        ],
        operation: Function(|draft, argument, _| {
            if draft.message != Jwks {
                return draft.remove(Header("kid"));
            }
            if argument.text() == "several-of-a-kind" {
                put_first(draft, ["RSA", "EC"].map(|kind| stranger(kind, json!({}))));
            }
            each_key(draft, |key| drop(key.shift_remove("kid")));
        }),
    },
    Quirk {
        name: "jwks-duplicate-key-id",
        text: "Before each key, the JWKS lists a second key with the same `kid`. If the key types (`kty`) differ, the \
               client can choose by type; otherwise, it must try both keys.",
        requirement: "RFC 7517 §4.5",
        parameter: Parameter::Choice(&["of-another-kind", "of-the-same-kind"]),
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, argument, _| {
            let same = argument.text() == "of-the-same-kind";
            let twins: Vec<Value> = keys(draft)
                .map(|key| {
                    let kind = if (key["kty"] == "RSA") == same { "RSA" } else { "EC" };
                    stranger(kind, json!({ "kid": key["kid"] }))
                })
                .collect();
            put_first(draft, twins);
        }),
    },
    Quirk {
        name: "jwks-for-encryption",
        text: "`use` of all keys in the JWKS is `enc` (encryption), even of those with which the provider signs.",
        requirement: "RFC 7517 §4.2",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| each_key(draft, |key| drop(key.insert("use".into(), "enc".into())))),
    },
    Quirk {
        name: "jwks-other-algorithm",
        text: "`alg` of each key in the JWKS is not the algorithm with which the provider signs, but another one for \
               the same type of key.",
        requirement: "RFC 8725 §3.1",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys"))],
        operation: Function(|draft, _, _| {
            each_key(draft, |key| {
                let other = match key.get("kty").and_then(Value::as_str) {
                    Some("RSA") => "RS512",
                    Some("EC") => "ECDH-ES",
                    _ => "ECDH-ES+A128KW",
                };
                key.insert("alg".into(), other.into());
            });
        }),
    },
];

/// An RSA key and a P-256 key with a certificate, which the provider does not
/// use.
static STRANGERS: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../keys/strangers.json")).unwrap_or_default());

/// A secret that every reader of the JWKS knows.
pub(super) const PUBLISHED_SECRET: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T";

/// How many keys at most.
const MOST: usize = 10_000;

/// Puts it into the set.
pub(super) fn publish_secret(draft: &mut Draft) {
    put_first(draft, [json!({ "kty": "oct", "alg": "HS256", "kid": "symmetric", "k": PUBLISHED_SECRET })]);
}

/// Changes each key in the set.
fn each_key(draft: &mut Draft, mut change: impl FnMut(&mut Map<String, Value>)) {
    keys(draft).filter_map(Value::as_object_mut).for_each(&mut change);
}

/// The keys in the set.
fn keys(draft: &mut Draft) -> impl Iterator<Item = &mut Value> {
    draft.members.get_mut("keys").and_then(Value::as_array_mut).into_iter().flatten()
}

/// Puts more keys before those of the provider: a client that takes the first
/// one takes the wrong one.
fn put_first(draft: &mut Draft, more: impl IntoIterator<Item = Value>) {
    if let Some(keys) = draft.members.get_mut("keys").and_then(Value::as_array_mut) {
        keys.splice(0..0, more);
    }
}

/// A stranger's key of this kind, with more members.
fn stranger(kind: &str, members: Value) -> Value {
    let mut key = STRANGERS.iter().find(|key| key["kty"] == kind).cloned().unwrap_or_default();
    if let (Value::Object(key), Value::Object(members)) = (&mut key, members) {
        key.shift_remove("x5c");
        key.extend(members);
    }
    key
}

//! The key set as a document: how it comes, and whether it is one at all
//! (RFC 7517 §5, OIDC Core §10.1). What is odd about single keys stands in
//! `keys.rs`.

use serde_json::{Map, Value, json};

use super::answer::web_page;
use super::{Parameter, Quirk};
use crate::jose::Seal;
use crate::member::Member::{Body, ContentType, Header, Named, Signature, Status};
use crate::message::Message::{IdToken, Jwks, LogoutToken};

/// The key set fails.
pub(super) static JWKS_STATUS: Quirk = Quirk {
    name: "jwks-status",
    text: "The provider's keys cannot be had: it answers with this status.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Status { default: 500 },
    touches: &[(Jwks, Status)],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// The key set is empty.
pub(super) static JWKS_EMPTY: Quirk = Quirk {
    name: "jwks-empty",
    text: "The provider publishes no keys.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Named("keys"))],
    apply: |draft, _, _| {
        draft.members.insert("keys".into(), json!([]));
    },
};

/// A web page instead of keys.
pub(super) static JWKS_HTML: Quirk = Quirk {
    name: "jwks-html",
    text: "A web page comes instead of the provider's keys, as from a proxy that asks for a login.",
    requirement: "RFC 7517 §5",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Body), (Jwks, ContentType)],
    apply: |draft, _, _| web_page(draft),
};

/// The key set is not JSON.
pub(super) static JWKS_BAD_JSON: Quirk = Quirk {
    name: "jwks-bad-json",
    text: "The key set breaks off in the middle.",
    requirement: "RFC 7517 §5",
    parameter: Parameter::Flag,
    touches: &[(Jwks, Body)],
    apply: |draft, _, _| draft.transport.body = Some("{\"keys\":[{\"kty\":".into()),
};

/// The key set is none.
pub(super) static JWKS_NOT_A_SET: Quirk = Quirk {
    name: "jwks-not-a-set",
    text: "Good JSON comes, but no key set: the list of keys lacks, is a table by key id, or all of it is `null`.",
    requirement: "RFC 7517 §5",
    parameter: Parameter::Choice(&["no-keys", "table", "null"]),
    touches: &[(Jwks, Body), (Jwks, Named("keys"))],
    apply: |draft, argument, _| match argument.text() {
        "no-keys" => drop(draft.members.shift_remove("keys")),
        "table" => {
            let keys = draft.members.get("keys").and_then(Value::as_array).into_iter().flatten();
            let by_id = keys.filter_map(|key| Some((key.get("kid")?.as_str()?.to_owned(), key.clone())));
            let table: Map<String, Value> = by_id.collect();
            draft.members.insert("keys".into(), table.into());
        }
        _ => draft.transport.body = Some("null".into()),
    },
};

/// The key set under its own label.
pub(super) static JWKS_CONTENT_TYPE: Quirk = Quirk {
    name: "jwks-content-type",
    text: "The key set comes under this content type; `application/jwk-set+json` is registered for it.",
    requirement: "RFC 7517 §8.5",
    parameter: Parameter::Text { default: "application/jwk-set+json" },
    touches: &[(Jwks, ContentType)],
    apply: |draft, argument, _| draft.transport.content_type = argument.text().to_owned().into(),
};

/// The key set is that of yesterday.
pub(super) static JWKS_STALE: Quirk = Quirk {
    name: "jwks-stale",
    text: "The provider signs with its next key already, but the key set that it serves, as from a cache, is still \
           the old one.",
    requirement: "OIDC Core §10.1.1",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("kid")), (IdToken, Signature), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
    apply: |draft, _, _| {
        draft.jose.seal = Seal::Stranger;
        draft.jose.header.insert("kid".into(), "the-next-key".into());
    },
};

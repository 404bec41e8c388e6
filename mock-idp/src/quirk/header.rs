//! Header parameters of the ID token that say where its key is, what it is,
//! or how it is written (RFC 7515 §4.1, RFC 8725 §3.10, §3.11).

use serde_json::json;

use super::{Argument, Parameter, Quirk, Scene};
use crate::draft::Draft;
use crate::jose::Seal;
use crate::member::Member::{Header, Signature};
use crate::message::Message::IdToken;

/// Signs with somebody else's key, under its own id.
fn by_foreign_key(draft: &mut Draft, scene: &Scene<'_>) {
    if let Some(key) = scene.keys.foreign(draft.jose.algorithm) {
        draft.jose.seal = Seal::Stranger;
        draft.jose.header.insert("kid".into(), scene.keys.id(key).into());
    }
}

/// `jwk`: the key itself.
pub(super) static EMBEDDED_KEY: Quirk = Quirk {
    name: "embedded-key",
    text: "The ID token brings its key along, in `jwk` of its header, and is signed with that. The key is anybody's.",
    requirement: "RFC 8725 §3.10",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("jwk")), (IdToken, Header("kid")), (IdToken, Signature)],
    apply: embedded_key,
};

/// Signs with somebody else's key and puts it into the header.
pub(super) fn embedded_key(draft: &mut Draft, _: &Argument, scene: &Scene<'_>) {
    by_foreign_key(draft, scene);
    if let Some(key) = scene.keys.foreign(draft.jose.algorithm) {
        draft.jose.header.insert("jwk".into(), key.public().clone());
    }
}

/// `jku`: where the keys are.
pub(super) static KEY_URL: Quirk = Quirk {
    name: "key-url",
    text: "The ID token says in `jku` of its header where its key can be fetched, and is signed with that. What lies \
           there is somebody else's key set.",
    requirement: "RFC 8725 §3.10",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("jku")), (IdToken, Header("kid")), (IdToken, Signature)],
    apply: |draft, _, scene| {
        by_foreign_key(draft, scene);
        let url = format!("{}/foreign-keys", scene.issuer.trim_end_matches('/'));
        draft.jose.header.insert("jku".into(), url.into());
    },
};

/// `typ` of another kind of token.
pub(super) static ANOTHER_KIND: Quirk = Quirk {
    name: "another-kind",
    text: "The ID token says in `typ` of its header that it is a token of another kind, such as a logout token or an \
           access token.",
    requirement: "RFC 8725 §3.11",
    parameter: Parameter::Choice(&["logout+jwt", "at+jwt"]),
    touches: &[(IdToken, Header("typ")), (IdToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.header.insert("typ".into(), argument.text().into());
    },
};

/// `cty`, which signed tokens do not need.
pub(super) static CONTENT_TYPE_HEADER: Quirk = Quirk {
    name: "content-type-header",
    text: "The header of the ID token says in `cty` what is in it, which means nothing to who verifies signatures.",
    requirement: "RFC 7515 §4.1.10",
    parameter: Parameter::Text { default: "application/json" },
    touches: &[(IdToken, Header("cty")), (IdToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.header.insert("cty".into(), argument.text().into());
    },
};

/// `zip`, which only encrypted tokens have.
pub(super) static COMPRESSION_HEADER: Quirk = Quirk {
    name: "compression-header",
    text: "The header of the ID token has a `zip`, which only encrypted tokens know; nothing is compressed.",
    requirement: "RFC 7515 §4",
    parameter: Parameter::Text { default: "DEF" },
    touches: &[(IdToken, Header("zip")), (IdToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.header.insert("zip".into(), argument.text().into());
    },
};

/// `b64: false`, as a critical extension.
pub(super) static UNENCODED_PAYLOAD: Quirk = Quirk {
    name: "unencoded-payload",
    text: "The header of the ID token says `b64: false`, and in `crit` that this must be understood; JWTs must not use \
           it.",
    requirement: "RFC 7797 §7",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("b64")), (IdToken, Header("crit")), (IdToken, Signature)],
    apply: |draft, _, _| {
        draft.jose.header.insert("b64".into(), false.into());
        draft.jose.header.insert("crit".into(), json!(["b64"]));
    },
};

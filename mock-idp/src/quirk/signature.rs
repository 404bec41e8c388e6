//! Header and signature of the ID token (RFC 7515, RFC 8725 §3).

use serde_json::json;

use super::{Argument, Parameter, Quirk, Scene};
use crate::draft::Draft;
use crate::jose::Seal;
use crate::member::Member::{Header, Signature};
use crate::message::Message::IdToken;
use crate::protocol::Algorithm;

/// The signature does not fit.
pub(super) static BAD_SIGNATURE: Quirk = Quirk {
    name: "bad-signature",
    text: "The ID token was changed on the way: its signature does not fit.",
    requirement: "OIDC Core §3.1.3.7 (6)",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Signature)],
    apply: |draft, _, _| draft.jose.seal = Seal::Tampered,
};

/// `alg: none`.
pub(super) static UNSIGNED: Quirk = Quirk {
    name: "unsigned",
    text: "The ID token is not signed at all: its header says `alg: none`.",
    requirement: "RFC 8725 §3.2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
    apply: |draft, _, _| unsign(draft, "none"),
};

/// Leaves the signature out, and says so in this word.
pub(super) fn unsign(draft: &mut Draft, algorithm: &str) {
    draft.jose.seal = Seal::Absent;
    draft.jose.header.insert("alg".into(), algorithm.into());
    draft.jose.header.shift_remove("kid");
}

/// Another algorithm than agreed.
pub(super) static WRONG_ALGORITHM: Quirk = Quirk {
    name: "wrong-algorithm",
    text: "The ID token is signed, rightly, with another algorithm than the one agreed on.",
    requirement: "OIDC Core §3.1.3.7 (7)",
    parameter: ALGORITHMS,
    touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
    apply: another_algorithm,
};

/// Algorithms that may not be the one agreed on.
pub(super) const ALGORITHMS: Parameter =
    Parameter::Choice(&["ES256", "ES384", "PS256", "EdDSA", "HS256", "RS384", "RS512", "RS256"]);

/// Signs, rightly, by another algorithm; the one agreed on is none.
pub(super) fn another_algorithm(draft: &mut Draft, argument: &Argument, _: &Scene<'_>) {
    let another = Algorithm::named(argument.text()).filter(|algorithm| *algorithm != draft.jose.algorithm);
    if let Some(algorithm) = another {
        draft.jose.algorithm = algorithm;
        draft.jose.header.insert("alg".into(), algorithm.name().into());
        // Without a key id, the fitting key of the JWKS is found by kind.
        draft.jose.header.shift_remove("kid");
    }
}

/// A key that is not published.
pub(super) static UNKNOWN_SIGNING_KEY: Quirk = Quirk {
    name: "unknown-signing-key",
    text: "The ID token is signed with a key that the provider does not publish, under the id of one that it does.",
    requirement: "OIDC Core §3.1.3.7 (6)",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Signature)],
    apply: |draft, _, _| draft.jose.seal = Seal::Stranger,
};

/// A key id that is not published.
pub(super) static UNKNOWN_KEY_ID: Quirk = Quirk {
    name: "unknown-key-id",
    text: "The ID token names a key that is not in the JWKS, not even after fetching it again.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Text { default: "key-of-nobody" },
    touches: &[(IdToken, Header("kid")), (IdToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.seal = Seal::Stranger;
        draft.jose.header.insert("kid".into(), argument.text().into());
    },
};

/// A `crit` header nobody understands.
pub(super) static CRITICAL_HEADER: Quirk = Quirk {
    name: "critical-header",
    text: "The ID token demands in `crit` that an extension is understood which nobody knows.",
    requirement: "RFC 7515 §4.1.11",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("crit")), (IdToken, Header("unheard-of")), (IdToken, Signature)],
    apply: |draft, _, _| demand_extension(draft),
};

/// Demands an extension that there is not.
pub(super) fn demand_extension(draft: &mut Draft) {
    draft.jose.header.insert("crit".into(), json!(["unheard-of"]));
    draft.jose.header.insert("unheard-of".into(), true.into());
}

/// `alg: none` in another case.
pub(super) static UNSIGNED_IN_ANOTHER_CASE: Quirk = Quirk {
    name: "unsigned-in-another-case",
    text: "The ID token is not signed, and its header says so in another case than `none`, to get past those who look \
           for that word.",
    requirement: "RFC 8725 §3.2",
    parameter: Parameter::Choice(&["None", "NONE", "nOnE"]),
    touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
    apply: |draft, argument, _| unsign(draft, argument.text()),
};

/// A signature of no bytes.
pub(super) static EMPTY_SIGNATURE: Quirk = Quirk {
    name: "empty-signature",
    text: "The header of the ID token names the right algorithm and key, but the signature is empty.",
    requirement: "RFC 7515 §5.2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Signature)],
    apply: |draft, _, _| draft.jose.seal = Seal::Absent,
};

/// No key id.
pub(super) static MISSING_KEY_ID: Quirk = Quirk {
    name: "missing-key-id",
    text: "The header of the ID token does not say which key signed it, so that the client has to try those that fit.",
    requirement: "RFC 7515 §4.1.4",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Header("kid")), (IdToken, Signature)],
    apply: |draft, _, _| {
        draft.jose.header.shift_remove("kid");
    },
};

/// The public key as a secret.
pub(super) static HMAC_WITH_PUBLIC_KEY: Quirk = Quirk {
    name: "hmac-with-public-key",
    text: "The ID token says HS256, and the secret that it is signed with is the provider's public key, which \
           everybody has: as a PEM file, or as a JWK.",
    requirement: "RFC 8725 §3.1",
    parameter: PUBLIC_KEYS,
    touches: &[(IdToken, Header("alg")), (IdToken, Signature)],
    apply: hmac_with_public_key,
};

/// How a public key is written down.
pub(super) const PUBLIC_KEYS: Parameter = Parameter::Choice(&["pem", "jwk"]);

/// Signs by HMAC with the very key that verifies the honest signature.
pub(super) fn hmac_with_public_key(draft: &mut Draft, argument: &Argument, scene: &Scene<'_>) {
    let key = scene.keys.own(draft.jose.algorithm);
    let secret = match argument.text() {
        "pem" => key.and_then(|key| key.public_pem().ok()),
        _ => key.map(|key| key.public().to_string()),
    };
    draft.jose.secret = secret.map(String::into_bytes);
    draft.jose.algorithm = Algorithm::Hs256;
    draft.jose.header.insert("alg".into(), "HS256".into());
}

/// The key id leads to the key.
pub(super) static KEY_FROM_KEY_ID: Quirk = Quirk {
    name: "key-from-key-id",
    text: "The ID token is signed by HMAC with a secret to which its own key id leads a server that believes it: the \
           path of an empty file, or a database query that answers with it.",
    requirement: "RFC 8725 §3.10",
    parameter: Parameter::Choice(&["file", "query"]),
    touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
    apply: |draft, argument, _| {
        let (kid, secret) = match argument.text() {
            "file" => ("../../../../../../dev/null", ""),
            _ => ("x' UNION SELECT 'known' --", "known"),
        };
        draft.jose.algorithm = Algorithm::Hs256;
        draft.jose.secret = Some(secret.as_bytes().to_vec());
        draft.jose.header.insert("alg".into(), "HS256".into());
        draft.jose.header.insert("kid".into(), kid.into());
    },
};

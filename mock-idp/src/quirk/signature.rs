//! Header and signature of the ID token (RFC 7515, RFC 8725 §3).

use serde_json::json;

use super::{Parameter, Quirk};
use crate::draft::Message::IdToken;
use crate::draft::Seal;
use crate::jose::Algorithm;

/// The signature does not fit.
pub(super) static BAD_SIGNATURE: Quirk = Quirk {
    name: "bad-signature",
    text: "The ID token was changed on the way: its signature does not fit.",
    requirement: "OIDC Core §3.1.3.7 (6)",
    parameter: Parameter::Flag,
    touches: &[(IdToken, "signature")],
    apply: |draft, _, _| draft.jose.seal = Seal::Tampered,
};

/// `alg: none`.
pub(super) static UNSIGNED: Quirk = Quirk {
    name: "unsigned",
    text: "The ID token is not signed at all: its header says `alg: none`.",
    requirement: "RFC 8725 §3.2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, "header.alg"), (IdToken, "header.kid"), (IdToken, "signature")],
    apply: |draft, _, _| {
        draft.jose.seal = Seal::Absent;
        draft.jose.header.insert("alg".into(), "none".into());
        draft.jose.header.shift_remove("kid");
    },
};

/// Another algorithm than agreed.
pub(super) static WRONG_ALGORITHM: Quirk = Quirk {
    name: "wrong-algorithm",
    text: "The ID token is signed, rightly, with another algorithm than the one agreed on.",
    requirement: "OIDC Core §3.1.3.7 (7)",
    parameter: Parameter::Choice(&["ES256", "PS256", "EdDSA", "HS256", "RS256"]),
    touches: &[(IdToken, "header.alg"), (IdToken, "header.kid"), (IdToken, "signature")],
    apply: |draft, argument, _| {
        if let Some(algorithm) = Algorithm::named(argument.text()) {
            draft.jose.algorithm = algorithm;
            draft.jose.header.insert("alg".into(), algorithm.name().into());
            // Without a key id, the fitting key of the JWKS is found by kind.
            draft.jose.header.shift_remove("kid");
        }
    },
};

/// A key that is not published.
pub(super) static UNKNOWN_SIGNING_KEY: Quirk = Quirk {
    name: "unknown-signing-key",
    text: "The ID token is signed with a key that the provider does not publish, under the id of one that it does.",
    requirement: "OIDC Core §3.1.3.7 (6)",
    parameter: Parameter::Flag,
    touches: &[(IdToken, "signature")],
    apply: |draft, _, _| draft.jose.seal = Seal::Stranger,
};

/// A key id that is not published.
pub(super) static UNKNOWN_KEY_ID: Quirk = Quirk {
    name: "unknown-key-id",
    text: "The ID token names a key that is not in the JWKS, not even after fetching it again.",
    requirement: "OIDC Core §10.1",
    parameter: Parameter::Text { default: "key-of-nobody" },
    touches: &[(IdToken, "header.kid"), (IdToken, "signature")],
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
    touches: &[(IdToken, "header.crit"), (IdToken, "header.unheard-of"), (IdToken, "signature")],
    apply: |draft, _, _| {
        draft.jose.header.insert("crit".into(), json!(["unheard-of"]));
        draft.jose.header.insert("unheard-of".into(), true.into());
    },
};

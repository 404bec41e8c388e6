//! Signature, header and form of the ID token (RFC 7515, RFC 7516, RFC 8725
//! §3). Logout tokens and signed UserInfo share the functions.

use super::operation::Operation::{self, Each, Function, Remove, Serialize, Set, Sign};
use super::{Argument, Parameter, Quirk, Scene};
use crate::jose::{Form, Seal};
use crate::message::Draft;
use crate::message::Member::{Header, Payload, Signature};
use crate::message::Message::IdToken;
use crate::protocol::Algorithm;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "bad-signature",
        text: "The ID token was changed on the way: its signature does not fit.",
        requirement: "OIDC Core §3.1.3.7 (6)",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Signature)],
        operation: Sign(Seal::Tampered),
    },
    Quirk {
        name: "unsigned",
        text: "The ID token is not signed at all: its header says `alg: none`.",
        requirement: "RFC 8725 §3.2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(unsign),
    },
    Quirk {
        name: "wrong-algorithm",
        text: "The ID token is signed, rightly, with another algorithm than the one agreed on.",
        requirement: "OIDC Core §3.1.3.7 (7)",
        parameter: ALGORITHMS,
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(another_algorithm),
    },
    Quirk {
        name: "unknown-signing-key",
        text: "The ID token is signed with a key that the provider does not publish, under the id of one that it does.",
        requirement: "OIDC Core §3.1.3.7 (6)",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Signature)],
        operation: Sign(Seal::Stranger),
    },
    Quirk {
        name: "unknown-key-id",
        text: "The ID token names a key that is not in the JWKS, not even after fetching it again.",
        requirement: "OIDC Core §10.1",
        parameter: Parameter::Text { default: "key-of-nobody" },
        touches: &[(IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(|draft, argument, _| {
            draft.jose.seal = Seal::Stranger;
            draft.set(Header("kid"), argument.text().into());
        }),
    },
    Quirk {
        name: "critical-header",
        text: "The ID token demands in `crit` that an extension is understood which nobody knows.",
        requirement: "RFC 7515 §4.1.11",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("crit")), (IdToken, Header("unheard-of")), (IdToken, Signature)],
        operation: DEMAND_EXTENSION,
    },
    Quirk {
        name: "unsigned-in-another-case",
        text: "The ID token is not signed, and its header says so in another case than `none`, to get past those who \
               look for that word.",
        requirement: "RFC 8725 §3.2",
        parameter: Parameter::Choice(&["None", "NONE", "nOnE"]),
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(unsign),
    },
    Quirk {
        name: "empty-signature",
        text: "The header of the ID token names the right algorithm and key, but the signature is empty.",
        requirement: "RFC 7515 §5.2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Signature)],
        operation: Sign(Seal::Absent),
    },
    Quirk {
        name: "missing-key-id",
        text: "The header of the ID token does not say which key signed it, so that the client has to try those that \
               fit.",
        requirement: "RFC 7515 §4.1.4",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("kid")), (IdToken, Signature)],
        operation: Remove,
    },
    Quirk {
        name: "hmac-with-public-key",
        text: "The ID token says HS256, and the secret that it is signed with is the provider's public key, which \
               everybody has: as a PEM file, or as a JWK.",
        requirement: "RFC 8725 §3.1",
        parameter: PUBLIC_KEYS,
        touches: &[(IdToken, Header("alg")), (IdToken, Signature)],
        operation: Function(hmac_with_public_key),
    },
    Quirk {
        name: "key-from-key-id",
        text: "The ID token is signed by HMAC with a secret to which its own key id leads a server that believes it: \
               the path of an empty file, or a database query that answers with it.",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Choice(&["file", "query"]),
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(|draft, argument, _| {
            let (kid, secret) = match argument.text() {
                "file" => ("../../../../../../dev/null", ""),
                _ => ("x' UNION SELECT 'known' --", "known"),
            };
            by_secret(draft, Some(secret.to_owned()));
            draft.set(Header("kid"), kid.into());
        }),
    },
    Quirk {
        name: "embedded-key",
        text: "The ID token brings its key along, in `jwk` of its header, and is signed with that. The key is \
               anybody's.",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("jwk")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(embedded_key),
    },
    Quirk {
        name: "key-url",
        text: "The ID token says in `jku` of its header where its key can be fetched, and is signed with that. What \
               lies there is somebody else's key set.",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("jku")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(|draft, _, scene| {
            by_foreign_key(draft, scene);
            draft.set(Header("jku"), format!("{}/foreign-keys", scene.issuer.trim_end_matches('/')).into());
        }),
    },
    Quirk {
        name: "another-kind",
        text: "The ID token says in `typ` of its header that it is a token of another kind, such as a logout token or \
               an access token.",
        requirement: "RFC 8725 §3.11",
        parameter: Parameter::Choice(&["logout+jwt", "at+jwt"]),
        touches: &[(IdToken, Header("typ")), (IdToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "content-type-header",
        text: "The header of the ID token says in `cty` what is in it, which means nothing to who verifies signatures.",
        requirement: "RFC 7515 §4.1.10",
        parameter: Parameter::Text { default: "application/json" },
        touches: &[(IdToken, Header("cty")), (IdToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "compression-header",
        text: "The header of the ID token has a `zip`, which only encrypted tokens know; nothing is compressed.",
        requirement: "RFC 7515 §4",
        parameter: Parameter::Text { default: "DEF" },
        touches: &[(IdToken, Header("zip")), (IdToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "unencoded-payload",
        text: "The header of the ID token says `b64: false`, and in `crit` that this must be understood; JWTs must not \
               use it.",
        requirement: "RFC 7797 §7",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("b64")), (IdToken, Header("crit")), (IdToken, Signature)],
        operation: Each(&["false", r#"["b64"]"#]),
    },
    Quirk {
        name: "odd-encoding",
        text: "The ID token is right but for its letters: padded with `=`, in the alphabet of plain base64, broken \
               into lines, or as a JSON object instead of three parts.",
        requirement: "RFC 7515 §5.2",
        parameter: Parameter::Choice(&["padding", "alphabet", "lines", "json"]),
        touches: &[(IdToken, Payload)],
        operation: Serialize(&[Form::Padded, Form::StandardAlphabet, Form::Broken, Form::Json]),
    },
    Quirk {
        name: "missing-part",
        text: "The ID token has two parts instead of three, the signature is missing with its dot; or it has four.",
        requirement: "RFC 7515 §7.1",
        parameter: Parameter::Choice(&["two", "four"]),
        touches: &[(IdToken, Signature)],
        operation: Serialize(&[Form::TwoParts, Form::FourParts]),
    },
    Quirk {
        name: "encrypted",
        text: "The ID token is encrypted, in five parts, as when an encryption key was chosen at the provider. The \
               client has no key to open it.",
        requirement: "OIDC Core §3.1.3.7 (1)",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Payload)],
        operation: Serialize(&[Form::Encrypted]),
    },
];

/// Leaves the signature out. The header says so with the argument, or `none`.
pub(super) fn unsign(draft: &mut Draft, argument: &Argument, _: &Scene<'_>) {
    let word = Some(argument.text()).filter(|word| !word.is_empty()).unwrap_or("none");
    draft.jose.seal = Seal::Absent;
    draft.set(Header("alg"), word.into());
    draft.remove(Header("kid"));
}

/// Algorithms that may not be the one agreed on.
pub(super) const ALGORITHMS: Parameter =
    Parameter::Choice(&["ES256", "ES384", "PS256", "EdDSA", "HS256", "RS384", "RS512", "RS256"]);

/// Signs, rightly, by another algorithm; the one agreed on is none.
pub(super) fn another_algorithm(draft: &mut Draft, argument: &Argument, _: &Scene<'_>) {
    let another = Algorithm::named(argument.text()).filter(|algorithm| *algorithm != draft.jose.algorithm);
    if let Some(algorithm) = another {
        draft.jose.algorithm = algorithm;
        draft.set(Header("alg"), algorithm.name().into());
        // Without a key id, the fitting key of the JWKS is found by kind.
        draft.remove(Header("kid"));
    }
}

/// Demands an extension that does not exist.
pub(super) const DEMAND_EXTENSION: Operation = Each(&[r#"["unheard-of"]"#, "true"]);

/// How a public key is written down.
pub(super) const PUBLIC_KEYS: Parameter = Parameter::Choice(&["pem", "jwk"]);

/// Signs by HMAC with the very key that verifies the honest signature.
pub(super) fn hmac_with_public_key(draft: &mut Draft, argument: &Argument, scene: &Scene<'_>) {
    let key = scene.keys.own(draft.jose.algorithm);
    let secret = match argument.text() {
        "pem" => key.and_then(|key| key.public_pem().ok()),
        _ => key.map(|key| key.public().to_string()),
    };
    by_secret(draft, secret);
}

/// Signs by HMAC with this secret.
fn by_secret(draft: &mut Draft, secret: Option<String>) {
    draft.jose.secret = secret.map(String::into_bytes);
    draft.jose.algorithm = Algorithm::Hs256;
    draft.set(Header("alg"), "HS256".into());
}

/// Signs with a foreign key, under that key's id.
fn by_foreign_key(draft: &mut Draft, scene: &Scene<'_>) {
    if let Some(key) = scene.keys.foreign(draft.jose.algorithm) {
        draft.jose.seal = Seal::Stranger;
        draft.set(Header("kid"), scene.keys.id(key).into());
    }
}

/// Signs with a foreign key and puts that key into the header.
pub(super) fn embedded_key(draft: &mut Draft, _: &Argument, scene: &Scene<'_>) {
    by_foreign_key(draft, scene);
    if let Some(key) = scene.keys.foreign(draft.jose.algorithm) {
        draft.set(Header("jwk"), key.public().clone());
    }
}

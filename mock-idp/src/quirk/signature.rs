//! Signature, header and form of the ID token (RFC 7515, RFC 7516, RFC 8725
//! §3). Logout tokens and signed UserInfo share the functions.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::key_set::{PUBLISHED_SECRET, publish_secret};
use super::operation::Operation::{self, Each, Function, Remove, Serialize, Set, Sign};
use super::{Argument, Parameter, Quirk, Scene};
use crate::jose::{Form, Seal, SigningKey, pem};
use crate::message::Draft;
use crate::message::Member::{Header, Named, Payload, Signature};
use crate::message::Message::{IdToken, Jwks};
use crate::protocol::Algorithm;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "bad-signature",
        text: "The signature of the ID token does not match its content, as if an attacker had altered the token.",
        requirement: "OIDC Core §3.1.3.7 (6)",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Signature)],
        operation: Sign(Seal::Tampered),
    },
    Quirk {
        name: "unsigned",
        text: "The ID token has no signature: `alg` in its header is `none`.",
        requirement: "RFC 8725 §3.2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(unsign),
    },
    Quirk {
        name: "wrong-algorithm",
        text: "The ID token has a valid signature, but not with the algorithm that is registered for the client.",
        requirement: "OIDC Core §3.1.3.7 (7)",
        parameter: ALGORITHMS,
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(another_algorithm),
    },
    Quirk {
        name: "unknown-signing-key",
        text: "The ID token is signed with a key that is not in the JWKS, but its `kid` is that of a key in the JWKS.",
        requirement: "OIDC Core §3.1.3.7 (6)",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Signature)],
        operation: Sign(Seal::Stranger),
    },
    Quirk {
        name: "unknown-key-id",
        text: "`kid` of the ID token is not in the JWKS, even if the client fetches the JWKS again.",
        requirement: "OIDC Core §10.1",
        parameter: Parameter::Text { default: "unknown-key" },
        touches: &[(IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(|draft, argument, _| {
            draft.jose.seal = Seal::Stranger;
            draft.set(Header("kid"), argument.text().into());
        }),
    },
    Quirk {
        name: "critical-header",
        text: "`crit` in the header of the ID token requires an extension that no server supports.",
        requirement: "RFC 7515 §4.1.11",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("crit")), (IdToken, Header("unheard-of")), (IdToken, Signature)],
        operation: DEMAND_EXTENSION,
    },
    Quirk {
        name: "unsigned-in-another-case",
        text: "The ID token has no signature: `alg` in its header is `none`, but with capital letters. A server that \
               looks only for `none` misses it.",
        requirement: "RFC 8725 §3.2",
        parameter: Parameter::Choice(&["None", "NONE", "nOnE"]),
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(unsign),
    },
    Quirk {
        name: "empty-signature",
        text: "The header of the ID token names the correct algorithm and key, but the signature is empty.",
        requirement: "RFC 7515 §5.2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Signature)],
        operation: Sign(Seal::Absent),
    },
    Quirk {
        name: "missing-key-id",
        text: "The ID token has no `kid`, so the client has to try each key that fits.",
        requirement: "RFC 7515 §4.1.4",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("kid")), (IdToken, Signature)],
        operation: Remove,
    },
    Quirk {
        name: "hmac-with-public-key",
        text: "The ID token is signed with HS256 and the provider's public key as the secret. The parameter selects \
               the encoding of the key: PEM, DER, a certificate, a JWK, one of its members, or the whole JWKS.",
        requirement: "RFC 8725 §3.1",
        parameter: PUBLIC_KEYS,
        touches: &[(IdToken, Header("alg")), (IdToken, Signature)],
        operation: Function(hmac_with_public_key),
    },
    Quirk {
        name: "key-from-key-id",
        text: "The ID token is signed with an attacker's key, and its `kid` leads a careless server to that key. The \
               `kid` is the path of an empty file or an SQL injection (the key is then an HMAC secret), the URL of a \
               JWKS, or a whole JWK.",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Choice(&["file", "query", "url", "jwk"]),
        touches: &[(IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(|draft, argument, scene| {
            let (kid, secret) = match argument.text() {
                "file" => ("../../../../../../dev/null", ""),
                "query" => ("x' UNION SELECT 'known' --", "known"),
                way => return key_id_of_foreign_key(draft, scene, way),
            };
            by_secret(draft, Some(secret.into()));
            draft.set(Header("kid"), kid.into());
        }),
    },
    Quirk {
        name: "signed-with-published-secret",
        text: "The provider signs the ID token with a symmetric key that is in the JWKS, where anyone can read it.",
        requirement: "RFC 8725 §3.5",
        parameter: Parameter::Flag,
        touches: &[(Jwks, Named("keys")), (IdToken, Header("alg")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(|draft, _, _| {
            if draft.message == Jwks {
                return publish_secret(draft);
            }
            by_secret(draft, BASE64_URL_SAFE_NO_PAD.decode(PUBLISHED_SECRET).ok());
            draft.set(Header("kid"), "symmetric".into());
        }),
    },
    Quirk {
        name: "embedded-key",
        text: "The header of the ID token contains a key (`jwk`) or a certificate (`x5c`) that is not the provider's, \
               and the token is signed with that key.",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Choice(&["jwk", "x5c"]),
        touches: &[(IdToken, Header("jwk")), (IdToken, Header("x5c")), (IdToken, Header("kid")), (IdToken, Signature)],
        operation: Function(embedded_key),
    },
    Quirk {
        name: "key-url",
        text: "The header of the ID token has the URL of a JWKS (`jku`) or of a certificate (`x5u`) that is not the \
               provider's, and the token is signed with a key from there. With `jku-beside-own`, the JWKS also has the \
               provider's keys. With `jku-in-jwk`, the URL is in a key in the header (`jwk`).",
        requirement: "RFC 8725 §3.10",
        parameter: Parameter::Choice(&["jku", "x5u", "jku-beside-own", "jku-in-jwk"]),
        touches: &[
            (IdToken, Header("jku")),
            (IdToken, Header("jwk")),
            (IdToken, Header("x5u")),
            (IdToken, Header("kid")),
            (IdToken, Signature),
        ],
        operation: Function(|draft, argument, scene| {
            by_foreign_key(draft, scene);
            let address = foreign_address(scene);
            match argument.text() {
                "x5u" => draft.set(Header("x5u"), address.into()),
                "jku-beside-own" => draft.set(Header("jku"), format!("{address}?{BESIDE_OWN}").into()),
                "jku-in-jwk" => draft.set(Header("jwk"), json!({ "kty": "RSA", "jku": address })),
                _ => draft.set(Header("jku"), address.into()),
            }
        }),
    },
    Quirk {
        name: "another-kind",
        text: "The `typ` header of the ID token names another kind of token: a logout token or an access token.",
        requirement: "RFC 8725 §3.11",
        parameter: Parameter::Choice(&["logout+jwt", "at+jwt"]),
        touches: &[(IdToken, Header("typ")), (IdToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "content-type-header",
        text: "The header of the ID token has `cty`, the content type of the payload, which servers must ignore.",
        requirement: "RFC 7515 §4.1.10",
        parameter: Parameter::Text { default: "application/json" },
        touches: &[(IdToken, Header("cty")), (IdToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "compression-header",
        text: "The header of the ID token has `zip`, which only encrypted tokens may have. The token is not \
               compressed.",
        requirement: "RFC 7515 §4",
        parameter: Parameter::Text { default: "DEF" },
        touches: &[(IdToken, Header("zip")), (IdToken, Signature)],
        operation: Set,
    },
    Quirk {
        name: "unencoded-payload",
        text: "The header of the ID token has `b64: false` and lists `b64` in `crit`, which a JWT must not do.",
        requirement: "RFC 7797 §7",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Header("b64")), (IdToken, Header("crit")), (IdToken, Signature)],
        operation: Each(&["false", r#"["b64"]"#]),
    },
    Quirk {
        name: "odd-encoding",
        text: "The ID token is valid except for its encoding: it has padding (`=`), is in plain base64, has line \
               breaks, or is a JSON object instead of three parts.",
        requirement: "RFC 7515 §5.2",
        parameter: Parameter::Choice(&["padding", "alphabet", "lines", "json"]),
        touches: &[(IdToken, Payload)],
        operation: Serialize(&[Form::Padded, Form::StandardAlphabet, Form::Broken, Form::Json]),
    },
    Quirk {
        name: "missing-part",
        text: "The ID token has two parts, without the signature and the dot before it, or four parts instead of \
               three.",
        requirement: "RFC 7515 §7.1",
        parameter: Parameter::Choice(&["two", "four"]),
        touches: &[(IdToken, Signature)],
        operation: Serialize(&[Form::TwoParts, Form::FourParts]),
    },
    Quirk {
        name: "encrypted",
        text: "The ID token is encrypted and has five parts, as if an administrator had selected an encryption key at \
               the provider. The client has no key to decrypt it.",
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
pub(super) const PUBLIC_KEYS: Parameter = Parameter::Choice(&[
    "pem",
    "jwk",
    "pem-without-last-line-break",
    "der",
    "base64-of-der",
    "pkcs1-pem",
    "pkcs1-der",
    "modulus",
    "modulus-in-bytes",
    "certificate-pem",
    "certificate-der",
    "jwks",
    "exponent",
    "key-type",
    "algorithm",
]);

/// Signs by HMAC with the key that verifies the honest signature.
pub(super) fn hmac_with_public_key(draft: &mut Draft, argument: &Argument, scene: &Scene<'_>) {
    let secret = scene.keys.own(draft.jose.algorithm).and_then(|key| written(key, argument.text()));
    by_secret(draft, secret);
}

/// A public key in one of the ways of [`PUBLIC_KEYS`]; `None` where such a key
/// is not written so.
fn written(key: &SigningKey, way: &str) -> Option<Vec<u8>> {
    let member = |name: &str| key.public().get(name).and_then(Value::as_str);
    match way {
        "pem" => key.public_pem().ok().map(String::into_bytes),
        "pem-without-last-line-break" => key.public_pem().ok().map(|pem| pem.trim_end().into()),
        "der" => key.public_der().ok(),
        "base64-of-der" => key.public_der().ok().map(|der| BASE64_STANDARD.encode(der).into_bytes()),
        "pkcs1-pem" => Some(pem("RSA PUBLIC KEY", key.public_bytes()).into_bytes()),
        "pkcs1-der" => Some(key.public_bytes().to_vec()),
        "modulus" => member("n").map(Into::into),
        "exponent" => member("e").map(Into::into),
        "key-type" => member("kty").map(Into::into),
        "algorithm" => member("alg").map(Into::into),
        "modulus-in-bytes" => member("n").and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok()),
        "certificate-pem" => key.certificate().ok().map(|der| pem("CERTIFICATE", der).into_bytes()),
        "certificate-der" => key.certificate().ok().map(<[u8]>::to_vec),
        "jwks" => Some(json!({ "keys": [key.public()] }).to_string().into_bytes()),
        _ => Some(key.public().to_string().into_bytes()),
    }
}

/// Signs by HMAC with this secret.
fn by_secret(draft: &mut Draft, secret: Option<Vec<u8>>) {
    draft.jose.secret = secret;
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

/// The query with which the JWKS of foreign keys lists the provider's own, too.
pub(crate) const BESIDE_OWN: &str = "beside=own";

/// Where foreign keys are.
fn foreign_address(scene: &Scene<'_>) -> String {
    format!("{}/foreign-keys", scene.issuer.trim_end_matches('/'))
}

/// Signs with a foreign key, to which the key id leads: it is its address, or the
/// key.
fn key_id_of_foreign_key(draft: &mut Draft, scene: &Scene<'_>, way: &str) {
    by_foreign_key(draft, scene);
    let key = scene.keys.foreign(draft.jose.algorithm);
    let kid = match way {
        "url" => Some(foreign_address(scene)),
        _ => key.map(|key| key.public().to_string()),
    };
    draft.set(Header("kid"), kid.into());
}

/// Signs with a foreign key and puts that key into the header.
pub(super) fn embedded_key(draft: &mut Draft, argument: &Argument, scene: &Scene<'_>) {
    by_foreign_key(draft, scene);
    let Some(key) = scene.keys.foreign(draft.jose.algorithm) else { return };
    match (argument.text(), key.certificate()) {
        ("x5c", Ok(certificate)) => draft.set(Header("x5c"), json!([BASE64_STANDARD.encode(certificate)])),
        _ => draft.set(Header("jwk"), key.public().clone()),
    }
}

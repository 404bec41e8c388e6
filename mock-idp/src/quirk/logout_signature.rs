//! Header, signature and form of the logout token (OIDC Back-Channel Logout
//! §2.4, §2.6, RFC 8725 §3). The plainest cases stand in `logout_token`.

use super::header::embedded_key;
use super::signature::{ALGORITHMS, PUBLIC_KEYS, another_algorithm, demand_extension, hmac_with_public_key};
use super::{Parameter, Quirk};
use crate::jose::{Form, Seal};
use crate::member::Member::{Header, Payload, Signature};
use crate::message::Message::LogoutToken;

/// The type of plain JWTs, or none.
pub(super) static LOGOUT_PLAIN_TYPE: Quirk = Quirk {
    name: "logout-plain-type",
    text: "The logout token does not say in `typ` that it is one, as older providers do not: it says `JWT`, or \
           nothing.",
    requirement: "OIDC Back-Channel Logout §2.4",
    parameter: Parameter::Choice(&["JWT", "missing"]),
    touches: &[(LogoutToken, Header("typ")), (LogoutToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.header.shift_remove("typ");
        if argument.text() != "missing" {
            draft.jose.header.insert("typ".into(), argument.text().into());
        }
    },
};

/// The type of another kind of token.
pub(super) static LOGOUT_ANOTHER_KIND: Quirk = Quirk {
    name: "logout-another-kind",
    text: "The logout token says in `typ` that it is a token of another kind.",
    requirement: "RFC 8725 §3.11",
    parameter: Parameter::Text { default: "at+jwt" },
    touches: &[(LogoutToken, Header("typ")), (LogoutToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.header.insert("typ".into(), argument.text().into());
    },
};

/// Another algorithm than agreed.
pub(super) static LOGOUT_WRONG_ALGORITHM: Quirk = Quirk {
    name: "logout-wrong-algorithm",
    text: "The logout token is signed, rightly, with another algorithm than the one agreed on.",
    requirement: "OIDC Back-Channel Logout §2.6 (3)",
    parameter: ALGORITHMS,
    touches: &[(LogoutToken, Header("alg")), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
    apply: another_algorithm,
};

/// The public key as a secret.
pub(super) static LOGOUT_HMAC_WITH_PUBLIC_KEY: Quirk = Quirk {
    name: "logout-hmac-with-public-key",
    text: "The logout token says HS256, and the secret that it is signed with is the provider's public key, which \
           everybody has.",
    requirement: "RFC 8725 §3.1",
    parameter: PUBLIC_KEYS,
    touches: &[(LogoutToken, Header("alg")), (LogoutToken, Signature)],
    apply: hmac_with_public_key,
};

/// `jwk`: the key itself.
pub(super) static LOGOUT_EMBEDDED_KEY: Quirk = Quirk {
    name: "logout-embedded-key",
    text: "The logout token brings its key along, in `jwk` of its header, and is signed with that.",
    requirement: "RFC 8725 §3.10",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Header("jwk")), (LogoutToken, Header("kid")), (LogoutToken, Signature)],
    apply: embedded_key,
};

/// A key that was published once.
pub(super) static LOGOUT_FORMER_KEY: Quirk = Quirk {
    name: "logout-former-key",
    text: "The logout token is signed with the key that the provider used before it last changed its keys, and does \
           not publish any more.",
    requirement: "OIDC Core §10.1.1",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Header("kid")), (LogoutToken, Signature)],
    apply: |draft, _, scene| {
        if let Some(key) = scene.keys.former(draft.jose.algorithm) {
            draft.jose.seal = Seal::Former;
            draft.jose.header.insert("kid".into(), scene.keys.id(key).into());
        }
    },
};

/// A signature of no bytes.
pub(super) static LOGOUT_EMPTY_SIGNATURE: Quirk = Quirk {
    name: "logout-empty-signature",
    text: "The header of the logout token names the right algorithm and key, but the signature is empty.",
    requirement: "RFC 7515 §5.2",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Signature)],
    apply: |draft, _, _| draft.jose.seal = Seal::Absent,
};

/// A `crit` header nobody understands.
pub(super) static LOGOUT_CRITICAL_HEADER: Quirk = Quirk {
    name: "logout-critical-header",
    text: "The logout token demands in `crit` that an extension is understood which nobody knows.",
    requirement: "RFC 7515 §4.1.11",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Header("crit")), (LogoutToken, Header("unheard-of")), (LogoutToken, Signature)],
    apply: |draft, _, _| demand_extension(draft),
};

/// Encrypted.
pub(super) static LOGOUT_ENCRYPTED: Quirk = Quirk {
    name: "logout-encrypted",
    text: "The logout token is encrypted, and the client has no key to open it.",
    requirement: "OIDC Back-Channel Logout §2.6 (1)",
    parameter: Parameter::Flag,
    touches: &[(LogoutToken, Payload)],
    apply: |draft, _, _| draft.jose.form = Form::Encrypted,
};

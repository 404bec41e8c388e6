//! `UserInfo` that comes as a JWT (OIDC Core §5.3.2, §5.3.4). Where it is
//! plain JSON, none of these has anything to change.

use super::signature::{ALGORITHMS, another_algorithm, unsign};
use super::{Parameter, Quirk};
use crate::draft::Draft;
use crate::jose::{Form, Seal};
use crate::member::Member::{Header, Named, Payload, Signature};
use crate::message::Message::UserInfo;

fn is_signed(draft: &Draft) -> bool {
    draft.transport.content_type == "application/jwt"
}

fn seal(draft: &mut Draft, seal: Seal) {
    if is_signed(draft) {
        draft.jose.seal = seal;
    }
}

/// The signature does not fit.
pub(super) static USERINFO_BAD_SIGNATURE: Quirk = Quirk {
    name: "userinfo-bad-signature",
    text: "The signed UserInfo answer was changed on the way: its signature does not fit.",
    requirement: "OIDC Core §5.3.4",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, Signature)],
    apply: |draft, _, _| seal(draft, Seal::Tampered),
};

/// A key that is not published.
pub(super) static USERINFO_UNKNOWN_SIGNING_KEY: Quirk = Quirk {
    name: "userinfo-unknown-signing-key",
    text: "The UserInfo answer is signed with a key that the provider does not publish.",
    requirement: "OIDC Core §5.3.4",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, Signature)],
    apply: |draft, _, _| seal(draft, Seal::Stranger),
};

/// `alg: none`.
pub(super) static USERINFO_UNSIGNED: Quirk = Quirk {
    name: "userinfo-unsigned",
    text: "The UserInfo answer is a JWT, but it is not signed: its header says `alg: none`.",
    requirement: "RFC 8725 §3.2",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, Header("alg")), (UserInfo, Header("kid")), (UserInfo, Signature)],
    apply: |draft, _, _| {
        if is_signed(draft) {
            unsign(draft, "none");
        }
    },
};

/// Another algorithm than agreed.
pub(super) static USERINFO_WRONG_ALGORITHM: Quirk = Quirk {
    name: "userinfo-wrong-algorithm",
    text: "The UserInfo answer is signed, rightly, with another algorithm than the one agreed on.",
    requirement: "RFC 8725 §3.1",
    parameter: ALGORITHMS,
    touches: &[(UserInfo, Header("alg")), (UserInfo, Header("kid")), (UserInfo, Signature)],
    apply: |draft, argument, scene| {
        if is_signed(draft) {
            another_algorithm(draft, argument, scene);
        }
    },
};

/// `iss` names somebody else.
pub(super) static USERINFO_WRONG_ISSUER: Quirk = Quirk {
    name: "userinfo-wrong-issuer",
    text: "The signed UserInfo answer says in `iss` that another provider made it.",
    requirement: "RFC 8725 §3.8",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(UserInfo, Named("iss"))],
    apply: |draft, argument, _| {
        if is_signed(draft) {
            draft.members.insert("iss".into(), argument.text().into());
        }
    },
};

/// `aud` names another client.
pub(super) static USERINFO_WRONG_AUDIENCE: Quirk = Quirk {
    name: "userinfo-wrong-audience",
    text: "The signed UserInfo answer was made for another client: `aud` names that one.",
    requirement: "RFC 7519 §4.1.3",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(UserInfo, Named("aud"))],
    apply: |draft, argument, _| {
        if is_signed(draft) {
            draft.members.insert("aud".into(), argument.text().into());
        }
    },
};

/// Encrypted.
pub(super) static USERINFO_ENCRYPTED: Quirk = Quirk {
    name: "userinfo-encrypted",
    text: "The signed UserInfo answer is encrypted on top, and the client has no key to open it.",
    requirement: "OIDC Core §5.3.4",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, Payload)],
    apply: |draft, _, _| {
        if is_signed(draft) {
            draft.jose.form = Form::Encrypted;
        }
    },
};

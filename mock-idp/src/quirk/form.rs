//! How the parts of the ID token are written (RFC 7515 §7.1, RFC 7516 §7.1).

use super::{Parameter, Quirk};
use crate::jose::Form;
use crate::member::Member::{Payload, Signature};
use crate::message::Message::IdToken;

/// Not base64url.
pub(super) static ODD_ENCODING: Quirk = Quirk {
    name: "odd-encoding",
    text: "The ID token is right but for its letters: padded with `=`, in the alphabet of plain base64, broken into \
           lines, or as a JSON object instead of three parts.",
    requirement: "RFC 7515 §5.2",
    parameter: Parameter::Choice(&["padding", "alphabet", "lines", "json"]),
    touches: &[(IdToken, Payload)],
    apply: |draft, argument, _| {
        draft.jose.form = match argument.text() {
            "padding" => Form::Padded,
            "alphabet" => Form::StandardAlphabet,
            "lines" => Form::Broken,
            _ => Form::Json,
        };
    },
};

/// Not three parts.
pub(super) static MISSING_PART: Quirk = Quirk {
    name: "missing-part",
    text: "The ID token has two parts instead of three, the signature is missing with its dot; or it has four.",
    requirement: "RFC 7515 §7.1",
    parameter: Parameter::Choice(&["two", "four"]),
    touches: &[(IdToken, Signature)],
    apply: |draft, argument, _| {
        draft.jose.form = if argument.text() == "two" { Form::TwoParts } else { Form::FourParts };
    },
};

/// Encrypted.
pub(super) static ENCRYPTED: Quirk = Quirk {
    name: "encrypted",
    text: "The ID token is encrypted, in five parts, as when an encryption key was chosen at the provider. The client \
           has no key to open it.",
    requirement: "OIDC Core §3.1.3.7 (1)",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Payload)],
    apply: |draft, _, _| draft.jose.form = Form::Encrypted,
};

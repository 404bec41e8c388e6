//! `iss` of the ID token when it is nearly right (OIDC Core §3.1.3.7 (2)).

use super::value::{NOT_TEXT, retype};
use super::{Parameter, Quirk};
use crate::member::Member::Named;
use crate::message::Message::IdToken;

/// `iss` looks like the right one.
pub(super) static SIMILAR_ISSUER: Quirk = Quirk {
    name: "similar-issuer",
    text: "The ID token names an issuer that only looks like the right one: with or without a slash at the end, in \
           capitals, with something behind it, with the end missing, or with the other scheme.",
    requirement: "OIDC Core §3.1.3.7 (2)",
    parameter: Parameter::Choice(&["slash", "upper-case", "longer", "shorter", "other-scheme"]),
    touches: &[(IdToken, Named("iss"))],
    apply: |draft, argument, scene| {
        let issuer = scene.issuer;
        let similar = match argument.text() {
            "slash" => issuer.strip_suffix('/').map_or_else(|| format!("{issuer}/"), ToOwned::to_owned),
            "upper-case" => issuer.to_uppercase(),
            "longer" => format!("{issuer}.attacker.example"),
            "shorter" => issuer.chars().take(issuer.chars().count().saturating_sub(1)).collect(),
            _ => issuer
                .strip_prefix("http://")
                .map_or_else(|| issuer.replacen("https://", "http://", 1), |rest| format!("https://{rest}")),
        };
        draft.members.insert("iss".into(), similar.into());
    },
};

/// `iss` is not text.
pub(super) static ISSUER_NOT_TEXT: Quirk = Quirk {
    name: "issuer-not-text",
    text: "`iss` of the ID token is not text but a value of another JSON type, such as a list with the right issuer \
           in it.",
    requirement: "RFC 7519 §4.1.1",
    parameter: NOT_TEXT,
    touches: &[(IdToken, Named("iss"))],
    apply: |draft, argument, _| retype(draft, "iss", argument),
};

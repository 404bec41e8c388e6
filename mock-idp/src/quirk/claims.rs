//! Claims of the ID token that are wrong or missing, and the shapes of `iss` and
//! `aud` (OIDC Core §2, §3.1.3.7). Other shapes are in `claim_shapes`.

use serde_json::{Value, json};

use super::operation::NOT_TEXT;
use super::operation::Operation::{FromNow, Function, Json, Make, Remove, Retype, Set};
use super::{Argument, Parameter, Quirk, Scene};
use crate::message::Draft;
use crate::message::Member::Named;
use crate::message::Message::IdToken;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "wrong-issuer",
        text: "The ID token's `iss` is another provider's issuer.",
        requirement: "OIDC Core §3.1.3.7 (2)",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(IdToken, Named("iss"))],
        operation: Set,
    },
    Quirk {
        name: "missing-issuer",
        text: "The ID token has no `iss`.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("iss"))],
        operation: Remove,
    },
    Quirk {
        name: "wrong-audience",
        text: "`aud` of the ID token is the ID of another client.",
        requirement: "OIDC Core §3.1.3.7 (3)",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(IdToken, Named("aud"))],
        operation: Set,
    },
    Quirk {
        name: "extra-audience",
        text: "`aud` of the ID token lists this client and another one, which the server does not trust. The token has \
               no `azp`.",
        requirement: "OIDC Core §3.1.3.7 (3)",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(IdToken, Named("aud"))],
        operation: Make(|argument, scene| json!([scene.client_id, argument.text()])),
    },
    Quirk {
        name: "missing-audience",
        text: "The ID token has no `aud`.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("aud"))],
        operation: Remove,
    },
    Quirk {
        name: "wrong-authorized-party",
        text: "`azp` of the ID token is the ID of another client.",
        requirement: "OIDC Core §3.1.3.7 (5)",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(IdToken, Named("azp"))],
        operation: Set,
    },
    Quirk {
        name: "missing-subject",
        text: "The ID token has no `sub`.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("sub"))],
        operation: Remove,
    },
    Quirk {
        name: "empty-subject",
        text: "`sub` of the ID token is an empty string.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("sub"))],
        operation: Json(&[r#""""#]),
    },
    Quirk {
        name: "missing-issued-at",
        text: "The ID token has no `iat`.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("iat"))],
        operation: Remove,
    },
    Quirk {
        name: "missing-expiry",
        text: "The ID token has no `exp`, so it never expires.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("exp"))],
        operation: Remove,
    },
    Quirk {
        name: "expired",
        text: "The ID token expired this many seconds ago: `exp` is in the past.",
        requirement: "OIDC Core §3.1.3.7 (9)",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(IdToken, Named("exp"))],
        operation: FromNow(-1),
    },
    Quirk {
        name: "not-yet-valid",
        text: "The ID token becomes valid only in this many seconds: `nbf` is in the future.",
        requirement: "RFC 7519 §4.1.5",
        parameter: Parameter::Number { default: 3600 },
        touches: &[(IdToken, Named("nbf"))],
        operation: FromNow(1),
    },
    Quirk {
        name: "unsolicited-nonce",
        text: "The ID token has another `nonce` than the authorization request, even if the request had none.",
        requirement: "OIDC Core §3.1.3.7 (11)",
        parameter: Parameter::Text { default: "nonce-of-another-request" },
        touches: &[(IdToken, Named("nonce"))],
        operation: Set,
    },
    Quirk {
        name: "similar-issuer",
        text: "`iss` of the ID token is similar to the issuer: with a slash added or removed at the end, in upper \
               case, with a suffix, truncated, or with the other scheme (http or https).",
        requirement: "OIDC Core §3.1.3.7 (2)",
        parameter: Parameter::Choice(&["slash", "upper-case", "longer", "shorter", "other-scheme"]),
        touches: &[(IdToken, Named("iss"))],
        operation: Make(|argument, scene| similar_issuer(scene.issuer, argument.text()).into()),
    },
    Quirk {
        name: "issuer-not-text",
        text: "`iss` of the ID token is not a string but another JSON type, such as a list with the correct issuer.",
        requirement: "RFC 7519 §4.1.1",
        parameter: NOT_TEXT,
        touches: &[(IdToken, Named("iss"))],
        operation: Retype,
    },
    Quirk {
        name: "audience-as-list",
        text: "`aud` of the ID token is a list with only this client, which is as valid as the client ID alone.",
        requirement: "OIDC Core §2",
        parameter: Parameter::Flag,
        touches: &[(IdToken, Named("aud"))],
        operation: Make(|_, scene| json!([scene.client_id])),
    },
    Quirk {
        name: "audience-not-text",
        text: "`aud` of the ID token is neither a string nor a list of strings but another JSON type.",
        requirement: "RFC 7519 §4.1.3",
        parameter: Parameter::Choice(&["number", "null", "object", "boolean"]),
        touches: &[(IdToken, Named("aud"))],
        operation: Retype,
    },
    Quirk {
        name: "foreign-audiences",
        text: "`aud` of the ID token is a list without this client: it names other clients, or it is empty.",
        requirement: "OIDC Core §3.1.3.7 (3)",
        parameter: Parameter::Choice(&["others", "empty"]),
        touches: &[(IdToken, Named("aud"))],
        operation: Json(&[r#"["another-client", "a-third-client"]"#, "[]"]),
    },
    Quirk {
        name: "similar-audience",
        text: "`aud` of the ID token resembles the client ID: in upper case, with a suffix, between spaces, or inside \
               a string that looks like a list.",
        requirement: "OIDC Core §3.1.3.7 (3)",
        parameter: Parameter::Choice(&["upper-case", "longer", "blanks", "list-as-text"]),
        touches: &[(IdToken, Named("aud"))],
        operation: Make(|argument, scene| {
            let client = scene.client_id;
            let similar = match argument.text() {
                "upper-case" => client.to_uppercase(),
                "longer" => format!("{client}-of-another-client"),
                "blanks" => format!(" {client} "),
                _ => json!([client]).to_string(),
            };
            similar.into()
        }),
    },
    Quirk {
        name: "several-audiences",
        text: "`aud` of the ID token lists this client and another one. `azp` is this client (`own`) or the other one \
               (`foreign`).",
        requirement: "OIDC Core §3.1.3.7 (5)",
        parameter: Parameter::Choice(&["own", "foreign"]),
        touches: &[(IdToken, Named("aud")), (IdToken, Named("azp"))],
        operation: Function(|draft, argument, scene| {
            let party = if argument.text() == "own" { scene.client_id } else { "another-client" };
            draft.set(Named("aud"), json!([scene.client_id, "another-client"]));
            draft.set(Named("azp"), party.into());
        }),
    },
    Quirk {
        name: "duplicate-audience",
        text: "The ID token has `aud` twice: first with this client, then with another one. A server must use the last \
               value or refuse the token.",
        requirement: "RFC 7519 §4",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(IdToken, Named("aud"))],
        operation: Function(second_audience),
    },
];

/// An issuer that only looks like the right one.
fn similar_issuer(issuer: &str, how: &str) -> String {
    match how {
        "slash" => issuer.strip_suffix('/').map_or_else(|| format!("{issuer}/"), ToOwned::to_owned),
        "upper-case" => issuer.to_uppercase(),
        "longer" => format!("{issuer}.attacker.example"),
        "shorter" => issuer.chars().take(issuer.chars().count().saturating_sub(1)).collect(),
        _ => issuer
            .strip_prefix("http://")
            .map_or_else(|| issuer.replacen("https://", "http://", 1), |rest| format!("https://{rest}")),
    }
}

/// Writes the argument as a second `aud`, after all other claims.
pub(super) fn second_audience(draft: &mut Draft, argument: &Argument, _: &Scene<'_>) {
    draft.jose.behind.push(format!("\"aud\":{}", Value::from(argument.text())));
}

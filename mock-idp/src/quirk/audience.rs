//! For whom the ID token is: shapes of `aud` and `azp` (OIDC Core §2,
//! §3.1.3.7 (3) to (5)). The plain cases stand with the other claims.

use serde_json::{Value, json};

use super::value::retype;
use super::{Parameter, Quirk};
use crate::member::Member::Named;
use crate::message::Message::IdToken;

/// `aud` is a list of one.
pub(super) static AUDIENCE_AS_LIST: Quirk = Quirk {
    name: "audience-as-list",
    text: "`aud` of the ID token is a list with just this client in it, which is as good as the plain form.",
    requirement: "OIDC Core §2",
    parameter: Parameter::Flag,
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, _, scene| {
        draft.members.insert("aud".into(), json!([scene.client_id]));
    },
};

/// `aud` is neither text nor a list.
pub(super) static AUDIENCE_NOT_TEXT: Quirk = Quirk {
    name: "audience-not-text",
    text: "`aud` of the ID token is neither text nor a list of texts but a value of another JSON type.",
    requirement: "RFC 7519 §4.1.3",
    parameter: Parameter::Choice(&["number", "null", "object", "boolean"]),
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, argument, _| retype(draft, "aud", argument),
};

/// `aud` is a list without the client.
pub(super) static FOREIGN_AUDIENCES: Quirk = Quirk {
    name: "foreign-audiences",
    text: "`aud` of the ID token is a list in which this client is missing: it holds strangers, or nobody.",
    requirement: "OIDC Core §3.1.3.7 (3)",
    parameter: Parameter::Choice(&["strangers", "nobody"]),
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, argument, _| {
        let list = if argument.text() == "nobody" { json!([]) } else { json!(["another-client", "a-third-client"]) };
        draft.members.insert("aud".into(), list);
    },
};

/// `aud` looks like the client.
pub(super) static SIMILAR_AUDIENCE: Quirk = Quirk {
    name: "similar-audience",
    text: "The ID token is for a client whose id only looks like this one's: in capitals, with something behind it, \
           between blanks, or within a text that looks like a list.",
    requirement: "OIDC Core §3.1.3.7 (3)",
    parameter: Parameter::Choice(&["upper-case", "longer", "blanks", "list-as-text"]),
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, argument, scene| {
        let client = scene.client_id;
        let similar = match argument.text() {
            "upper-case" => client.to_uppercase(),
            "longer" => format!("{client}-of-somebody-else"),
            "blanks" => format!(" {client} "),
            _ => json!([client]).to_string(),
        };
        draft.members.insert("aud".into(), similar.into());
    },
};

/// Several audiences, and an `azp`.
pub(super) static SEVERAL_AUDIENCES: Quirk = Quirk {
    name: "several-audiences",
    text: "The ID token is for this client and for another one, and `azp` says whose it is: this one's own, or the \
           other's.",
    requirement: "OIDC Core §3.1.3.7 (5)",
    parameter: Parameter::Choice(&["own", "foreign"]),
    touches: &[(IdToken, Named("aud")), (IdToken, Named("azp"))],
    apply: |draft, argument, scene| {
        let party = if argument.text() == "own" { scene.client_id } else { "another-client" };
        draft.members.insert("aud".into(), json!([scene.client_id, "another-client"]));
        draft.members.insert("azp".into(), party.into());
    },
};

/// `aud` comes twice.
pub(super) static DUPLICATE_AUDIENCE: Quirk = Quirk {
    name: "duplicate-audience",
    text: "The ID token has two members `aud`: first this client, then another one. The last one counts, or the token \
           is broken; the first one never counts.",
    requirement: "RFC 7519 §4",
    parameter: Parameter::Text { default: "another-client" },
    touches: &[(IdToken, Named("aud"))],
    apply: |draft, argument, _| {
        draft.jose.behind.push(format!("\"aud\":{}", Value::from(argument.text())));
    },
};

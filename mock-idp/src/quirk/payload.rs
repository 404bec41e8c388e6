//! What is signed as a whole: claims of unusual size and shape, and payloads
//! that hold no claims at all (RFC 7519 §4, §7.2).

use serde_json::Value;

use super::{Parameter, Quirk};
use crate::member::Member::{Named, Payload};
use crate::message::Message::IdToken;

/// How many, or how deep, at most.
const MOST: usize = 100_000;

/// Not a set of claims.
pub(super) static PAYLOAD_NOT_AN_OBJECT: Quirk = Quirk {
    name: "payload-not-an-object",
    text: "What is signed as an ID token is no set of claims but a list, a text, null, nothing at all, or an object \
           that breaks off.",
    requirement: "RFC 7519 §7.2",
    parameter: Parameter::Choice(&["list", "text", "null", "nothing", "broken"]),
    touches: &[(IdToken, Payload)],
    apply: |draft, argument, _| {
        let payload = match argument.text() {
            "list" => Value::from(vec![Value::Object(draft.members.clone())]).to_string(),
            "text" => Value::from("a text").to_string(),
            "null" => "null".to_owned(),
            "nothing" => String::new(),
            _ => Value::Object(draft.members.clone()).to_string().trim_end_matches('}').to_owned(),
        };
        draft.jose.payload = Some(payload);
    },
};

/// A very large token.
pub(super) static MANY_GROUPS: Quirk = Quirk {
    name: "many-groups",
    text: "The ID token lists this many groups that the end-user is in, so that it is very large.",
    requirement: "RFC 7519 §4",
    parameter: Parameter::Number { default: 1000 },
    touches: &[(IdToken, Named("groups"))],
    apply: |draft, argument, _| {
        let groups: Value =
            (0..argument.count(MOST)).map(|number| format!("a-group-with-a-long-name-{number:06}")).collect();
        draft.members.insert("groups".into(), groups);
    },
};

/// A very deep token.
pub(super) static NESTED_CLAIM: Quirk = Quirk {
    name: "nested-claim",
    text: "The ID token has a claim of lists within lists, this many deep.",
    requirement: "RFC 8259 §9",
    parameter: Parameter::Number { default: 50 },
    touches: &[(IdToken, Named("nested"))],
    apply: |draft, argument, _| {
        let depth = argument.count(MOST);
        draft.jose.behind.push(format!("\"nested\":{}{}", "[".repeat(depth), "]".repeat(depth)));
    },
};

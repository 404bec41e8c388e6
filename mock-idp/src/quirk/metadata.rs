//! What the discovery document says of the provider: members that lack, are
//! too many, or are of the wrong type (OIDC Discovery §3). The issuer and the
//! addresses of endpoints are in `issuer` and `endpoints`.

use serde_json::{Map, Value, json};

use super::operation::Operation::{Each, Function, Json, Make, Remove, Write};
use super::request::refuse;
use super::{Parameter, Quirk, Touch};
use crate::message::Member::{Accept, Body, Named};
use crate::message::Message::{Discovery, Verdict};

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "pkce-not-advertised",
        text: "The provider supports PKCE, but its discovery document has no `code_challenge_methods_supported`.",
        requirement: "RFC 9700 §2.1.1",
        parameter: Parameter::Flag,
        touches: &[(Discovery, Named("code_challenge_methods_supported"))],
        operation: Remove,
    },
    Quirk {
        name: "pkce-required-not-advertised",
        text: "The provider refuses requests without PKCE, but its discovery document does not mention PKCE.",
        requirement: "RFC 9700 §2.1.1",
        parameter: Parameter::Flag,
        touches: &[
            (Discovery, Named("code_challenge_methods_supported")),
            (Verdict, Accept),
            (Verdict, Named("error")),
            (Verdict, Named("error_description")),
        ],
        operation: Function(|draft, _, scene| match draft.message {
            Discovery => {
                draft.members.shift_remove("code_challenge_methods_supported");
            }
            Verdict if scene.parameter("code_challenge").is_none() => {
                refuse(draft, "a code challenge is required");
            }
            _ => {}
        }),
    },
    Quirk {
        name: "pkce-plain-only",
        text: "The discovery document lists only the PKCE method `plain`, which does not protect the code if an \
               attacker can read the authorization request.",
        requirement: "RFC 7636 §4.2",
        parameter: Parameter::Flag,
        touches: &[(Discovery, Named("code_challenge_methods_supported"))],
        operation: Json(&[r#"["plain"]"#]),
    },
    Quirk {
        name: "pkce-empty-list",
        text: "`code_challenge_methods_supported` of the discovery document is an empty list, as with Kanidm for \
               clients without PKCE.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Flag,
        touches: &[(Discovery, Named("code_challenge_methods_supported"))],
        operation: Json(&["[]"]),
    },
    Quirk {
        name: "discovery-missing-member",
        text: "The discovery document does not have this member.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(&THAT_CAN_LACK),
        touches: &of_discovery(THAT_CAN_LACK),
        operation: Function(|draft, argument, _| draft.remove(Named(argument.text()))),
    },
    Quirk {
        name: "discovery-mistyped-member",
        text: "This member of the discovery document has another JSON type: a number instead of a string, or a string \
               instead of a list.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(&THAT_CAN_BE_MISTYPED),
        touches: &of_discovery(THAT_CAN_BE_MISTYPED),
        operation: Function(|draft, argument, _| {
            if let Some(member) = draft.members.get_mut(argument.text()) {
                *member = if member.is_array() { "S256 openid email".into() } else { 7.into() };
            }
        }),
    },
    Quirk {
        name: "discovery-extra-members",
        text: "The discovery document has extra members from other specifications and from the vendor, with values of \
               many JSON types.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Flag,
        touches: &[
            (Discovery, Named("service_documentation")),
            (Discovery, Named("mtls_endpoint_aliases")),
            (Discovery, Named("dpop_signing_alg_values_supported")),
            (Discovery, Named("claims_parameter_supported")),
            (Discovery, Named("vendor_null")),
            (Discovery, Named("vendor_number")),
            (Discovery, Named("vendor_list")),
        ],
        operation: Each(&[
            r#""https://docs.example/sso""#,
            r#"{"token_endpoint":"https://mtls.example/token"}"#,
            r#"["ES256"]"#,
            "false",
            "null",
            "1.5",
            r#"[{"deep":[[]]}]"#,
        ]),
    },
    Quirk {
        name: "discovery-duplicate-member",
        text: "The discovery document has `issuer` twice: first with the correct value, then, at the end of the \
               document, with another one. Most parsers use the last value.",
        requirement: "RFC 8259 §4",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(Discovery, Body)],
        operation: Write(|members, argument| {
            with_raw_member(members, "issuer", &Value::from(argument.text()).to_string())
        }),
    },
    Quirk {
        name: "algorithm-not-advertised",
        text: "The discovery document lists only a signing algorithm with which the provider does not sign.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Text { default: "ES512" },
        touches: &[(Discovery, Named("id_token_signing_alg_values_supported"))],
        operation: Make(|argument, _| json!([argument.text()])),
    },
];

/// The text of `members` with one more at its end that no map could hold: a
/// name once more, or a value too deep.
pub(super) fn with_raw_member(members: &Map<String, Value>, name: &str, value: &str) -> String {
    let honest = Value::Object(members.clone()).to_string();
    let open = honest.strip_suffix('}').unwrap_or(&honest);
    let comma = if members.is_empty() { "" } else { "," };
    format!("{open}{comma}\"{name}\":{value}}}")
}

/// The members of the discovery document with these names.
const fn of_discovery<const N: usize>(names: [&'static str; N]) -> [Touch<'static>; N] {
    let mut touches = [(Discovery, Named("")); N];
    let mut index = 0;
    // Constants know no iterators.
    while index < N {
        touches[index].1 = Named(names[index]);
        index += 1;
    }
    touches
}

/// Members that one quirk leaves out, the usual one first.
const THAT_CAN_LACK: [&str; 14] = [
    "userinfo_endpoint",
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "end_session_endpoint",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "scopes_supported",
    "claims_supported",
    "token_endpoint_auth_methods_supported",
];

/// Members that another quirk gives another type, the usual one first.
const THAT_CAN_BE_MISTYPED: [&str; 7] = [
    "token_endpoint",
    "issuer",
    "authorization_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "code_challenge_methods_supported",
    "scopes_supported",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_member_goes_to_the_end() {
        let mut members = Map::new();
        assert_eq!(with_raw_member(&members, "a", "[]"), "{\"a\":[]}");
        members.insert("a".into(), json!({ "b": {} }));
        assert_eq!(with_raw_member(&members, "a", "1"), "{\"a\":{\"b\":{}},\"a\":1}");
    }
}

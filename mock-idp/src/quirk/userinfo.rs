//! The `UserInfo` response (OIDC Core §5.3). Quirks of the signed response
//! change nothing where it is plain JSON.

use serde_json::json;

use super::application::redirect;
use super::operation::NOT_TEXT;
use super::operation::Operation::{Function, Remove, Retype, Rewrite, Serialize, Set, Sign, WebPage, Write};
use super::signature::{ALGORITHMS, another_algorithm, unsign};
use super::{Parameter, Quirk};
use crate::jose::{Form, Seal};
use crate::message::Member::{Body, ContentType, Header, Location, Named, Payload, Signature, Status};
use crate::message::Message::UserInfo;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "userinfo-subject-mismatch",
        text: "The UserInfo response is about another end-user: its `sub` is not that of the ID token.",
        requirement: "OIDC Core §5.3.2",
        parameter: Parameter::Text { default: "another-end-user" },
        touches: &[(UserInfo, Named("sub"))],
        operation: Set,
    },
    Quirk {
        name: "userinfo-duplicate-subject",
        text: "The UserInfo response has `sub` twice: first that of another end-user, then the correct one. A server \
               must not use the first value.",
        requirement: "RFC 8259 §4",
        parameter: Parameter::Text { default: "another-end-user" },
        touches: &[(UserInfo, Body)],
        operation: Write(|members, argument| {
            let rest = json!(members).to_string();
            format!("{{\"sub\":{},{}", json!(argument.text()), rest.trim_start_matches('{'))
        }),
    },
    Quirk {
        name: "userinfo-missing-subject",
        text: "The UserInfo response has no `sub`.",
        requirement: "OIDC Core §5.3.2",
        parameter: Parameter::Flag,
        touches: &[(UserInfo, Named("sub"))],
        operation: Remove,
    },
    Quirk {
        name: "userinfo-status",
        text: "The UserInfo endpoint answers with this status, and with the usual claims.",
        requirement: "OIDC Core §5.3.3",
        parameter: Parameter::Status { default: 500 },
        touches: &[(UserInfo, Status)],
        operation: Set,
    },
    Quirk {
        name: "userinfo-html",
        text: "The UserInfo endpoint sends a web page instead of the claims, as a proxy with its own login page does.",
        requirement: "OIDC Core §5.3.2",
        parameter: Parameter::Flag,
        touches: &[(UserInfo, Body), (UserInfo, ContentType)],
        operation: WebPage,
    },
    Quirk {
        name: "userinfo-redirect",
        text: "The UserInfo endpoint redirects to another URL, with `followed=1` as its query. A client that follows \
               the redirect with the access token leaks the token.",
        requirement: "RFC 6750 §5.3",
        parameter: Parameter::Text { default: "https://attacker.example/userinfo" },
        touches: &[(UserInfo, Status), (UserInfo, Location), (UserInfo, Body)],
        operation: Function(|draft, argument, scene| {
            // If it is this endpoint by another name, there is an answer there.
            if scene.parameter(FOLLOWED).is_none() {
                redirect(draft, 302, &format!("{}?{FOLLOWED}=1", argument.text()));
            }
        }),
    },
    Quirk {
        name: "userinfo-subject-not-text",
        text: "`sub` of the UserInfo response is not a string but another JSON type.",
        requirement: "OIDC Core §5.3.2",
        parameter: NOT_TEXT,
        touches: &[(UserInfo, Named("sub"))],
        operation: Retype,
    },
    Quirk {
        name: "userinfo-similar-subject",
        text: "`sub` of the UserInfo response differs from that of the ID token: it is in upper case, has a space at \
               the end, or is empty.",
        requirement: "OIDC Core §5.3.2",
        parameter: Parameter::Choice(&["upper-case", "blank", "empty"]),
        touches: &[(UserInfo, Named("sub"))],
        operation: Rewrite(|sub, argument, _| match argument.text() {
            "upper-case" => sub.to_uppercase(),
            "blank" => format!("{sub} "),
            _ => String::new(),
        }),
    },
    Quirk {
        name: "userinfo-odd-body",
        text: "Instead of an object with claims, the UserInfo endpoint sends an empty body, a list, `null`, or a \
               truncated object.",
        requirement: "OIDC Core §5.3.2",
        parameter: Parameter::Choice(&["nothing", "list", "null", "broken"]),
        touches: &[(UserInfo, Body)],
        operation: Write(|members, argument| match argument.text() {
            "nothing" => String::new(),
            "list" => json!([members]).to_string(),
            "null" => "null".into(),
            _ => json!(members).to_string().trim_end_matches('}').to_owned(),
        }),
    },
    Quirk {
        name: "userinfo-bad-signature",
        text: "The signature of the UserInfo response does not match its content, as if an attacker had altered the \
               response.",
        requirement: "OIDC Core §5.3.4",
        parameter: Parameter::Flag,
        touches: &[(UserInfo, Signature)],
        operation: Sign(Seal::Tampered),
    },
    Quirk {
        name: "userinfo-unknown-signing-key",
        text: "The UserInfo response is signed with a key that is not in the JWKS.",
        requirement: "OIDC Core §5.3.4",
        parameter: Parameter::Flag,
        touches: &[(UserInfo, Signature)],
        operation: Sign(Seal::Stranger),
    },
    Quirk {
        name: "userinfo-unsigned",
        text: "The UserInfo response is a JWT without a signature: `alg` in its header is `none`.",
        requirement: "RFC 8725 §3.2",
        parameter: Parameter::Flag,
        touches: &[(UserInfo, Header("alg")), (UserInfo, Header("kid")), (UserInfo, Signature)],
        operation: Function(unsign),
    },
    Quirk {
        name: "userinfo-wrong-algorithm",
        text: "The UserInfo response has a valid signature, but not with the algorithm that is registered for the \
               client.",
        requirement: "RFC 8725 §3.1",
        parameter: ALGORITHMS,
        touches: &[(UserInfo, Header("alg")), (UserInfo, Header("kid")), (UserInfo, Signature)],
        operation: Function(another_algorithm),
    },
    // Plain JSON has no `iss` and no `aud`; nothing is rewritten there.
    Quirk {
        name: "userinfo-wrong-issuer",
        text: "`iss` of the signed UserInfo response is the issuer of another provider.",
        requirement: "RFC 8725 §3.8",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(UserInfo, Named("iss"))],
        operation: Rewrite(|_, argument, _| argument.text().to_owned()),
    },
    Quirk {
        name: "userinfo-wrong-audience",
        text: "`aud` of the signed UserInfo response is the ID of another client.",
        requirement: "RFC 7519 §4.1.3",
        parameter: Parameter::Text { default: "another-client" },
        touches: &[(UserInfo, Named("aud"))],
        operation: Rewrite(|_, argument, _| argument.text().to_owned()),
    },
    Quirk {
        name: "userinfo-encrypted",
        text: "The UserInfo response is signed and then encrypted, and the client has no key to decrypt it.",
        requirement: "OIDC Core §5.3.4",
        parameter: Parameter::Flag,
        touches: &[(UserInfo, Payload)],
        operation: Serialize(&[Form::Encrypted]),
    },
];

/// The parameter of requests that follow the redirect.
const FOLLOWED: &str = "followed";

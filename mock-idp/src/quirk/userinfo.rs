//! The `UserInfo` response (OIDC Core §5.3).

use serde_json::Value;

use super::answer::{redirect, web_page};
use super::value::{NOT_TEXT, retype};
use super::{Parameter, Quirk};
use crate::member::Member::{Body, ContentType, Location, Named, Status};
use crate::message::Message::UserInfo;

/// Claims of somebody else.
pub(super) static USERINFO_SUBJECT_MISMATCH: Quirk = Quirk {
    name: "userinfo-subject-mismatch",
    text: "The UserInfo answer is about somebody else: its `sub` is not that of the ID token.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Text { default: "somebody-else" },
    touches: &[(UserInfo, Named("sub"))],
    apply: |draft, argument, _| {
        draft.members.insert("sub".into(), argument.text().into());
    },
};

/// Claims of nobody.
pub(super) static USERINFO_MISSING_SUBJECT: Quirk = Quirk {
    name: "userinfo-missing-subject",
    text: "The UserInfo answer does not say about whom it is: `sub` is left out.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, Named("sub"))],
    apply: |draft, _, _| {
        draft.members.shift_remove("sub");
    },
};

/// The endpoint fails.
pub(super) static USERINFO_STATUS: Quirk = Quirk {
    name: "userinfo-status",
    text: "The UserInfo endpoint answers with this status.",
    requirement: "OIDC Core §5.3.3",
    parameter: Parameter::Status { default: 500 },
    touches: &[(UserInfo, Status)],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// A web page instead of claims.
pub(super) static USERINFO_HTML: Quirk = Quirk {
    name: "userinfo-html",
    text: "A web page comes instead of the claims.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, Body), (UserInfo, ContentType)],
    apply: |draft, _, _| web_page(draft),
};

/// What tells who was sent here from who came by themselves.
const FOLLOWED: &str = "followed";

/// Somewhere else.
pub(super) static USERINFO_REDIRECT: Quirk = Quirk {
    name: "userinfo-redirect",
    text: "The UserInfo endpoint sends the client to this address, with `followed=1` as its query; whoever still shows \
           the access token there gives it away.",
    requirement: "RFC 6750 §5.3",
    parameter: Parameter::Text { default: "https://attacker.example/userinfo" },
    touches: &[(UserInfo, Status), (UserInfo, Location), (UserInfo, Body)],
    apply: |draft, argument, scene| {
        // If it is this endpoint by another name, there is an answer there.
        if scene.parameter(FOLLOWED).is_none() {
            redirect(draft, 302, &format!("{}?{FOLLOWED}=1", argument.text()));
        }
    },
};

/// `sub` is not text.
pub(super) static USERINFO_SUBJECT_NOT_TEXT: Quirk = Quirk {
    name: "userinfo-subject-not-text",
    text: "`sub` of the UserInfo answer is not text but a value of another JSON type.",
    requirement: "OIDC Core §5.3.2",
    parameter: NOT_TEXT,
    touches: &[(UserInfo, Named("sub"))],
    apply: |draft, argument, _| retype(draft, "sub", argument),
};

/// `sub` is nearly the right one.
pub(super) static USERINFO_SIMILAR_SUBJECT: Quirk = Quirk {
    name: "userinfo-similar-subject",
    text: "`sub` of the UserInfo answer is nearly that of the ID token: in capitals, with a blank at the end, or \
           empty.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Choice(&["upper-case", "blank", "empty"]),
    touches: &[(UserInfo, Named("sub"))],
    apply: |draft, argument, _| {
        let sub = draft.members.get("sub").and_then(Value::as_str).unwrap_or_default();
        let similar = match argument.text() {
            "upper-case" => sub.to_uppercase(),
            "blank" => format!("{sub} "),
            _ => String::new(),
        };
        draft.members.insert("sub".into(), similar.into());
    },
};

/// No claims.
pub(super) static USERINFO_ODD_BODY: Quirk = Quirk {
    name: "userinfo-odd-body",
    text: "The UserInfo endpoint answers with something that is no set of claims: nothing, a list, null, or an object \
           that breaks off.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Choice(&["nothing", "list", "null", "broken"]),
    touches: &[(UserInfo, Body)],
    apply: |draft, argument, _| {
        let body = match argument.text() {
            "nothing" => String::new(),
            "list" => Value::from(vec![Value::Object(draft.members.clone())]).to_string(),
            "null" => "null".to_owned(),
            _ => Value::Object(draft.members.clone()).to_string().trim_end_matches('}').to_owned(),
        };
        draft.transport.body = Some(body);
    },
};

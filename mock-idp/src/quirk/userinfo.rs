//! The `UserInfo` response (OIDC Core §5.3).

use super::{Parameter, Quirk};
use crate::draft::Message::UserInfo;

/// Claims of somebody else.
pub(super) static USERINFO_SUBJECT_MISMATCH: Quirk = Quirk {
    name: "userinfo-subject-mismatch",
    text: "The UserInfo answer is about somebody else: its `sub` is not that of the ID token.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Text { default: "somebody-else" },
    touches: &[(UserInfo, "sub")],
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
    touches: &[(UserInfo, "sub")],
    apply: |draft, _, _| {
        draft.members.shift_remove("sub");
    },
};

/// The endpoint fails.
pub(super) static USERINFO_STATUS: Quirk = Quirk {
    name: "userinfo-status",
    text: "The UserInfo endpoint answers with this status.",
    requirement: "OIDC Core §5.3.3",
    parameter: Parameter::Number { default: 500 },
    touches: &[(UserInfo, "status")],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// A web page instead of claims.
pub(super) static USERINFO_HTML: Quirk = Quirk {
    name: "userinfo-html",
    text: "A web page comes instead of the claims.",
    requirement: "OIDC Core §5.3.2",
    parameter: Parameter::Flag,
    touches: &[(UserInfo, "body"), (UserInfo, "content-type")],
    apply: |draft, _, _| {
        draft.transport.content_type = "text/html".into();
        draft.transport.body = Some("<!doctype html><title>Sign in</title>".into());
    },
};

//! The picture behind the `picture` claim (OIDC Core §5.1).

use super::answer::{WEB_PAGE, redirect};
use super::{Parameter, Quirk};
use crate::member::Member::{Body, ContentType, Cut, Hang, Location, Status};
use crate::message::Message::Picture;
use crate::transport::Fate;

/// It cannot be had.
pub(super) static PICTURE_STATUS: Quirk = Quirk {
    name: "picture-status",
    text: "The picture cannot be had: its address answers with this status.",
    requirement: "OIDC Core §5.1",
    parameter: Parameter::Status { default: 404 },
    touches: &[(Picture, Status)],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// It never comes.
pub(super) static PICTURE_HANGS: Quirk = Quirk {
    name: "picture-hangs",
    text: "The address of the picture takes requests and never answers.",
    requirement: "OIDC Core §5.1",
    parameter: Parameter::Flag,
    touches: &[(Picture, Hang)],
    apply: |draft, _, _| draft.transport.fate = Fate::Hanging,
};

/// It comes in part.
pub(super) static PICTURE_BREAKS_OFF: Quirk = Quirk {
    name: "picture-breaks-off",
    text: "The connection breaks while the picture comes.",
    requirement: "OIDC Core §5.1",
    parameter: Parameter::Flag,
    touches: &[(Picture, Cut)],
    apply: |draft, _, _| draft.transport.fate = Fate::Cut,
};

/// It is no picture.
pub(super) static PICTURE_NOT_AN_IMAGE: Quirk = Quirk {
    name: "picture-not-an-image",
    text: "What comes as the picture is none: a web page, a web page that says it is a PNG, nothing at all, or a \
           drawing with a script in it.",
    requirement: "OIDC Core §5.1",
    parameter: Parameter::Choice(&["web-page", "web-page-as-png", "nothing", "svg"]),
    touches: &[(Picture, Body), (Picture, ContentType)],
    apply: |draft, argument, _| {
        let (kind, body) = match argument.text() {
            "web-page" => ("text/html", WEB_PAGE),
            "web-page-as-png" => ("image/png", WEB_PAGE),
            "nothing" => ("image/png", ""),
            _ => ("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
        };
        draft.transport.content_type = kind.into();
        draft.transport.body = Some(body.to_owned());
    },
};

/// It is far too large.
pub(super) static PICTURE_HUGE: Quirk = Quirk {
    name: "picture-huge",
    text: "What comes as the picture has this many mebibytes.",
    requirement: "OIDC Core §5.1",
    parameter: Parameter::Number { default: 1 },
    touches: &[(Picture, Body)],
    apply: |draft, argument, _| {
        let mebibytes = argument.count(64);
        draft.transport.body = Some("x".repeat(mebibytes * 1024 * 1024));
    },
};

/// It is elsewhere.
pub(super) static PICTURE_REDIRECT: Quirk = Quirk {
    name: "picture-redirect",
    text: "The address of the picture leads on to this one, which may be in the server's own network.",
    requirement: "OIDC Core §5.1",
    parameter: Parameter::Text { default: "http://127.0.0.1:9/" },
    touches: &[(Picture, Status), (Picture, Location), (Picture, Body)],
    apply: |draft, argument, _| redirect(draft, 302, argument.text()),
};

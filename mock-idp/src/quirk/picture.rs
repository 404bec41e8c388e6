//! The picture behind the `picture` claim (OIDC Core §5.1).

use super::operation::Operation::{Function, Redirect, Set, Travel, Write};
use super::operation::WEB_PAGE;
use super::{Parameter, Quirk};
use crate::message::Fate;
use crate::message::Member::{Body, ContentType, Cut, Hang, Location, Status};
use crate::message::Message::Picture;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "picture-status",
        text: "The provider answers requests for the picture with this status.",
        requirement: "OIDC Core §5.1",
        parameter: Parameter::Status { default: 404 },
        touches: &[(Picture, Status)],
        operation: Set,
    },
    Quirk {
        name: "picture-hangs",
        text: "The provider accepts requests for the picture, but never answers them.",
        requirement: "OIDC Core §5.1",
        parameter: Parameter::Flag,
        touches: &[(Picture, Hang)],
        operation: Travel(|transport| transport.fate = Fate::Hanging),
    },
    Quirk {
        name: "picture-breaks-off",
        text: "The provider closes the connection in the middle of the picture.",
        requirement: "OIDC Core §5.1",
        parameter: Parameter::Flag,
        touches: &[(Picture, Cut)],
        operation: Travel(|transport| transport.fate = Fate::Cut),
    },
    Quirk {
        name: "picture-not-an-image",
        text: "Instead of the picture, the provider sends a web page, a web page labeled as PNG, an empty body, or an \
               SVG with a script in it.",
        requirement: "OIDC Core §5.1",
        parameter: Parameter::Choice(&["web-page", "web-page-as-png", "nothing", "svg"]),
        touches: &[(Picture, Body), (Picture, ContentType)],
        operation: Function(|draft, argument, _| {
            let (kind, body) = match argument.text() {
                "web-page" => ("text/html", WEB_PAGE),
                "web-page-as-png" => ("image/png", WEB_PAGE),
                "nothing" => ("image/png", ""),
                _ => ("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
            };
            draft.transport.content_type = kind.into();
            draft.transport.body = Some(body.to_owned());
        }),
    },
    Quirk {
        name: "picture-huge",
        text: "The picture has a size of this many mebibytes.",
        requirement: "OIDC Core §5.1",
        parameter: Parameter::Number { default: 1 },
        touches: &[(Picture, Body)],
        operation: Write(|_, argument| "x".repeat(argument.count(64) * 1024 * 1024)),
    },
    Quirk {
        name: "picture-redirect",
        text: "The provider redirects requests for the picture to another URL, which may be in the server's own \
               network.",
        requirement: "OIDC Core §5.1",
        parameter: Parameter::Text { default: "http://127.0.0.1:9/" },
        touches: &[(Picture, Status), (Picture, Location), (Picture, Body)],
        operation: Redirect(302),
    },
];

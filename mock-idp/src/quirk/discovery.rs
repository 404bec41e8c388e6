//! How the discovery document comes, or does not (OIDC Discovery §4.2). What
//! it says is for its neighbours: the issuer, the metadata, the endpoints.

use serde_json::Value;

use super::answer::{redirect, web_page};
use super::metadata::with_raw_member;
use super::{Parameter, Quirk};
use crate::member::Member::{Body, ContentType, Location, Named, Status};
use crate::message::Message::Discovery;

/// Discovery fails.
pub(super) static DISCOVERY_STATUS: Quirk = Quirk {
    name: "discovery-status",
    text: "The discovery document cannot be had: the provider answers with this status.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Status { default: 503 },
    touches: &[(Discovery, Status)],
    apply: |draft, argument, _| draft.transport.status = argument.status(),
};

/// Discovery is a web page.
pub(super) static DISCOVERY_HTML: Quirk = Quirk {
    name: "discovery-html",
    text: "A web page comes instead of the discovery document, as from a proxy that asks for a login.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Flag,
    touches: &[(Discovery, Body), (Discovery, ContentType)],
    apply: |draft, _, _| web_page(draft),
};

/// Discovery redirects.
pub(super) static DISCOVERY_REDIRECT: Quirk = Quirk {
    name: "discovery-redirect",
    text: "The provider sends clients elsewhere for its discovery document.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Text { default: "https://attacker.example/.well-known/openid-configuration" },
    touches: &[(Discovery, Status), (Discovery, Location), (Discovery, Body)],
    apply: |draft, argument, _| redirect(draft, 302, argument.text()),
};

/// Discovery is not JSON.
pub(super) static DISCOVERY_BAD_JSON: Quirk = Quirk {
    name: "discovery-bad-json",
    text: "The discovery document breaks off in the middle.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Flag,
    touches: &[(Discovery, Body)],
    apply: |draft, _, _| draft.transport.body = Some("{\"issuer\":".into()),
};

/// Discovery says too little to be a document.
pub(super) static DISCOVERY_NOT_AN_OBJECT: Quirk = Quirk {
    name: "discovery-not-an-object",
    text: "Good JSON comes, but no document: it stands in a list, or it is `null`, empty, or nothing at all.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Choice(&["list", "null", "empty", "nothing"]),
    touches: &[(Discovery, Body)],
    apply: |draft, argument, _| {
        let honest = Value::Object(draft.members.clone());
        draft.transport.body = Some(match argument.text() {
            "list" => format!("[{honest}]"),
            "null" => "null".into(),
            "empty" => "{}".into(),
            _ => String::new(),
        });
    },
};

/// Discovery under another label.
pub(super) static DISCOVERY_CONTENT_TYPE: Quirk = Quirk {
    name: "discovery-content-type",
    text: "The discovery document comes under this content type, as static hosting labels it.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Text { default: "text/plain" },
    touches: &[(Discovery, ContentType)],
    apply: |draft, argument, _| draft.transport.content_type = argument.text().to_owned().into(),
};

/// What tells the new address of the document from the old one.
const MOVED: &str = "moved";

/// Discovery has moved, and is good where it is.
pub(super) static DISCOVERY_MOVED: Quirk = Quirk {
    name: "discovery-moved",
    text: "The discovery document has moved to another address of the same provider, to which this status leads.",
    requirement: "OIDC Discovery §4.2",
    parameter: Parameter::Status { default: 301 },
    touches: &[(Discovery, Status), (Discovery, Location), (Discovery, Body)],
    apply: |draft, argument, scene| {
        if scene.parameter(MOVED).is_some() {
            return;
        }
        let base = scene.issuer.trim_end_matches('/');
        redirect(draft, argument.status(), &format!("{base}/.well-known/openid-configuration?{MOVED}=1"));
    },
};

/// Discovery is enormous.
pub(super) static DISCOVERY_HUGE: Quirk = Quirk {
    name: "discovery-huge",
    text: "The discovery document has one more member, of this many kibibytes.",
    requirement: "OIDC Discovery §4.2",
    // Two of them still stand in the journal, which is bounded.
    parameter: Parameter::Number { default: 1536 },
    touches: &[(Discovery, Named("vendor_padding"))],
    apply: |draft, argument, _| {
        let kibibytes = argument.count(64 * 1024);
        draft.members.insert("vendor_padding".into(), "x".repeat(kibibytes * 1024).into());
    },
};

/// Discovery is nested beyond all measure.
pub(super) static DISCOVERY_DEEP: Quirk = Quirk {
    name: "discovery-deep",
    text: "The discovery document has one more member, a list within lists, this many deep: parsers that call \
           themselves run out of stack.",
    requirement: "RFC 8259 §9",
    parameter: Parameter::Number { default: 10_000 },
    touches: &[(Discovery, Body)],
    apply: |draft, argument, _| {
        let depth = argument.count(1_000_000);
        let lists = "[".repeat(depth) + &"]".repeat(depth);
        draft.transport.body = Some(with_raw_member(&draft.members, "vendor_list", &lists));
    },
};

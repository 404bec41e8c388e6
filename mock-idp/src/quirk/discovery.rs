//! How the discovery document arrives (OIDC Discovery §4.2). Its members are in
//! `issuer`, `metadata` and `endpoints`.

use serde_json::json;

use super::application::redirect;
use super::metadata::with_raw_member;
use super::operation::Operation::{Function, Make, Redirect, Set, WebPage, Write};
use super::{Parameter, Quirk};
use crate::message::Member::{Body, ContentType, Location, Named, Status};
use crate::message::Message::Discovery;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "discovery-status",
        text: "The provider answers requests for its discovery document with this status, and with the usual \
               document.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Status { default: 503 },
        touches: &[(Discovery, Status)],
        operation: Set,
    },
    Quirk {
        name: "discovery-html",
        text: "The provider sends a web page instead of the discovery document, as a proxy with its own login page \
               does.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Flag,
        touches: &[(Discovery, Body), (Discovery, ContentType)],
        operation: WebPage,
    },
    Quirk {
        name: "discovery-redirect",
        text: "The provider redirects requests for its discovery document to another URL.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Text { default: "https://attacker.example/.well-known/openid-configuration" },
        touches: &[(Discovery, Status), (Discovery, Location), (Discovery, Body)],
        operation: Redirect(302),
    },
    Quirk {
        name: "discovery-bad-json",
        text: "The discovery document ends in the middle, so it is not valid JSON.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Flag,
        touches: &[(Discovery, Body)],
        operation: Write(|_, _| "{\"issuer\":".into()),
    },
    Quirk {
        name: "discovery-not-an-object",
        text: "Instead of the discovery document, the provider sends a list that contains the document, `null`, an \
               empty object, or an empty body.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Choice(&["list", "null", "empty", "nothing"]),
        touches: &[(Discovery, Body)],
        operation: Write(|members, argument| match argument.text() {
            "list" => json!([members]).to_string(),
            "null" => "null".into(),
            "empty" => "{}".into(),
            _ => String::new(),
        }),
    },
    Quirk {
        name: "discovery-content-type",
        text: "The provider sends the discovery document with this `Content-Type`, as a server of static files does.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Text { default: "text/plain" },
        touches: &[(Discovery, ContentType)],
        operation: Set,
    },
    Quirk {
        name: "discovery-moved",
        text: "The provider answers requests for its discovery document with this status, and redirects them to \
               another of its URLs, which has the document.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Status { default: 301 },
        touches: &[(Discovery, Status), (Discovery, Location), (Discovery, Body)],
        operation: Function(|draft, argument, scene| {
            if scene.parameter(MOVED).is_some() {
                return;
            }
            let base = scene.issuer.trim_end_matches('/');
            redirect(draft, argument.status(), &format!("{base}/.well-known/openid-configuration?{MOVED}=1"));
        }),
    },
    Quirk {
        name: "discovery-huge",
        text: "The discovery document has an additional member of this many kibibytes.",
        requirement: "OIDC Discovery §4.2",
        // Two of them still stand in the journal, which is bounded.
        parameter: Parameter::Number { default: 1536 },
        touches: &[(Discovery, Named("vendor_padding"))],
        operation: Make(|argument, _| "x".repeat(argument.count(64 * 1024) * 1024).into()),
    },
    Quirk {
        name: "discovery-deep",
        text: "The discovery document has an additional member with lists nested this many levels deep, on which a \
               recursive parser can run out of stack.",
        requirement: "RFC 8259 §9",
        parameter: Parameter::Number { default: 10_000 },
        touches: &[(Discovery, Body)],
        operation: Write(|members, argument| {
            let depth = argument.count(1_000_000);
            with_raw_member(members, "vendor_list", &("[".repeat(depth) + &"]".repeat(depth)))
        }),
    },
];

/// What distinguishes the new address of the document from the old one.
const MOVED: &str = "moved";

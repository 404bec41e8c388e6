//! How answers travel: late, cut off, packed, or only for some of the time. Each
//! quirk is for one endpoint, or begins in one phase of the sign-in.

use std::time::Duration;

use serde_json::json;

use super::operation::Operation::{Function, Travel};
use super::parameter::{PHASES, endpoint};
use super::{Parameter, Quirk, Scene};
use crate::message::Member::{Body, ContentEncoding, Cut, Delay, Hang, RetryAfter, Status, TransferEncoding};
use crate::message::Message::{Discovery, Jwks, TokenResponse, UserInfo};
use crate::message::{Encoding, Fate};

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "slow",
        text: "This endpoint takes 400 milliseconds to answer.",
        requirement: "immich: oauth.timeout",
        parameter: Parameter::Endpoint,
        touches: &[(Discovery, Delay), (Jwks, Delay), (TokenResponse, Delay), (UserInfo, Delay)],
        operation: Travel(|transport| transport.delay = Duration::from_millis(400)),
    },
    Quirk {
        name: "hang",
        text: "This endpoint accepts the request, but never answers, and keeps the connection open.",
        requirement: "immich: oauth.timeout",
        parameter: Parameter::Endpoint,
        touches: &[(Discovery, Hang), (Jwks, Hang), (TokenResponse, Hang), (UserInfo, Hang)],
        operation: Travel(|transport| transport.fate = Fate::Hanging),
    },
    Quirk {
        name: "connection-cut",
        text: "This endpoint closes the connection in the middle of its response.",
        requirement: "RFC 9112 §8",
        parameter: Parameter::Endpoint,
        touches: &[(Discovery, Cut), (Jwks, Cut), (TokenResponse, Cut), (UserInfo, Cut)],
        operation: Travel(|transport| transport.fate = Fate::Cut),
    },
    Quirk {
        name: "gzip",
        text: "This endpoint compresses its responses with gzip, unless the request forbids it in `Accept-Encoding`. A \
               request without that header allows it.",
        requirement: "RFC 9110 §12.5.3",
        parameter: Parameter::Endpoint,
        touches: &[
            (Discovery, ContentEncoding),
            (Jwks, ContentEncoding),
            (TokenResponse, ContentEncoding),
            (UserInfo, ContentEncoding),
        ],
        operation: Function(|draft, _, scene| {
            if takes_gzip(scene) {
                draft.transport.encoding = Encoding::Gzip;
            }
        }),
    },
    Quirk {
        name: "chunked",
        text: "This endpoint sends its responses in chunks, so they have no `Content-Length`.",
        requirement: "RFC 9112 §7.1",
        parameter: Parameter::Endpoint,
        touches: &[
            (Discovery, TransferEncoding),
            (Jwks, TransferEncoding),
            (TokenResponse, TransferEncoding),
            (UserInfo, TransferEncoding),
        ],
        operation: Travel(|transport| transport.encoding = Encoding::Chunked),
    },
    Quirk {
        name: "byte-order-mark",
        text: "This endpoint sends an invisible byte order mark before its JSON, which some editors put into files.",
        requirement: "RFC 8259 §8.1",
        parameter: Parameter::Endpoint,
        touches: &[(Discovery, Body), (Jwks, Body), (TokenResponse, Body), (UserInfo, Body)],
        operation: Function(|draft, _, _| {
            if draft.transport.content_type == "application/json" {
                draft.transport.body = Some(format!("\u{feff}{}", json!(draft.members)));
            }
        }),
    },
    Quirk {
        name: "down-from",
        text: "The provider goes down in the middle of the sign-in: from this phase on, it closes every connection. \
               The phase `callback` begins when the end-user has returned to the server. The server then cannot even \
               fetch the discovery document.",
        requirement: "OIDC Discovery §4.2",
        parameter: Parameter::Phase,
        touches: &[(Discovery, Cut), (TokenResponse, Cut), (Jwks, Cut), (UserInfo, Cut)],
        operation: Function(|draft, argument, scene| {
            let phase = |name: &str| PHASES.iter().position(|phase| *phase == name);
            let now = match endpoint(draft.message) {
                Some("discovery") if scene.turn == 0 => None,
                Some("discovery") => phase("callback"),
                Some(name) => phase(name),
                None => None,
            };
            if now.is_some() && now >= phase(argument.text()) {
                draft.transport.fate = Fate::Cut;
            }
        }),
    },
    Quirk {
        name: "recovers-after",
        text: "The provider is still starting: it answers 503 to this many requests for its discovery document, and \
               then works.",
        requirement: "RFC 9110 §15.6.4",
        parameter: Parameter::Number { default: 1 },
        touches: &[(Discovery, Status)],
        operation: Function(|draft, argument, scene| {
            if i64::try_from(scene.turn).is_ok_and(|turn| turn < argument.number()) {
                draft.transport.status = 503;
            }
        }),
    },
    Quirk {
        name: "rate-limited",
        text: "This endpoint answers its first request with 429 (too many requests), and asks the client to wait for a \
               second (`Retry-After`).",
        requirement: "RFC 6585 §4",
        parameter: Parameter::Endpoint,
        touches: &[
            (Discovery, Status),
            (Discovery, RetryAfter),
            (TokenResponse, Status),
            (TokenResponse, RetryAfter),
            (Jwks, Status),
            (Jwks, RetryAfter),
            (UserInfo, Status),
            (UserInfo, RetryAfter),
        ],
        operation: Function(|draft, _, scene| {
            if scene.turn == 0 {
                draft.transport.status = 429;
                draft.transport.headers.push(("retry-after", "1".into()));
            }
        }),
    },
];

fn takes_gzip(scene: &Scene<'_>) -> bool {
    let Some(accepted) = scene.header("accept-encoding") else { return true };
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        matches!(name.trim().to_ascii_lowercase().as_str(), "gzip" | "x-gzip" | "*")
            && !matches!(weight.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::quirk::Keys;

    #[rstest]
    #[case(None, true)]
    #[case(Some("gzip, deflate"), true)]
    #[case(Some("br, *;q=0.1"), true)]
    #[case(Some("GZIP;q=0.5"), true)]
    #[case(Some("identity"), false)]
    #[case(Some("gzip; q=0, identity"), false)]
    fn a_client_gets_only_encodings_that_it_accepts(#[case] accepted: Option<&str>, #[case] expected: bool) {
        let headers: Vec<(String, String)> =
            accepted.map(|value| ("accept-encoding".to_owned(), value.to_owned())).into_iter().collect();
        let scene = Scene {
            issuer: "",
            plain: "",
            client_id: "",
            now: 0,
            parameters: &[],
            headers: &headers,
            turn: 0,
            keys: Keys::published(),
        };
        assert_eq!(takes_gzip(&scene), expected);
    }
}

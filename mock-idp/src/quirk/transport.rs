//! How answers travel: late, cut off, never, or packed in some way. Each
//! quirk is for one endpoint; what the answers say is for others.

use std::time::Duration;

use super::{Parameter, Quirk, Scene};
use crate::member::Member::{Body, ContentEncoding, Cut, Delay, Hang, TransferEncoding};
use crate::message::Message::{Discovery, Jwks, TokenResponse, UserInfo};
use crate::transport::{Encoding, Fate};

/// An answer that takes its time.
pub(super) static SLOW: Quirk = Quirk {
    name: "slow",
    text: "This endpoint takes 400 milliseconds to answer.",
    requirement: "immich: oauth.timeout",
    parameter: Parameter::Endpoint,
    touches: &[(Discovery, Delay), (Jwks, Delay), (TokenResponse, Delay), (UserInfo, Delay)],
    apply: |draft, argument, _| {
        if Parameter::Endpoint.means(argument, draft.message) {
            draft.transport.delay = Duration::from_millis(400);
        }
    },
};

/// An answer that never comes.
pub(super) static HANG: Quirk = Quirk {
    name: "hang",
    text: "This endpoint takes the request and never answers; the connection stays open.",
    requirement: "immich: oauth.timeout",
    parameter: Parameter::Endpoint,
    touches: &[(Discovery, Hang), (Jwks, Hang), (TokenResponse, Hang), (UserInfo, Hang)],
    apply: |draft, argument, _| {
        if Parameter::Endpoint.means(argument, draft.message) {
            draft.transport.fate = Fate::Hanging;
        }
    },
};

/// An answer that never arrives whole.
pub(super) static CONNECTION_CUT: Quirk = Quirk {
    name: "connection-cut",
    text: "The connection breaks while this endpoint answers.",
    requirement: "RFC 9112 §8",
    parameter: Parameter::Endpoint,
    touches: &[(Discovery, Cut), (Jwks, Cut), (TokenResponse, Cut), (UserInfo, Cut)],
    apply: |draft, argument, _| {
        if Parameter::Endpoint.means(argument, draft.message) {
            draft.transport.fate = Fate::Cut;
        }
    },
};

/// A compressed answer.
pub(super) static GZIP: Quirk = Quirk {
    name: "gzip",
    text: "This endpoint compresses its answers, unless the client says that it does not take that. Who says nothing \
           takes everything.",
    requirement: "RFC 9110 §12.5.3",
    parameter: Parameter::Endpoint,
    touches: &[
        (Discovery, ContentEncoding),
        (Jwks, ContentEncoding),
        (TokenResponse, ContentEncoding),
        (UserInfo, ContentEncoding),
    ],
    apply: |draft, argument, scene| {
        if Parameter::Endpoint.means(argument, draft.message) && takes_gzip(scene) {
            draft.transport.encoding = Encoding::Gzip;
        }
    },
};

fn takes_gzip(scene: &Scene<'_>) -> bool {
    let Some(accepted) = scene.header("accept-encoding") else { return true };
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        matches!(name.trim().to_ascii_lowercase().as_str(), "gzip" | "x-gzip" | "*")
            && !matches!(weight.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// An answer in chunks.
pub(super) static CHUNKED: Quirk = Quirk {
    name: "chunked",
    text: "This endpoint does not say beforehand how long its answers are, and sends them in chunks.",
    requirement: "RFC 9112 §7.1",
    parameter: Parameter::Endpoint,
    touches: &[
        (Discovery, TransferEncoding),
        (Jwks, TransferEncoding),
        (TokenResponse, TransferEncoding),
        (UserInfo, TransferEncoding),
    ],
    apply: |draft, argument, _| {
        if Parameter::Endpoint.means(argument, draft.message) {
            draft.transport.encoding = Encoding::Chunked;
        }
    },
};

/// A mark that nobody sees.
pub(super) static BYTE_ORDER_MARK: Quirk = Quirk {
    name: "byte-order-mark",
    text: "Ahead of its JSON this endpoint sends a byte order mark, which nobody sees, as editors put it into files.",
    requirement: "RFC 8259 §8.1",
    parameter: Parameter::Endpoint,
    touches: &[(Discovery, Body), (Jwks, Body), (TokenResponse, Body), (UserInfo, Body)],
    apply: |draft, argument, _| {
        if Parameter::Endpoint.means(argument, draft.message) && draft.transport.content_type == "application/json" {
            let honest = serde_json::Value::Object(draft.members.clone());
            draft.transport.body = Some(format!("\u{feff}{honest}"));
        }
    },
};

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
    fn nobody_gets_what_they_do_not_take(#[case] accepted: Option<&str>, #[case] expected: bool) {
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

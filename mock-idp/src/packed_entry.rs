//! An entry of the journal in memory: packed into one allocation, and unpacked
//! only when a caller reads it. Most entries are never read.

use std::time::Instant;

use axum::body::Bytes;
use axum::http::HeaderMap;

use crate::journal_entry::Entry;
use crate::protocol::{Endpoint, Parameters};
use crate::quirk::OverlayError;

/// A request and its answer, packed.
#[derive(Debug)]
pub(crate) struct PackedEntry {
    endpoint: Endpoint,
    at: i64,
    instant: Instant,
    status: u16,
    /// Every text with its length before it, in the order of [`Received`] and
    /// then the answer's headers.
    texts: Box<[u8]>,
    response_body: Bytes,
    altered_by: Vec<String>,
    /// Apart, as nearly none has one.
    overlay_error: Option<Box<OverlayError>>,
    panic: Option<String>,
}

/// A request as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) raw_query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    /// When, in seconds since 1970.
    pub(crate) at: i64,
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) altered_by: Vec<String>,
    pub(crate) overlay_error: Option<OverlayError>,
    pub(crate) panic: Option<String>,
}

impl<'a> Answered<'a> {
    /// An answer that nothing altered, and over which nothing went wrong.
    pub(crate) fn honest(at: i64, status: u16, headers: &'a HeaderMap, body: Bytes) -> Self {
        Self { at, status, headers, body, altered_by: Vec::new(), overlay_error: None, panic: None }
    }
}

impl PackedEntry {
    /// Something that was sent without having been asked for.
    pub(crate) fn unasked(endpoint: Endpoint, response: Answered<'_>) -> Self {
        let headers = &HeaderMap::new();
        Self::new(endpoint, Received { method: "", path: "", raw_query: "", headers, body: &[] }, response)
    }

    pub(crate) fn new(endpoint: Endpoint, request: Received<'_>, response: Answered<'_>) -> Self {
        let single = [request.method.as_bytes(), request.path.as_bytes(), request.raw_query.as_bytes(), request.body];
        let sizes = single.iter().map(|text| LENGTH + text.len());
        let size = sizes.sum::<usize>() + headers_size(request.headers) + headers_size(response.headers);
        let mut texts = Vec::with_capacity(size);
        for text in single {
            write(&mut texts, text);
        }
        write_headers(&mut texts, request.headers);
        write_headers(&mut texts, response.headers);
        Self {
            endpoint,
            at: response.at,
            instant: Instant::now(),
            status: response.status,
            texts: texts.into_boxed_slice(),
            response_body: kept(response.body),
            altered_by: response.altered_by,
            overlay_error: response.overlay_error.map(Box::new),
            panic: response.panic,
        }
    }

    /// How much memory it takes, in bytes, give or take the allocator's share.
    pub(crate) fn bytes(&self) -> usize {
        let words = self.altered_by.iter().chain(&self.panic);
        let words: usize = words.map(|word| size_of::<String>() + word.len()).sum();
        let words = words + self.overlay_error.as_ref().map_or(0, |error| error.to_string().len());
        size_of::<Self>() + self.texts.len() + self.response_body.len() + words
    }

    /// The quirks and overlays that changed the answer.
    pub(crate) fn altered_by(&self) -> &[String] {
        &self.altered_by
    }

    /// The reason why the provider failed, if it did.
    pub(crate) fn fault(&self) -> Option<String> {
        let overlay = self.overlay_error.as_ref().map(ToString::to_string);
        overlay.or_else(|| self.panic.as_ref().map(|panic| format!("the provider crashed: {panic}")))
    }

    /// The whole entry.
    pub(crate) fn entry(&self, sequence: u64) -> Entry {
        let mut texts = &*self.texts;
        let [method, path, raw_query, body] = [(); 4].map(|()| text(read(&mut texts)));
        let parameters = Parameters::parse(&raw_query).and(&body).to_pairs();
        Entry {
            sequence,
            at: self.at,
            instant: self.instant,
            endpoint: self.endpoint,
            method,
            path,
            raw_query,
            headers: read_headers(&mut texts),
            body,
            parameters,
            status: self.status,
            response_headers: read_headers(&mut texts),
            response_body: text(&self.response_body),
            altered_by: self.altered_by.clone(),
            overlay_error: self.overlay_error.as_deref().cloned(),
            panic: self.panic.clone(),
        }
    }
}

/// How much of an answer's body is kept, in bytes. A picture of twenty
/// mebibytes would drive everything else out of the journal.
const BODY: usize = 2 * 1024 * 1024;

/// The beginning of a body, in memory of its own if it is not the whole.
fn kept(body: Bytes) -> Bytes {
    body.get(..BODY).map_or_else(|| body.clone(), Bytes::copy_from_slice)
}

const LENGTH: usize = size_of::<u32>();

fn headers_size(headers: &HeaderMap) -> usize {
    LENGTH + headers.iter().map(|(name, value)| 2 * LENGTH + name.as_str().len() + value.len()).sum::<usize>()
}

fn write_headers(texts: &mut Vec<u8>, headers: &HeaderMap) {
    write_number(texts, headers.len());
    for (name, value) in headers {
        write(texts, name.as_str().as_bytes());
        write(texts, value.as_bytes());
    }
}

fn write(texts: &mut Vec<u8>, text: &[u8]) {
    write_number(texts, text.len());
    texts.extend_from_slice(text);
}

/// Nothing that a server accepts is longer than 4 GiB.
fn write_number(texts: &mut Vec<u8>, number: usize) {
    texts.extend_from_slice(&u32::try_from(number).unwrap_or_default().to_ne_bytes());
}

fn read_headers(texts: &mut &[u8]) -> Vec<(String, String)> {
    (0..read_number(texts)).map(|_| (text(read(texts)), text(read(texts)))).collect()
}

fn read<'a>(texts: &mut &'a [u8]) -> &'a [u8] {
    let length = read_number(texts);
    let (text, rest) = texts.split_at_checked(length).unwrap_or_default();
    *texts = rest;
    text
}

fn read_number(texts: &mut &[u8]) -> usize {
    let (number, rest) = texts.split_first_chunk::<LENGTH>().map_or(([0; LENGTH], &[][..]), |(n, rest)| (*n, rest));
    *texts = rest;
    usize::try_from(u32::from_ne_bytes(number)).unwrap_or_default()
}

/// Bytes that are no UTF-8 are replaced.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use axum::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::{Map, json};

    use super::*;
    use crate::arbitrary;
    use crate::message::{Draft, Message};
    use crate::quirk::Overlay;

    #[test]
    fn an_entry_comes_back_as_it_went_in() {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("here"));
        headers.append("cookie", HeaderValue::from_static("a=1"));
        headers.append("cookie", HeaderValue::from_static(""));
        let mut response_headers = HeaderMap::new();
        response_headers.insert("content-type", HeaderValue::from_static("text/plain"));
        let mut draft = Draft::new(Message::Discovery, Map::new());
        let overlay = Overlay::parse("discovery", &json!({"remove": ["issuer"]})).unwrap();
        let overlay_error = overlay.apply(&mut draft).err();
        assert!(overlay_error.is_some());
        let request =
            Received { method: "POST", path: "/token", raw_query: "a=b%20c", headers: &headers, body: b"d=\xff&e" };
        let response = Answered {
            at: 1_800_000_000,
            status: 400,
            headers: &response_headers,
            body: Bytes::from_static(b"no"),
            altered_by: vec!["token-status".into()],
            overlay_error: overlay_error.clone(),
            panic: Some("out of ideas".into()),
        };
        let entry = PackedEntry::new(Endpoint::Token, request, response).entry(7);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!((entry.sequence, entry.at, entry.status), (7, 1_800_000_000, 400));
        assert_eq!(entry.endpoint, Endpoint::Token);
        assert_eq!(
            (entry.method.as_str(), entry.path.as_str(), entry.raw_query.as_str()),
            ("POST", "/token", "a=b%20c")
        );
        assert_eq!(entry.headers, [pair("host", "here"), pair("cookie", "a=1"), pair("cookie", "")]);
        assert_eq!((entry.body.as_str(), entry.response_body.as_str()), ("d=\u{fffd}&e", "no"));
        assert_eq!(entry.parameters, [pair("a", "b c"), pair("d", "\u{fffd}"), pair("e", "")]);
        assert_eq!(entry.response_headers, [pair("content-type", "text/plain")]);
        assert_eq!(
            (entry.altered_by, entry.overlay_error, entry.panic),
            (vec!["token-status".into()], overlay_error, Some("out of ideas".into()))
        );
    }

    #[rstest]
    #[case(BODY - 1, BODY - 1)]
    #[case(BODY, BODY)]
    #[case(BODY + 1, BODY)]
    #[case(20 * 1024 * 1024, BODY)]
    fn of_large_bodies_the_beginning_is_kept(#[case] size: usize, #[case] expected: usize) {
        let headers = &HeaderMap::new();
        let response = Answered::honest(0, 200, headers, Bytes::from(vec![b'x'; size]));
        let packed = PackedEntry::unasked(Endpoint::Picture, response);
        assert_eq!(packed.entry(0).response_body.len(), expected);
        assert!(packed.bytes() < BODY + 1024);
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn any_exchange_comes_back(
            raw_query in arbitrary::form(),
            pairs in prop::collection::vec(("[a-z-]{1,9}", "[ -~]{0,20}"), 0..4),
            body in prop::collection::vec(any::<u8>(), 0..60),
            answer in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let header = |(name, value): &(String, String)| {
                Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?))
            };
            let headers: HeaderMap = pairs.iter().filter_map(header).collect();
            let request = Received { method: "GET", path: "/", raw_query: &raw_query, headers: &headers, body: &body };
            let response = Answered::honest(1, 200, &headers, Bytes::from(answer.clone()));
            let entry = PackedEntry::new(Endpoint::Unknown, request, response).entry(1);
            let kept: Vec<_> = headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
            prop_assert_eq!((&entry.headers, &entry.response_headers), (&kept, &kept));
            prop_assert_eq!((entry.raw_query, entry.body, entry.response_body), (raw_query, text(&body), text(&answer)));
        }
    }
}

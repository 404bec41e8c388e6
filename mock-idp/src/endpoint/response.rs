//! From an answer to bytes on the wire: status, headers, packing, and what
//! breaks off. What the answer says is for the endpoints.

use std::convert::Infallible;
use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;

use crate::message::{Encoding, Transport};

pub(super) fn respond(
    method: &Method,
    transport: &Transport,
    body: Bytes,
    more: &[(&'static str, String)],
) -> Response {
    let body = if method == Method::HEAD { Body::empty() } else { pack(transport.encoding, body) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(transport.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &transport.content_type);
    if let Some(location) = &transport.location {
        set(header::LOCATION, location);
    }
    match transport.encoding {
        Encoding::Identity => {}
        Encoding::Gzip => set(header::CONTENT_ENCODING, "gzip"),
        // Set here and not by the server, so that the journal has it.
        Encoding::Chunked => set(header::TRANSFER_ENCODING, "chunked"),
    }
    for (name, value) in more.iter().chain(&transport.headers) {
        set(HeaderName::from_static(name), value);
    }
    response
}

fn pack(encoding: Encoding, body: Bytes) -> Body {
    match encoding {
        Encoding::Identity => Body::from(body),
        Encoding::Gzip => Body::from(gzip(&body)),
        Encoding::Chunked => whole(body),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// A body without a `Content-Length`.
fn whole(bytes: Bytes) -> Body {
    Body::from_stream(stream::iter([Ok::<_, Infallible>(bytes)]))
}

/// An answer that breaks off: the connection is closed with bytes missing.
pub(super) fn cut() -> Response {
    let broken = stream::iter([Err::<Bytes, _>(std::io::Error::other("cut on purpose"))]);
    Response::new(Body::from_stream(broken))
}

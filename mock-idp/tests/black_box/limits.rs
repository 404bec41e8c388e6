//! Oversize and slow requests are cut off, and the number of connections is
//! bounded. Deadlines are short here, so that no test waits for the real ones.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::wire;
use std::time::{Duration, Instant};

use crate::wire::{connect, exchange, status, until_closed};
use mock_idp::Limits;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A deadline that a test waits for.
const SOON: Duration = Duration::from_millis(50);

/// One that no test reaches.
const NEVER: Duration = Duration::from_secs(3600);

fn small() -> Limits {
    Limits { head_bytes: 8192, body_bytes: 1024, ..Limits::default() }
}

fn post(body: &str) -> String {
    format!("POST /here/token HTTP/1.1\r\nhost: h\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[rstest]
#[case::a_body_that_fits(post(&"a".repeat(1024)), 401)]
#[case::a_body_that_does_not(post(&"a".repeat(1025)), 413)]
#[case::only_announced("POST /here/token HTTP/1.1\r\nhost: h\r\ncontent-length: 99999999999\r\n\r\n".into(), 413)]
#[case::in_chunks(
    format!("POST /here/token HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n401\r\n{}\r\n0\r\n\r\n", "a".repeat(1025)),
    413
)]
#[case::chunks_that_are_none("POST /here/token HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".into(), 400)]
#[case::a_header_that_fits(format!("GET /here/jwks HTTP/1.1\r\nhost: h\r\nx: {}\r\n\r\n", "a".repeat(7000)), 200)]
#[case::a_header_that_does_not(format!("GET /here/jwks HTTP/1.1\r\nhost: h\r\nx: {}\r\n\r\n", "a".repeat(9000)), 431)]
#[case::too_many_headers(format!("GET /here/jwks HTTP/1.1\r\nhost: h\r\n{}\r\n", "x: y\r\n".repeat(200)), 431)]
#[case::a_query_that_does_not(format!("GET /here/jwks?{} HTTP/1.1\r\nhost: h\r\n\r\n", "a".repeat(9000)), 414)]
#[case::a_head_that_never_ends(format!("GET /here/jwks?{}", "a".repeat(20_000)), 431)]
#[tokio::test]
async fn oversize_requests_are_cut_off(#[case] request: String, #[case] expected: u16) {
    let (provider, _issuer) = wire::provider(small()).await;
    let mut stream = connect(&provider).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(status(&answer), Some(expected));
}

#[rstest]
#[case::nothing("", None)]
#[case::half_a_head("GET /here/jwks HTTP/1.1\r\nhost:", None)]
#[case::half_a_body("POST /here/token HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nhalf", Some(408))]
#[case::half_a_chunk("POST /here/token HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\na\r\nhalf", Some(408))]
#[tokio::test]
async fn slow_requests_are_cut_off(#[case] request: &str, #[case] expected: Option<u16>) {
    let (head_time, body_time) = if expected.is_some() { (NEVER, SOON) } else { (SOON, NEVER) };
    let (provider, _issuer) = wire::provider(Limits { head_time, body_time, ..Limits::default() }).await;
    let begun = Instant::now();
    let mut stream = connect(&provider).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(status(&until_closed(&mut stream).await), expected);
    assert!(begun.elapsed() >= SOON, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn idle_connections_close() {
    // Long enough for the request itself on a busy machine.
    let head_time = Duration::from_millis(500);
    let (provider, _issuer) = wire::provider(Limits { head_time, ..Limits::default() }).await;
    let mut stream = connect(&provider).await;
    stream.write_all(b"GET /here/jwks HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
    assert_eq!(status(&until_closed(&mut stream).await), Some(200));
}

#[tokio::test]
async fn one_connection_more_than_allowed_waits() {
    let (provider, issuer) = wire::provider(Limits { connections: 2, ..Limits::default() }).await;
    let (mut first, second) = (connect(&provider).await, connect(&provider).await);
    let mut third = connect(&provider).await;
    third.write_all(b"GET /here/jwks?third HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").await.unwrap();
    let came = || issuer.journal().entries().iter().any(|entry| entry.raw_query == "third");
    // The provider does many other things meanwhile.
    for _ in 0..50 {
        first.write_all(b"HEAD /here/jwks HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"\r\n\r\n") {
            seen.push(first.read_u8().await.unwrap());
        }
    }
    assert!(!came());
    drop(second);
    assert_eq!(status(&until_closed(&mut third).await), Some(200));
    assert!(came());
}

#[tokio::test]
async fn connections_end_with_the_provider() {
    let (provider, _issuer) = wire::provider(Limits::default()).await;
    let mut stream = connect(&provider).await;
    stream.write_all(b"HEAD /here/jwks HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
    stream.read_u8().await.unwrap();
    drop(provider);
    until_closed(&mut stream).await;
}

/// The control of it all.
#[tokio::test]
async fn a_request_within_limits_is_answered() {
    let (provider, _issuer) = wire::provider(small()).await;
    let answer = exchange(&provider, b"GET /here/jwks HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").await;
    assert_eq!(status(&answer), Some(200));
}

/// A head of just this size, request line and headers.
fn head(size: usize) -> String {
    let (before, after) = ("GET /here/jwks HTTP/1.1\r\nhost: h\r\nconnection: close\r\nx: ", "\r\n\r\n");
    format!("{before}{}{after}", "y".repeat(size - before.len() - after.len()))
}

/// The limit is the limit, however the bytes arrive.
#[rstest]
#[case(64 * 1024, 200)]
#[case(64 * 1024 + 1, 431)]
#[case(100_000, 431)]
#[case(130_000, 431)]
#[tokio::test]
async fn the_limit_on_heads_is_exact(#[case] size: usize, #[case] expected: u16) {
    let (provider, _issuer) = wire::provider(Limits::default()).await;
    assert_eq!(status(&exchange(&provider, head(size).as_bytes()).await), Some(expected));
}

#[tokio::test]
async fn a_long_address_is_called_so() {
    let (provider, _issuer) = wire::provider(Limits::default()).await;
    let request = format!("GET /here/jwks?{} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n", "y".repeat(70_000));
    assert_eq!(status(&exchange(&provider, request.as_bytes()).await), Some(414));
}

/// RFC 9112 §3.2.
#[rstest]
#[case::one("HTTP/1.1", "host: h\r\n", 200)]
#[case::none("HTTP/1.1", "", 400)]
#[case::none_in_old_http("HTTP/1.0", "", 200)]
#[case::two("HTTP/1.1", "host: h\r\nhost: h\r\n", 400)]
#[case::one_that_is_none("HTTP/1.1", "host: h/here\r\n", 400)]
#[tokio::test]
async fn a_request_names_one_host(#[case] version: &str, #[case] hosts: &str, #[case] expected: u16) {
    let (provider, _issuer) = wire::provider(Limits::default()).await;
    let request = format!("GET /here/jwks {version}\r\n{hosts}connection: close\r\n\r\n");
    assert_eq!(status(&exchange(&provider, request.as_bytes()).await), Some(expected));
}

/// That it was refused does not mean that it never came.
#[rstest]
#[case(post(&"a".repeat(1025)), 413)]
#[case("POST /here/token HTTP/1.1\r\n\r\n".into(), 400)]
#[case(format!("POST /here/token?{} HTTP/1.1\r\nhost: h\r\n\r\n", "a".repeat(9000)), 414)]
#[tokio::test]
async fn refused_requests_are_noted(#[case] request: String, #[case] expected: u16) {
    let (provider, issuer) = wire::provider(small()).await;
    assert_eq!(status(&exchange(&provider, request.as_bytes()).await), Some(expected));
    let entries = issuer.journal().entries();
    let noted: Vec<_> = entries.iter().map(|entry| (entry.endpoint, entry.status)).collect();
    assert_eq!(noted, [(mock_idp::Endpoint::Token, expected)]);
}

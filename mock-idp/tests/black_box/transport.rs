//! How answers look on the wire, byte for byte, where a client library would
//! hide it.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::io::Read;

use flate2::read::GzDecoder;
use mock_idp::{Deviations, Issuer, Provider, Registration};
use rstest::rstest;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::provider::{options, registration};

async fn provider(quirk: &str) -> (Provider, Issuer) {
    let provider = Provider::start(options()).await.unwrap();
    let quirks: Map<String, Value> = Map::from_iter([(quirk.to_owned(), json!("discovery"))]);
    let deviations = Deviations::parse(&quirks, &Map::new()).unwrap();
    let issuer = provider.open(Registration { deviations, ..registration("/i", &[]) }).unwrap();
    (provider, issuer)
}

/// The head, in lower case, and the body of the discovery answer.
async fn discovery(provider: &Provider, more: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(provider.local_addr()).await.unwrap();
    let request =
        format!("GET /i/.well-known/openid-configuration HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A cut connection may end in an error; what came counts.
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    (head, answer.get(end + 4..).unwrap_or_default().to_vec())
}

#[tokio::test]
async fn a_compressed_answer_unpacks_to_the_document() {
    let (provider, _issuer) = provider("gzip").await;
    let (head, body) = discovery(&provider, "").await;
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let mut text = String::new();
    GzDecoder::new(body.as_slice()).read_to_string(&mut text).unwrap();
    assert!(serde_json::from_str::<Value>(&text).unwrap()["issuer"].is_string());
    let (head, body) = discovery(&provider, "accept-encoding: identity\r\n").await;
    assert!(!head.contains("content-encoding"), "{head}");
    assert!(serde_json::from_slice::<Value>(&body).is_ok());
}

#[tokio::test]
async fn a_chunked_answer_does_not_tell_its_length() {
    let (provider, _issuer) = provider("chunked").await;
    let (head, body) = discovery(&provider, "").await;
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("content-length"), "{head}");
    assert!(body.ends_with(b"\r\n0\r\n\r\n"));
    assert!(serde_json::from_slice::<Value>(&body).is_err());
}

/// A refusal of a method names the allowed ones (RFC 9110 §15.5.6).
#[rstest]
#[case("POST", "jwks", "GET, HEAD")]
#[case("GET", "token", "POST")]
#[case("PUT", "authorize", "GET, HEAD, POST")]
#[tokio::test]
async fn the_answer_names_the_allowed_methods(#[case] method: &str, #[case] path: &str, #[case] allowed: &str) {
    let (provider, _issuer) = provider("gzip").await;
    let url = format!("{}i/{path}", provider.origin());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.request(method.parse().unwrap(), url).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["allow"].to_str().unwrap()), (405, allowed));
}

#[rstest]
#[case("byte-order-mark", true)]
#[case("connection-cut", false)]
#[tokio::test]
async fn what_else_is_wrong_is_there_in_bytes(#[case] quirk: &str, #[case] whole: bool) {
    let (provider, _issuer) = provider(quirk).await;
    let (_, body) = discovery(&provider, "").await;
    assert_eq!(body.starts_with(b"\xef\xbb\xbf{"), whole);
    assert_eq!(body.ends_with(b"}"), whole);
}

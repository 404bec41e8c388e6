//! What the tests over raw sockets share: a provider with one issuer, and
//! bytes there and back, without an HTTP client that would put them right.

use mock_idp::{Issuer, Limits, Provider};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use url::form_urlencoded;

use crate::provider::{SECRET, options, registration};

/// Where the client wants its user agents back.
pub const APP: &str = "https://rp.example/callback?kept=1";

/// A provider, and an issuer at `/here`.
pub async fn provider(limits: Limits) -> (Provider, Issuer) {
    let provider = Provider::start_within(options(), limits).await.unwrap();
    let issuer = provider.open(registration("/here", &[APP])).unwrap();
    (provider, issuer)
}

/// A connection.
pub async fn connect(provider: &Provider) -> TcpStream {
    TcpStream::connect(provider.local_addr()).await.unwrap()
}

/// Everything that comes until the other side closes. A reset ends it too: it
/// is how a socket shows that not everything was read.
pub async fn until_closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

/// Sends a request that asks for the connection to be closed; everything that
/// comes back. An error in between means that the other side had enough.
pub async fn exchange(provider: &Provider, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(provider).await;
    let _ = stream.write_all(request).await;
    until_closed(&mut stream).await
}

/// Sends these bytes and says that no more will come, as one must after what
/// need not be a whole request.
pub async fn blurt(provider: &Provider, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(provider).await;
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    until_closed(&mut stream).await
}

/// The status of an answer.
pub fn status(answer: &[u8]) -> Option<u16> {
    let text = answer.strip_prefix(b"HTTP/1.1 ").or_else(|| answer.strip_prefix(b"HTTP/1.0 "))?;
    std::str::from_utf8(text.get(..3)?).ok()?.parse().ok()
}

/// A connection that is kept, and what it asks.
pub struct Talk(BufReader<TcpStream>);

impl Talk {
    /// Begins.
    pub async fn with(provider: &Provider) -> Self {
        Self(BufReader::new(connect(provider).await))
    }

    /// Sends a request that ends with its headers or its body; head and body
    /// of the answer.
    pub async fn ask(&mut self, request: &str) -> (String, String) {
        self.0.get_mut().write_all(request.as_bytes()).await.unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).await.unwrap(), 0, "the connection closes after {head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
        self.0.read_exact(&mut body).await.unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    /// A whole honest sign-in: code, tokens, `UserInfo`. Returns code and
    /// access token.
    pub async fn sign_in(&mut self) -> (String, String) {
        let (head, _) = self.ask(&authorization("state=t")).await;
        let code = between(&head, "&code=", "&").to_owned();
        let (_, body) = self.ask(&token(&code)).await;
        let access_token = between(&body, "\"access_token\":\"", "\"").to_owned();
        let request = format!("GET /here/userinfo HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {access_token}\r\n\r\n");
        let (head, _) = self.ask(&request).await;
        assert_eq!(status(head.as_bytes()), Some(200), "{head}");
        (code, access_token)
    }
}

/// An authorization request of Alice's user agent.
pub fn authorization(more: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "c"), ("redirect_uri", APP), ("response_type", "code"), ("scope", "openid email")])
        .finish();
    let headers = format!("host: h\r\nmock-idp-secret: {SECRET}\r\nmock-idp-end-user: alice");
    format!("GET /here/authorize?{query}&{more} HTTP/1.1\r\n{headers}\r\n\r\n")
}

/// The token request for a code.
pub fn token(code: &str) -> String {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "authorization_code"), ("code", code), ("redirect_uri", APP)])
        .extend_pairs([("client_id", "c"), ("client_secret", "s")])
        .finish();
    format!("POST /here/token HTTP/1.1\r\nhost: h\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// What stands between two marks; nothing if they are not there.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(inner, _)| inner)
}

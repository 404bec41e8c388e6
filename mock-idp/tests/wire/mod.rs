//! What the tests over raw sockets share: a provider with one issuer, and
//! bytes there and back, without an HTTP client that would put them right.

use indexmap::IndexMap;
use mock_idp::{
    Client, Clock, Deviations, EndUser, Issuer, KeySource, Limits, Provider, ProviderOptions, ProviderSettings,
    Registration,
};
use serde_json::{Map, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The secret of the run.
pub const SECRET: &str = "of-the-run";
/// Where the client wants its user agents back.
pub const APP: &str = "https://rp.example/callback?kept=1";

/// A provider, and an issuer at `/here`.
pub async fn provider(limits: Limits) -> (Provider, Issuer) {
    let options = ProviderOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        keys: KeySource::Published,
        clock: Clock::frozen(1_800_000_000),
        seed: 7,
        secret: SECRET.into(),
    };
    let provider = Provider::start_within(options, limits).await.unwrap();
    let claims = json!({ "email": "alice@example.test" }).as_object().cloned().unwrap_or_default();
    let issuer = provider
        .open(Registration {
            path: "/here".into(),
            client: Client { id: "c".into(), secret: Some("s".into()), redirect_uris: vec![APP.into()] },
            settings: ProviderSettings::default(),
            deviations: Deviations::parse(&Map::new(), &Map::new()).unwrap(),
            end_users: IndexMap::from([("alice".into(), EndUser { sub: "a".into(), claims })]),
        })
        .unwrap();
    (provider, issuer)
}

/// A connection.
pub async fn connect(provider: &Provider) -> TcpStream {
    TcpStream::connect(provider.local_addr()).await.unwrap()
}

/// Everything that comes until the other side closes. A reset ends it too: it
/// is how a socket tells that not everything was read.
pub async fn until_closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

/// Sends these bytes and nothing more; everything that comes back. An error
/// means that the other side had enough.
pub async fn exchange(provider: &Provider, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(provider).await;
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    until_closed(&mut stream).await
}

/// The status of an answer.
pub fn status(answer: &[u8]) -> Option<u16> {
    let text = answer.strip_prefix(b"HTTP/1.1 ").or_else(|| answer.strip_prefix(b"HTTP/1.0 "))?;
    std::str::from_utf8(text.get(..3)?).ok()?.parse().ok()
}

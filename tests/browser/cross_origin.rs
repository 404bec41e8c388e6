//! A client that is nothing but a page signs in: its script asks discovery, key
//! set, token endpoint and `UserInfo` across origins, which a browser permits
//! only where the provider does (Fetch §3.2).

use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{browser, provider};
use crate::skipped;

/// A web server with the page at every path but that of the library. Returns
/// its origin.
async fn serve(library: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let library = Arc::new(library);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let library = Arc::clone(&library);
            // A browser may break off.
            tokio::spawn(async move { answer(stream, &library).await.is_ok() });
        }
    });
    origin
}

async fn answer(mut stream: TcpStream, library: &[u8]) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let (kind, body): (_, &[u8]) = if head.starts_with(b"GET /oauth4webapi.js ") {
        ("text/javascript", library)
    } else {
        ("text/html", include_bytes!("cross_origin.html"))
    };
    let head = format!("content-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}").as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_a_client() {
    let library =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("../interop/node/node_modules/oauth4webapi/build/index.js");
    let Ok(library) = std::fs::read(library) else {
        return skipped::missing("oauth4webapi, of npm, is not installed; `.ci/run` does it");
    };
    let Some(browser) = browser(&[]).await else { return };
    let provider = provider("--client-secret=").await;
    let origin = serve(library).await;
    browser.open(&format!("{origin}/?issuer={}", provider.issuer().url())).await;
    browser.click("input[value=bob] ~ .who").await;
    browser.click("button.primary").await;
    let told = browser.text("p.result").await;
    assert_eq!(told, "bob@example.test, bob, 401, Bearer realm=\"userinfo\", error=\"invalid_token\"");
    browser.close().await;
}

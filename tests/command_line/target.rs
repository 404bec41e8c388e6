//! What a run prints at a target: a reference server, or a server that is not a
//! photo server.

use std::io::{Read, Write};
use std::net::TcpListener;

use rstest::rstest;

use super::folder::{folder, folder_of_authorities};
use super::{golden, run};
use crate::{environment, reference};

/// Answers everything with a web page.
fn web_page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let page = "<!doctype html><title>Hello</title>";
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: ";
            let _ = write!(stream, "{head}{}\r\n\r\n{page}", page.len());
        }
    });
    format!("http://{address}")
}

#[rstest]
#[case("answers-html", "run --target [URL] --api-key-file key")]
#[case("answers-html-preflight", "run --target [URL] --api-key-file key --preflight-only")]
fn a_server_that_is_none(#[case] name: &str, #[case] arguments: &str) {
    let folder = folder();
    let values = [("[URL]", web_page())];
    golden(name, run(folder.path(), arguments, &values), &values);
}

/// As in an image without certificate authorities.
#[test]
fn a_machine_that_trusts_no_authority() {
    let folder = folder();
    let mut command = environment::harness(folder.path());
    let output = command.args(["run", "one.toml"]).env("SSL_CERT_FILE", "/dev/null").output().unwrap();
    golden("no-authorities", String::from_utf8_lossy(&output.stderr).into_owned(), &[]);
    assert_eq!(output.status.code(), Some(2));
}

#[rstest]
#[case("wrong-key", "run --target [URL] --api-key-file key")]
#[case("journal-on-a-disk-that-refuses", "run --target [URL] --api-key-file good-key --journal /proc/nowhere/journal")]
#[case("journal-that-is-none", "run --target [URL] --api-key-file good-key --journal diary")]
#[case("journal-by-a-bare-name", "run --target [URL] --api-key-file good-key --journal bare --filter callback/answer")]
#[case("provider-unreached", "run --target [URL] --api-key-file good-key --idp-url http://127.0.0.1:1")]
#[case("preflight", "run --target [URL] --api-key-file good-key --preflight-only --idp-listen 127.0.0.1:0")]
#[case("provider-untrusted", "run --target [URL] --api-key-file good-key --idp-ca authority")]
#[case("tls-without-ca", "run --target [URL] --api-key-file good-key --filter tls/bad-certificate::expired")]
#[case("refused-settings", "run --target [URL] --api-key-file good-key refused.toml")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server(#[case] name: &str, #[case] arguments: &str) {
    let server = reference::start().await;
    let folder = folder_of_authorities();
    std::fs::write(folder.path().join("good-key"), server.api_key()).unwrap();
    let refused = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                   requirement = [\"immich: oauth.timeout\"]\n[server.oauth]\ntimeout = 0\n\
                   [[steps]]\nstart-sign-in = {}\n";
    std::fs::write(folder.path().join("refused.toml"), refused).unwrap();
    let values = [("[URL]", server.url().to_owned())];
    let output = tokio::task::block_in_place(|| run(folder.path(), arguments, &values));
    golden(name, output, &values);
}

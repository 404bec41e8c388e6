//! `oidc-harness idp` as a process: what it prints, how it ends, and that the
//! calls of docs/provider-by-hand.md do what stands there.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::reference;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rstest::rstest;
use snapbox::Data;

use crate::documents::console::output_with_wildcards;
use crate::environment::{bare, harness};
use crate::skipped::missing;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A provider in a process of its own.
struct Idp {
    process: Child,
    _home: tempfile::TempDir,
    output: BufReader<std::process::ChildStdout>,
    text: String,
}

/// These tests may themselves run under `nohup`, and what is ignored stays so.
const AS_USUAL: &str = "env --default-signal=HUP true 2>/dev/null && exec env --default-signal=HUP \"$@\"; exec \"$@\"";

impl Idp {
    fn start(arguments: &str) -> Self {
        Self::start_by(AS_USUAL, arguments)
    }

    /// The same, where this line of a shell runs it.
    fn start_by(line: &str, arguments: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = bare(Command::new("sh"), home.path());
        command.args(["-c", line, "sh"]).arg(harness(home.path()).get_program());
        command.arg("idp").args(arguments.split_whitespace()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut text = String::new();
        while !text.contains("Ctrl-C") {
            assert_ne!(output.read_line(&mut text).unwrap(), 0, "it ended: {text}");
        }
        Self { process, _home: home, output, text }
    }

    fn origin(&self) -> &str {
        let line = self.text.lines().find(|line| line.starts_with("inspector")).unwrap();
        line.split_whitespace().nth(1).unwrap().trim_end_matches("/inspect")
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.origin().trim_start_matches("http://")).unwrap()
    }

    fn signal(&self, name: &str) {
        let signal = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(signal.unwrap().success());
    }

    /// The exit code.
    fn end(mut self) -> i32 {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        self.process.wait().unwrap().code().unwrap()
    }
}

impl Drop for Idp {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[rstest]
#[case("idp-on-loopback", "--listen 127.0.0.1:0 --quirk expired --secret shown")]
#[case(
    "idp-beyond-loopback",
    "--listen 0.0.0.0:0 --public-url http://idp.test:9000 --redirect-uri https://a.test/ --redirect-uri app:/b"
)]
#[case("idp-imitates", "--listen 127.0.0.1:0 --secret shown --profile keycloak")]
#[case("idp-over-tls", "--listen 127.0.0.1:0 --tls trusted --secret shown")]
#[case("idp-self-signed", "--listen 127.0.0.1:0 --tls self-signed --secret shown")]
#[case("idp-public-client", "--listen 127.0.0.1:0 --client-secret= --issuer-path /o/photos/")]
fn says_what_to_enter_and_where_to_look(#[case] name: &str, #[case] arguments: &str) {
    let idp = Idp::start(arguments);
    let mut text = format!("$ oidc-harness idp {arguments}\n{}", idp.text);
    let made_up = r"\b([a-z0-9]{4}-){3}[a-z0-9]{4}\b";
    for (pattern, word) in [(r"(127\.0\.0\.1:)[1-9]\d+", "$1[PORT]"), (made_up, "[MADE-UP]")] {
        text = regex_lite::Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    let golden = root().join("tests/command_line").join(format!("{name}.txt"));
    snapbox::assert_data_eq!(text, Data::read_from(&golden, None).raw());
}

#[rstest]
#[case("INT")]
#[case("TERM")]
#[case("HUP")]
fn ends_when_asked_after_open_requests(#[case] signal: &str) {
    let idp = Idp::start("--listen 127.0.0.1:0 --quirk slow=discovery");
    let mut open = idp.connect();
    write!(open, "GET /.well-known/openid-configuration HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").unwrap();
    // The journal of another request shows that the first is under way.
    let journal = format!("GET /control/journal?wait=60000 HTTP/1.0\r\nauthorization: Bearer {}\r\n\r\n", secret(&idp));
    let mut watch = idp.connect();
    watch.write_all(journal.as_bytes()).unwrap();
    watch.read_to_string(&mut String::new()).unwrap();
    idp.signal(signal);
    let mut answer = String::new();
    open.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("jwks_uri"), "{answer}");
    assert_eq!(idp.end(), 0);
}

/// `nohup` has the signal of a terminal that goes away ignored.
#[cfg(target_os = "linux")]
#[test]
fn goes_on_without_its_terminal_where_that_was_asked_for() {
    let idp = Idp::start_by("trap '' HUP; exec \"$@\"", "--listen 127.0.0.1:0");
    idp.signal("HUP");
    let mut open = idp.connect();
    write!(open, "GET /.well-known/openid-configuration HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    // Signals of one kind come in order; one that had ended it would have by now.
    idp.signal("TERM");
    assert_eq!(idp.end(), 0);
}

#[test]
fn ends_at_once_when_asked_twice() {
    let idp = Idp::start("--listen 127.0.0.1:0");
    let mut open = idp.connect();
    // A body that never comes.
    write!(open, "POST /token HTTP/1.1\r\nhost: 127.0.0.1\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n")
        .unwrap();
    // The server reads, so the request is open.
    open.read_exact(&mut [0; 12]).unwrap();
    idp.signal("INT");
    // It does not take connections any more: the first signal has arrived.
    while TcpStream::connect(idp.origin().trim_start_matches("http://")).is_ok() {}
    idp.signal("INT");
    assert_eq!(idp.end(), 130);
}

fn secret(idp: &Idp) -> &str {
    let line = idp.text.lines().find(|line| line.starts_with("control secret")).unwrap();
    line.split_whitespace().last().unwrap()
}

/// The blocks of a document, with their languages.
fn blocks(document: &str) -> Vec<(String, String)> {
    let mut parts = document.split("\n```");
    let mut blocks = Vec::new();
    parts.next();
    while let (Some(block), Some(_)) = (parts.next(), parts.next()) {
        let (language, text) = block.split_once('\n').unwrap();
        blocks.push((language.to_owned(), format!("{text}\n")));
    }
    blocks
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calls_in_the_document_do_what_stands_there() {
    if Command::new("curl").arg("--version").output().is_err() {
        missing("curl, which makes the calls of the document, is not installed");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let relying_party = reference::start().await;
    let idp = Idp::start("--listen 127.0.0.1:0");
    let document = std::fs::read_to_string(root().join("docs/provider-by-hand.md")).unwrap();
    let blocks = blocks(&document);
    let mut calls = 0;
    for (index, (_, call)) in blocks.iter().enumerate().filter(|(_, (_, text))| text.starts_with("curl ")) {
        // Without a proxy that the caller has, nor what their `.curlrc` says.
        let mut shell = bare(Command::new("bash"), home.path());
        shell.args(["-e", "-c", call]).env("IDP", idp.origin()).env("SECRET", secret(&idp));
        shell.env("RELYING_PARTY", relying_party.url());
        let output = tokio::task::block_in_place(|| shell.output()).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{call}{text}");
        match blocks.get(index + 1) {
            Some((language, expected)) if language == "json" || language == "text" => {
                snapbox::assert_data_eq!(text, output_with_wildcards(expected));
            }
            _ => assert!(!text.is_empty() && !text.contains("\"error\""), "{call}{text}"),
        }
        calls += 1;
    }
    assert!(calls >= 14, "only {calls} calls were found");
}

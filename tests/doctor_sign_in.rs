//! `oidc-harness doctor --sign-in` as a person sees it: the address is printed, and
//! the answer caught on this machine, pasted, or never given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;

use harness::http_client::of_the_system;
use harness::immich::{ApiKey, Immich};
use mock_idp::{MockIdp, Url, User};
use serde_json::Value;
use snapbox::Data;

use crate::environment::harness;
use crate::reference;

/// The doctor, waiting for a sign-in.
struct Doctor {
    process: Child,
    errors: BufReader<ChildStderr>,
    /// What it has said.
    text: String,
    /// Where the person signs in.
    url: String,
    _home: tempfile::TempDir,
}

impl Doctor {
    /// At a provider alone.
    fn at_provider(idp: &MockIdp, redirect_uri: &str) -> Self {
        let client = ["--issuer", idp.issuer(), "--client-id", idp.client_id(), "--client-secret-file", "secret"];
        Self::start(idp.client_secret(), &[&client[..], &["--redirect-uri", redirect_uri]].concat())
    }

    /// With this text in the file `secret`.
    fn start(secret: &str, arguments: &[&str]) -> Self {
        Self::with_browser(secret, arguments, "")
    }

    /// With this script as the only program that it finds, or none.
    fn with_browser(secret: &str, arguments: &[&str], browser: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("secret"), secret).unwrap();
        let mut command = harness(home.path());
        command.env("PATH", home.path());
        if !browser.is_empty() {
            let script = home.path().join("browser");
            std::fs::write(&script, browser).unwrap();
            std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
            command.env("BROWSER", script);
        }
        command.current_dir(home.path()).arg("doctor").args(arguments).args(["--sign-in", "--json"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let errors = BufReader::new(process.stderr.take().unwrap());
        Self { process, errors, text: String::new(), url: String::new(), _home: home }
    }

    /// Reads the address, and waits until it waits, too.
    fn waits(&mut self) {
        let mut line = String::new();
        while !line.contains("cancels") {
            line.clear();
            assert_ne!(self.errors.read_line(&mut line).unwrap(), 0);
            self.text.push_str(&line);
            if line.starts_with("http") {
                line.trim().clone_into(&mut self.url);
            }
        }
    }

    /// All that it says until its end, blind to what differs from run to run.
    fn said(mut self) -> String {
        drop(self.process.stdin.take());
        let mut text = self.text;
        self.errors.read_to_string(&mut text).unwrap();
        for (pattern, word) in
            [(r"127\.0\.0\.1(:|%3A)\d{4,5}", "127.0.0.1${1}PORT"), ("(state|code_challenge)=[^&]+", "${1}=RANDOM")]
        {
            text = regex_lite::Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
        }
        text + &format!("exit {}\n", self.process.wait().unwrap().code().unwrap())
    }

    /// Types a line.
    fn type_in(&mut self, line: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The causes that it names, and the exit code.
    fn end(mut self) -> (Vec<String>, i32) {
        drop(self.process.stdin.take());
        let mut text = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let diagnosis: Value = serde_json::from_str(&text).unwrap();
        for name in ["code=", "access_token", "eyJ"] {
            assert!(!text.contains(name), "{text}");
        }
        let causes = diagnosis["checks"].as_array().unwrap().iter();
        let named = causes.filter_map(|check| check["cause"].as_str()).filter(|cause| *cause != "http");
        (named.map(ToOwned::to_owned).collect(), self.process.wait().unwrap().code().unwrap())
    }
}

fn mira(idp: &MockIdp) -> User {
    idp.user("mira").claim("email", "mira@example.org")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_caught_on_this_machine() {
    let idp = MockIdp::start().await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut doctor = Doctor::at_provider(&idp, &format!("http://127.0.0.1:{port}/callback"));
    doctor.waits();
    let arrived = idp.sign_in(&doctor.url, &mira(&idp)).await.unwrap();
    let page = reqwest::get(arrived).await.unwrap();
    assert_eq!(page.status().as_u16(), 200);
    assert_eq!(doctor.end(), (Vec::new(), 0));
}

/// The browser that `BROWSER` names gets the address that is printed.
#[tokio::test(flavor = "multi_thread")]
async fn the_address_opens_in_the_browser() {
    let idp = MockIdp::start().await;
    let client = ["--issuer", idp.issuer(), "--client-id", idp.client_id(), "--client-secret-file", "secret"];
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let callback = format!("http://127.0.0.1:{port}/callback");
    let opened = tempfile::NamedTempFile::new().unwrap();
    let script = format!("#!/bin/sh\necho \"$1\" > {}\n", opened.path().display());
    let arguments = [&client[..], &["--redirect-uri", &callback, "--open"]].concat();
    let mut doctor = Doctor::with_browser(idp.client_secret(), &arguments, &script);
    doctor.waits();
    // The doctor does not wait for the browser to open it.
    let shown = loop {
        let shown = std::fs::read_to_string(opened.path()).unwrap();
        if shown.ends_with('\n') {
            break shown;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!(shown.trim(), doctor.url);
    let arrived = idp.sign_in(&doctor.url, &mira(&idp)).await.unwrap();
    reqwest::get(arrived).await.unwrap();
    assert_eq!(doctor.end(), (Vec::new(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_pasted() {
    let idp = MockIdp::builder().redirect_uri("https://photos.example.org/auth/login").start().await;
    let mut doctor = Doctor::at_provider(&idp, "https://photos.example.org/auth/login");
    doctor.waits();
    let arrived = idp.sign_in(&doctor.url, &mira(&idp)).await.unwrap();
    doctor.type_in("what is this?");
    doctor.type_in(arrived.as_str());
    assert_eq!(doctor.end(), (Vec::new(), 0));
}

/// Its sign-in page is on this machine, too, where the doctor cannot listen.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_server_is_pasted() {
    let (idp, running) = (MockIdp::start().await, reference::start().await);
    let server = Immich::new(of_the_system(b"").unwrap(), running.url(), ApiKey::new(running.api_key())).unwrap();
    let mut settings = server.settings().await.unwrap();
    for (name, value) in
        [("issuerUrl", idp.issuer()), ("clientId", idp.client_id()), ("clientSecret", idp.client_secret())]
    {
        settings["oauth"][name] = value.into();
    }
    settings["oauth"]["enabled"] = true.into();
    settings["oauth"]["allowInsecureRequests"] = true.into();
    server.put_settings(settings).await.unwrap();
    let mut doctor = Doctor::start(running.api_key(), &[running.url(), "--api-key-file", "secret"]);
    doctor.waits();
    let arrived = idp.sign_in(&doctor.url, &mira(&idp)).await.unwrap();
    assert!(arrived.as_str().starts_with(&format!("{}/auth/login?", running.url())));
    doctor.type_in(arrived.as_str());
    assert_eq!(doctor.end(), (Vec::new(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pasted_belongs_to_this_sign_in() {
    let idp = MockIdp::start().await;
    let mut doctor = Doctor::at_provider(&idp, "https://photos.example.org/auth/login");
    doctor.waits();
    let mut other = Url::parse("https://photos.example.org/auth/login").unwrap();
    other.set_query(Some("code=of-another&state=another"));
    doctor.type_in(other.as_str());
    assert_eq!(doctor.end(), (vec!["another-flow".to_owned()], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_line_or_ctrl_c_cancels() {
    let idp = MockIdp::start().await;
    let cancelled = (vec!["sign-in-cancelled".to_owned()], 1);
    let mut doctor = Doctor::at_provider(&idp, "https://photos.example.org/auth/login");
    doctor.waits();
    doctor.type_in("");
    assert_eq!(doctor.end(), cancelled);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut doctor = Doctor::at_provider(&idp, &format!("http://127.0.0.1:{port}/callback"));
    doctor.waits();
    let id = doctor.process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(doctor.end(), cancelled);
}

/// What a person reads: the address to open and where the browser ends, or why there
/// is no sign-in.
#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_is_golden() {
    let idp = MockIdp::start().await;
    let other_program = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = format!("http://{}/callback", other_program.local_addr().unwrap());
    let mut pasting = Doctor::at_provider(&idp, "https://photos.example.org/auth/login");
    pasting.type_in("what is this?");
    let client = ["--issuer", idp.issuer(), "--client-id", idp.client_id(), "--client-secret-file", "secret"];
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let callback = format!("http://127.0.0.1:{port}/callback");
    let arguments = [&client[..], &["--redirect-uri", &callback, "--open"]].concat();
    let mut opening = Doctor::start(idp.client_secret(), &arguments);
    opening.waits();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &opening.process.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut listening = Doctor::at_provider(&idp, &format!("http://{free}/callback"));
    let id = listening.process.id().to_string();
    listening.waits();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let all = [
        ("pasted", pasting.said()),
        ("caught", listening.said()),
        ("no-browser", opening.said()),
        ("taken", Doctor::at_provider(&idp, &taken).said()),
        ("no-document", Doctor::start("hush", &["--issuer", "http://127.0.0.1:1", "--client-id", "c"]).said()),
    ];
    let text: String = all.iter().map(|(name, said)| format!("# {name}\n\n{said}\n")).collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/command_line/doctor-sign-in.txt");
    snapbox::assert_data_eq!(text, Data::read_from(&golden, None).raw());
}

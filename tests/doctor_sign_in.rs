//! `oidc-harness doctor --sign-in` as a person sees it: the address is printed, and
//! the answer caught on this machine, pasted, or never given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, Stdio};

use harness::http_client::of_the_system;
use harness::immich::{ApiKey, Immich};
use mock_idp::{MockIdp, Url, User};
use serde_json::Value;

use crate::environment::harness;
use crate::reference;

/// The doctor, waiting for a sign-in.
struct Doctor {
    process: Child,
    errors: BufReader<ChildStderr>,
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
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("secret"), secret).unwrap();
        let mut command = harness(home.path());
        command.current_dir(home.path()).arg("doctor").args(arguments).args(["--sign-in", "--json"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        let mut url = String::new();
        while !url.starts_with("http") {
            url.clear();
            assert_ne!(errors.read_line(&mut url).unwrap(), 0);
        }
        Self { process, errors, url: url.trim().to_owned(), _home: home }
    }

    /// Waits until it says that it waits.
    fn waits(&mut self) {
        let mut line = String::new();
        while !line.contains("cancels") {
            assert_ne!(self.errors.read_line(&mut line).unwrap(), 0);
        }
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

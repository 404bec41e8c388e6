//! What the doctor prints where a person gave it the wrong thing, or the way is
//! broken: one golden, `doctor/hard-cases.txt`, with the exit code of each.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use harness::doctor::{Clients, Diagnosis, ProviderSignIn, diagnose, look, terminal_text};
use harness::http_client::of_the_system;
use harness::immich::{ApiKey, Immich, SECRET_NAMES, SignInSettings};
use harness::redaction::Secrets;
use mock_idp::{Clock, MockIdp, Tls, Url};
use serde_json::json;
use snapbox::Data;

use super::server::at_server;
use super::{CALLBACK, RANDOM, clients};

/// Waits shorter than a person would.
fn impatient() -> Clients {
    Clients { patience: Duration::from_millis(500), ..clients("") }
}

fn settings(issuer: &str) -> SignInSettings {
    SignInSettings::fresh(issuer.to_owned(), "client".to_owned(), "secret".to_owned())
}

/// What is said of a provider that misbehaves so; `ISSUER` in a quirk is its own.
async fn of_provider(quirk: &str, clients: &Clients) -> Diagnosis {
    let idp = MockIdp::builder().start().await;
    idp.misbehave(&quirk.replace("ISSUER", idp.issuer())).unwrap();
    let evidence = look(None, settings(idp.issuer()), clients, Clock::system().now()).await;
    let _ = idp.finish();
    diagnose(&evidence, &Secrets::of(SECRET_NAMES))
}

async fn of_issuer(issuer: &str) -> Diagnosis {
    let evidence = look(None, settings(issuer), &impatient(), Clock::system().now()).await;
    diagnose(&evidence, &Secrets::of(SECRET_NAMES))
}

async fn of_certificate(tls: Tls) -> Diagnosis {
    let idp = MockIdp::builder().tls(tls).start().await;
    let clients = clients(&idp.authority_pem().unwrap());
    let evidence = look(None, settings(idp.issuer()), &clients, Clock::system().now()).await;
    let _ = idp.finish();
    diagnose(&evidence, &Secrets::of(SECRET_NAMES))
}

/// At an address where a provider answers instead of a server.
async fn of_no_immich() -> Diagnosis {
    let idp = MockIdp::start().await;
    let server = Immich::new(of_the_system(b"").unwrap(), idp.issuer(), ApiKey::new("")).unwrap();
    let evidence = look(Some(&server), SignInSettings::default(), &impatient(), Clock::system().now()).await;
    let _ = idp.finish();
    diagnose(&evidence, server.secrets())
}

/// A sign-in at whose end this address is pasted, or none.
async fn of_sign_in(arrived: Option<&str>) -> Diagnosis {
    let idp = MockIdp::builder().client("client", "secret").start().await;
    let (secrets, now) = (Secrets::of(SECRET_NAMES), Clock::system().now());
    let mut evidence = look(None, settings(idp.issuer()), &clients(""), now).await;
    let sign_in = ProviderSignIn::of(&evidence, CALLBACK, RANDOM).unwrap();
    let arrived = arrived.map(|url| Url::parse(url).unwrap());
    evidence.sign_in = Some(sign_in.finish(&clients(""), arrived.as_ref(), now, &secrets).await);
    let _ = idp.finish();
    diagnose(&evidence, &secrets)
}

/// The diagnosis without the checks that find nothing.
fn told(mut diagnosis: Diagnosis) -> String {
    let code = diagnosis.exit_code().code();
    diagnosis.checks.retain(|check| !check.cause.is_empty());
    format!("{}exit {code}\n", terminal_text(&diagnosis))
}

#[tokio::test]
async fn hard_cases_are_said_in_a_sentence_each() {
    let found = [
        ("no such host", of_issuer("https://id.invalid").await),
        ("no Immich there", of_no_immich().await),
        ("OAuth is off", at_server(json!({"enabled": false}), true).await),
        ("a web page", of_provider("discovery-html", &clients("")).await),
        ("a hang", of_provider("hang=discovery", &impatient()).await),
        (
            "a redirect loop",
            of_provider("discovery-redirect=ISSUER/.well-known/openid-configuration", &clients("")).await,
        ),
        ("10 MB of document", of_provider("discovery-huge=10240", &clients("")).await),
        ("yesterday's certificate", of_certificate(Tls::Expired).await),
        ("a sign-in cancelled", of_sign_in(None).await),
        ("the address of another sign-in", of_sign_in(Some(&format!("{CALLBACK}?code=c&state=s"))).await),
    ];
    let mut text = String::new();
    for (name, diagnosis) in found {
        let _ = write!(text, "# {name}\n\n{}\n", told(diagnosis));
    }
    for (pattern, word) in
        [(r"127\.0\.0\.1:\d{5}", "127.0.0.1:PORT"), (r"\d{10}", "TIME"), (r"8640\d seconds", "86400 seconds")]
    {
        text = regex_lite::Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("doctor/hard-cases.txt");
    snapbox::assert_data_eq!(text, Data::read_from(&path, None).raw());
}

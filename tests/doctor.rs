//! The doctor names the causes of the field lists, each set up at a provider, and
//! finds nothing wrong with honest ones. `docs/doctor-matrix.md` shows it;
//! `SNAPSHOTS=overwrite cargo test` writes it anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use harness::doctor::{
    CHECKS, CheckResult, Clients, Diagnosis, DoctorEvidence, ProviderSignIn, ServerEvidence, SignInEvidence, Status,
    diagnose, look, terminal_text,
};
use harness::http_client::of_the_system;
use harness::immich::{Account, Beginning, Dialect, SECRET_NAMES, SignInSettings};
use harness::redaction::Secrets;
use mock_idp::{Clock, MockIdp, PROFILES, ProviderSettings, Tls, Url, profile};
use serde_json::{Value, json};
use snapbox::Data;

#[path = "doctor/cause.rs"]
mod cause;
#[path = "doctor/forms.rs"]
mod forms;
#[path = "doctor/hard_cases.rs"]
mod hard_cases;
#[path = "doctor/providers.rs"]
mod providers;
#[path = "doctor/recording.rs"]
mod recording;
#[path = "doctor/server.rs"]
mod server;
#[path = "doctor/sign_in_cause.rs"]
mod sign_in_cause;

use cause::{Cause, causes};
use sign_in_cause::{PlayedSignIn, mira};

fn clients(pem: &str) -> Clients {
    Clients { provider: of_the_system(pem.as_bytes()).unwrap(), patience: Duration::from_secs(10) }
}

async fn diagnosis(settings: SignInSettings, pem: &str) -> Diagnosis {
    let evidence = look(None, settings, &clients(pem), Clock::system().now()).await;
    diagnose(&evidence, &Secrets::of(SECRET_NAMES))
}

/// A server of these settings that begins sign-ins.
fn beginning_server(evidence: &DoctorEvidence) -> ServerEvidence {
    ServerEvidence {
        origin: "http://127.0.0.1:2283".to_owned(),
        version: Ok("2.7.5".parse().unwrap()),
        offers_sign_in: Ok(true),
        settings: Some(Ok(())),
        beginning: Ok(Beginning::At(evidence.settings.issuer.clone().unwrap())),
        time: None,
        dialect: Dialect::default(),
    }
}

const RANDOM: &str = "0123456789abcdef0123456789abcdef";
const CALLBACK: &str = "http://127.0.0.1:8585/callback";

/// What a sign-in brings that an end-user makes at the provider.
async fn signed_in(idp: &MockIdp, played: &PlayedSignIn, evidence: &DoctorEvidence, pem: &str) -> SignInEvidence {
    let sign_in = ProviderSignIn::of(evidence, CALLBACK, RANDOM).unwrap();
    let (url, user) = (sign_in.url(), (played.user)(idp.user("mira")));
    let arrived = match played.denial {
        Some(error) => idp.deny(url, &user, error).await,
        None => idp.sign_in(url, &user).await,
    };
    let secrets = Secrets::of(SECRET_NAMES);
    let mut seen = sign_in.finish(&clients(pem), Some(&arrived.unwrap()), Clock::system().now(), &secrets).await;
    let account =
        |row: &Value| Account::of(json!({"id": "1", "oauthId": row[0], "email": row[1], "status": row[2]})).unwrap();
    seen.accounts = played.accounts.as_array().map(|rows| Ok(rows.iter().map(account).collect()));
    seen
}

/// What the doctor says of a cause that is set up.
async fn of(cause: &Cause) -> Diagnosis {
    let settings =
        ProviderSettings::default().with(cause.provider.as_object().unwrap_or(&json!({}).as_object().unwrap().clone()));
    let idp = MockIdp::builder()
        .path(cause.path)
        .tls(cause.tls)
        .settings(settings.unwrap())
        .client("client", "secret")
        .user("mira", mira())
        .start()
        .await;
    for quirk in cause.quirks {
        idp.misbehave(quirk).unwrap();
    }
    if !cause.document.is_null() {
        idp.overlay("discovery", cause.document.clone()).unwrap();
    }
    let mut settings = SignInSettings::fresh(idp.issuer().to_owned(), "client".to_owned(), "secret".to_owned());
    (cause.client)(&mut settings);
    // The doctor does not know the authority where its certificate is the fault.
    let pem = idp.authority_pem().filter(|_| cause.tls != Tls::UnknownCa).unwrap_or_default();
    let mut evidence = look(None, settings, &clients(&pem), Clock::system().now() + cause.apart).await;
    if cause.sign_in.as_ref().is_some_and(|it| !it.accounts.is_null()) {
        evidence.server = Some(beginning_server(&evidence));
    }
    if let Some(played) = &cause.sign_in {
        evidence.sign_in = Some(signed_in(&idp, played, &evidence, &pem).await);
    }
    let _ = idp.finish();
    diagnose(&evidence, &Secrets::of(SECRET_NAMES))
}

fn wrong(diagnosis: &Diagnosis) -> Vec<&CheckResult> {
    diagnosis.checks.iter().filter(|check| check.status >= Status::Warning).collect()
}

/// Causes of the field lists at the provider or around it that no check sees.
const NOT_NAMED: &str = "
## Not named

| rows of the field lists | what is wrong | why the doctor does not name it |
|---|---|---|
| F23, F137 | The server tries an IPv6 route that is dead | It shows only where the server runs: `server-cut-off` sends you there. |
| F29, F121 | The provider's page, or the phone, does not go on to the app's address | It happens in a browser or on a phone, after the provider has accepted the address. |
| F45 | Cookies of an earlier sign-in remain in the browser | The doctor signs in without the server's cookies. |
| F70, F123, F132 | The server keeps old keys, or an old secret | It shows only in the server; the provider's answers are right. |
| F105, F106, F117 | The provider asks, stays on its page or fails at sign-out | The doctor does not sign people out. |
| F108, F122 | The provider sends no or odd back-channel logouts | They go to the server, when a person signs out. |
| F110 | A proxy in front of the server intercepts the app's requests | The app's requests differ from the doctor's. |
";

#[tokio::test]
async fn every_cause_is_named() {
    let mut page = "# Doctor: causes and names\n\nEach cause is set up at the mock provider, and the doctor names it. \
                    This page is generated by `tests/doctor.rs`.\n\n| rows of the field lists | what is wrong | cause | \
                    what the doctor says to change |\n|---|---|---|---|\n"
        .to_owned();
    let mut missed = Vec::new();
    for cause in causes() {
        let found = of(&cause).await;
        let named = found.checks.iter().find(|check| check.cause == cause.named);
        let Some(named) = named else {
            let found: Vec<_> =
                wrong(&found).iter().map(|check| (check.cause.clone(), check.sentence.clone())).collect();
            missed.push(format!("{} ({}): {found:?}", cause.what, cause.named));
            continue;
        };
        let port = regex_lite::Regex::new(r"127\.0\.0\.1:\d{4,5}").unwrap();
        let change = port.replace_all(&named.change.join("; "), "127.0.0.1:PORT").replace('|', "\\|");
        let _ = writeln!(page, "| {} | {} | `{}` | {change} |", cause.field, cause.what, cause.named);
    }
    assert!(missed.is_empty(), "{missed:#?}");
    page.push_str(NOT_NAMED);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/doctor-matrix.md");
    snapbox::assert_data_eq!(page, Data::read_from(&path, None).raw());
}

/// Honest providers over plain http, which is the only thing wrong with them,
/// and what they do not have.
const HARMLESS: &[&str] =
    &["http", "pkce-not-listed", "pkce-plain", "no-end-session", "scope-not-offered", "no-userinfo"];

#[tokio::test]
async fn honest_providers_have_no_problem() {
    let mut alarms = Vec::new();
    for name in PROFILES {
        let idp = MockIdp::builder().profile(*name).start().await;
        let facts = profile(name).unwrap().settings("test", "client");
        let mut settings = SignInSettings::fresh(idp.issuer().to_owned(), "client".into(), "secret".into());
        settings.signing_algorithm = facts["signing-algorithm"].as_str().map(ToOwned::to_owned);
        let methods = facts["client-authentication"].as_array().unwrap();
        if !methods.contains(&json!("client_secret_post")) {
            settings.authentication = Some("client_secret_basic".to_owned());
        }
        let found = diagnosis(settings, "").await;
        let _ = idp.finish();
        let strange = wrong(&found)
            .into_iter()
            .filter(|it| it.status == Status::Problem || !HARMLESS.contains(&it.cause.as_str()));
        alarms.extend(strange.map(|check| format!("{name}: {}: {} {:?}", check.check, check.sentence, check.seen)));
        if found.product.as_deref() != Some(profile(name).unwrap().product.as_str()) {
            alarms.push(format!("{name} is recognised as {:?}", found.product));
        }
    }
    assert!(alarms.is_empty(), "{alarms:#?}");
}

/// Each cause of the list is set up here, by a server, or by a probe.
#[test]
fn every_cause_of_a_check_is_set_up() {
    const OF_A_SERVER: &[&str] = &[
        "server-lost",
        "switched-off",
        "key-refused",
        "server-refuses",
        "server-cut-off",
        "override-empty",
        "override-query",
        "override-http",
        "redirect-changed",
        "app-scheme",
        "not-registered",
        "client-unknown",
    ];
    /// A certificate that is wrong in an odd way; an issuer beyond loopback; a
    /// provider that refuses before a person signs in, or wants a nonce; a person who
    /// gives up. Other tests hold them.
    const ELSEWHERE: &[&str] =
        &["certificate", "endpoint-loopback", "request-refused", "nonce-required", "sign-in-cancelled"];
    let named: BTreeSet<_> = causes().iter().map(|cause| cause.named).collect();
    let known = CHECKS.iter().flat_map(|check| check.causes).map(|(cause, _)| *cause);
    let missing: Vec<_> =
        known.filter(|it| !named.contains(it) && !OF_A_SERVER.contains(it) && !ELSEWHERE.contains(it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(causes().len() >= 100, "{}", causes().len());
}

/// The issuer URL is beyond this machine, and the endpoints are not.
#[tokio::test]
async fn an_endpoint_at_loopback_is_named() {
    let idp = MockIdp::builder().start().await;
    let port = Url::parse(idp.issuer()).unwrap().port().unwrap();
    let builder = reqwest::Client::builder().resolve("id.example.org", ([127, 0, 0, 1], port).into());
    let clients = Clients { provider: builder.build().unwrap(), patience: Duration::from_secs(10) };
    let issuer = format!("http://id.example.org:{port}");
    let settings = SignInSettings::fresh(issuer, "client".to_owned(), "secret".to_owned());
    let evidence = look(None, settings, &clients, Clock::system().now()).await;
    let _ = idp.finish();
    let found = diagnose(&evidence, &Secrets::of(SECRET_NAMES));
    assert!(found.checks.iter().any(|check| check.cause == "endpoint-loopback"), "{}", terminal_text(&found));
}

//! What the doctor says of running providers: their recorded answers, honest and
//! broken on purpose. `docs/doctor-providers.md` shows it;
//! `SNAPSHOTS=overwrite cargo test` writes it anew.

use std::fmt::Write;
use std::path::Path;

use futures_util::future::join_all;
use harness::doctor::{Clients, Diagnosis, Probe, ProviderSignIn, SignInEvidence, Status, diagnose, look};
use harness::immich::{SECRET_NAMES, SignInSettings};
use harness::redaction::Secrets;
use mock_idp::MockIdp;
use serde_json::{Map, Value, json};
use snapbox::Data;

use super::recording::{RecordedCase, Recording, replay};
use super::{CALLBACK, RANDOM, beginning_server};

const HEAD: &str = "# Doctor: real providers

Each product ran on a loopback address, honest and broken on purpose. The recorded answers stand in `tests/providers`, \
and `tests/doctor/providers.rs` holds the doctor against them. A column shows what the doctor names: without a flag, \
then with `--probe`, then with `--sign-in`, too. “Unknown” names the checks that the provider's answers do not decide. The warning \
`http` is left out: all of them ran over plain http.
";

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("providers");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

/// What the doctor says without a flag, with `--probe`, and with both.
async fn diagnoses(recording: &Recording, case: &RecordedCase) -> [Diagnosis; 3] {
    let proxy = reqwest::Proxy::http(replay(recording, case).await).unwrap();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).proxy(proxy).build().unwrap();
    let clients = Clients { provider: client, patience: std::time::Duration::from_secs(10) };
    let secrets = Secrets::of(SECRET_NAMES);
    let mut document = json!({ "oauth": case.settings });
    document["oauth"]["scope"] = "openid email profile".into();
    document["oauth"]["profileSigningAlgorithm"] = "none".into();
    let settings = SignInSettings::of(&document);
    let mut evidence = look(None, settings, &clients, case.recorded).await;
    evidence.server = Some(beginning_server(&evidence));
    let looked = diagnose(&evidence, &secrets);
    if let Ok(probe) = Probe::of(&evidence, RANDOM) {
        evidence.probe = Some(probe.send(&clients).await);
    }
    let probed = diagnose(&evidence, &secrets);
    if let Ok(sign_in) = ProviderSignIn::of(&evidence, CALLBACK, RANDOM) {
        let arrived = case.sign_in.as_ref().map(|sign_in| &sign_in.callback);
        let seen = sign_in.finish(&clients, arrived, case.recorded, &secrets).await;
        evidence.sign_in = Some(SignInEvidence { accounts: Some(Ok(Vec::new())), ..seen });
    }
    [looked, probed, diagnose(&evidence, &secrets)]
}

/// What is named, and what stays unknown.
fn named(diagnosis: &Diagnosis) -> String {
    let of = |status: Status| diagnosis.checks.iter().filter(move |check| check.status == status);
    let mut parts = Vec::new();
    for (status, word) in [(Status::Problem, ""), (Status::Warning, " (warning)")] {
        parts.extend(of(status).filter(|it| it.cause != "http").map(|it| format!("`{}`{word}", it.cause)));
    }
    let unknown: Vec<_> = of(Status::Unknown).map(|check| format!("`{}`", check.check)).collect();
    if !unknown.is_empty() {
        parts.push(format!("unknown: {}", unknown.join(", ")));
    }
    if parts.is_empty() { "nothing wrong".to_owned() } else { parts.join(", ") }
}

/// Measured by hand on 29 November 2026: a browser fails at the server, the doctor
/// runs, the setting that it names is changed, a browser signs in.
const AT_IMMICH: &str = "
## From a failure to a sign-in at Immich 2.7.5

A script did what a person does: it failed to sign in, ran the doctor, changed the setting that the doctor named, and \
signed in.

| provider | what is wrong | what the doctor names | seconds |
|---|---|---|---|
| canaille 0.3.6 | another secret | `secret-refused`, by `--probe` | 5.0 |
| canaille 0.3.6 | the client is registered for HTTP Basic | `method-refused`, by `--probe` | 4.5 |
| canaille 0.3.6 | the client has no signing algorithm | `id-token-algorithm`, by `--sign-in` | 2.4 |
| oidc-provider 9.13.3 | another secret | `secret-refused`, by `--probe` | 3.6 |
| oidc-provider 9.13.3 | the client signs with HS256 | `id-token-algorithm`, by `--sign-in` | 1.6 |
| oidc-provider 9.13.3 | slash at the end of the issuer URL | `slash`, by a look | 1.5 |

A second script did it in Chromium, at Immich's own web page. It clicked “Login with OAuth”, read the error, and ran the \
doctor. It entered the value that the doctor named under Administration → Settings → OAuth, and saved it. Then it signed \
in. The seconds are from the error to the sign-in.

| provider | what is wrong | what the page says | what the doctor names | seconds |
|---|---|---|---|---|
| oidc-provider 9.13.3 | another secret | Failed to finish oauth | `secret-refused`, by `--probe` | 15.7 |
| oidc-provider 9.13.3 | the client signs with HS256 | Failed to finish oauth | `id-token-algorithm`, by `--sign-in` | 15.3 |
| oidc-provider 9.13.3 | slash at the end of the issuer URL | Unable to login with OAuth | `slash`, by a look | 13.7 |
";

#[tokio::test]
async fn running_providers_are_diagnosed() {
    let mut page = HEAD.to_owned();
    for recording in recordings() {
        let _ = write!(
            page,
            "\n## {}\n\n| what is wrong | a look | `--probe` | `--sign-in` |\n|---|---|---|---|\n",
            recording.product
        );
        let all = join_all(recording.cases.iter().map(|case| diagnoses(&recording, case))).await;
        for (case, diagnoses) in recording.cases.iter().zip(&all) {
            let cells: Vec<_> = diagnoses.iter().map(named).collect();
            let _ = writeln!(page, "| {} | {} |", case.what, cells.join(" | "));
            let problems = diagnoses.iter().map(|diagnosis| diagnosis.count(Status::Problem)).sum::<usize>();
            assert!(case.what != "honest" || problems == 0, "{}: {cells:?}", recording.product);
        }
    }
    page.push_str(AT_IMMICH);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/doctor-providers.md");
    snapbox::assert_data_eq!(page, Data::read_from(&path, None).raw());
}

/// What Rauthy publishes only with settings that its profile leaves alone.
const OF_SETTINGS: &[&str] = &["registration_endpoint", "client_id_metadata_document_supported"];

#[tokio::test]
async fn the_profile_of_rauthy_publishes_what_was_recorded() {
    let recording = recordings().into_iter().find(|it| it.product.starts_with("Rauthy")).unwrap();
    let (issuer, publication) = recording.providers.iter().next().unwrap();
    let mut recorded = publication.document.body.clone().unwrap();
    let recorded = recorded.as_object_mut().unwrap();
    recorded.retain(|name, _| !OF_SETTINGS.contains(&name.as_str()));
    let idp = MockIdp::builder().profile("rauthy").start().await;
    let found = discover_document(idp.issuer()).await.replace(idp.issuer().trim_end_matches('/'), issuer);
    let mut found: Map<String, Value> = serde_json::from_str(&found).unwrap();
    let _ = idp.finish();
    for members in [&mut *recorded, &mut found] {
        members.sort_keys();
    }
    assert_eq!(&found, recorded);
}

async fn discover_document(issuer: &str) -> String {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

//! A server that refuses every sign-in proves nothing by refusing a wrong one. That
//! holds if it begins to refuse in the middle of a run, too: soon after, tests that
//! expect a refusal no longer pass.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use conformance_tests::{options, run};
use harness::http_client::{ProviderClients, of_the_system};
use harness::reference::{ReferenceOptions, ReferenceServer};
use harness::report::Outcome;
use harness::runner::{Run, TargetChoice};
use harness::scenario::Catalogue;
use mock_idp::Clock;
use rstest::rstest;

/// So many sign-ins come to an end before the server refuses all.
const SIGN_INS: usize = 60;

/// For so many plays after that, a control still counts.
const PLAYS: usize = 25;

#[derive(Clone)]
struct Front {
    client: reqwest::Client,
    behind: String,
    sign_ins: Arc<AtomicUsize>,
}

/// Passes requests on to the server behind, and refuses every sign-in after the first
/// ones.
async fn serve(State(front): State<Front>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let ends_sign_in = head.uri.path() == "/api/oauth/callback";
    if ends_sign_in && front.sign_ins.fetch_add(1, Ordering::SeqCst) >= SIGN_INS {
        let message = r#"{"message":"no","error":"Bad Request","statusCode":400}"#;
        return (StatusCode::BAD_REQUEST, [("content-type", "application/json")], message).into_response();
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let sent = front.client.request(head.method, format!("{}{}", front.behind, head.uri)).headers(head.headers);
    let answer = sent.body(body).send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.bytes().await.unwrap()).into_response()
}

async fn front(behind: &str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let front = Front { client: of_the_system(&[]).unwrap(), behind: behind.to_owned(), sign_ins: Arc::default() };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(serve).with_state(front)).await });
    url
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn refusals_prove_nothing_soon_after_no_sign_in_succeeds(#[values(1, 16)] at_once: usize) {
    let clock = Clock::system();
    let clients = ProviderClients::of_the_system(&[]).unwrap();
    let server = ReferenceOptions::on_loopback(Arc::new(move || clock.now()), clients);
    let server = ReferenceServer::start(server).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let target = TargetChoice::Server(conformance_tests::server(front(server.url()).await, server.api_key(), journal));
    let mut catalogue = Catalogue::embedded();
    catalogue.scenarios.retain(|scenario| scenario.name.starts_with("id-token/"));
    let run = Run { target, options: options(1), jobs: NonZeroUsize::new(at_once), ..run(&[]) };
    let tests = run.play(catalogue, |_| {}).await.unwrap().report.results;
    let count = |outcome| tests.iter().filter(|test| test.result.outcome == outcome).count();
    // Each of the others needs a sign-in of its own.
    let most = SIGN_INS + PLAYS + 2 * at_once;
    assert!(count(Outcome::Passed) <= most, "{} of {} passed", count(Outcome::Passed), tests.len());
    assert!(count(Outcome::Blocked) > tests.len() / 2, "{} blocked", count(Outcome::Blocked));
}

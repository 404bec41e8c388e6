//! What the black-box tests share: runs against the reference server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use harness::guard::{Consents, Server};
use harness::immich::{Access, ApiKey};
use harness::reference::NEWEST;
use harness::runner::{Run, TargetChoice, WorkerOptions};

/// The folder of the scenarios.
pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("scenarios")
}

/// How workers are made: everything on loopback.
///
/// # Panics
/// If no HTTP client can be made.
#[expect(clippy::expect_used, reason = "tests cannot go on without a client")]
pub fn options(seed: u64) -> WorkerOptions {
    // As long as a defect that waits for ever keeps a test waiting.
    let patience = std::time::Duration::from_secs(10);
    let client = || {
        let redirect = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().redirect(redirect).no_proxy().timeout(patience).build();
        client.expect("a client without special wishes can be made")
    };
    WorkerOptions {
        idp_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        idp_url: None,
        authority: None,
        seed,
        client: client(),
        browser_client: client(),
        with_pages: false,
    }
}

/// A run against the reference server with these defects.
pub fn run(defects: &[&str]) -> Run {
    let defects = defects.iter().map(|name| (*name).to_owned()).collect();
    Run {
        target: TargetChoice::Reference { version: NEWEST, defects, jobs: 2 },
        options: options(1),
        baseline: None,
        find_baseline: false,
        strict: false,
        continue_anyway: false,
        jobs: None,
        fail_fast: false,
        keeps_steps: true,
        wait: false,
    }
}

/// A server at `url` that a run may change, with its journal.
pub fn server(url: String, key: &str, journal: PathBuf) -> Server {
    Server {
        url,
        key: ApiKey::new(key),
        access: Access::Api,
        replicas: 1,
        journal,
        consents: Consents::default(),
        dialect: std::sync::Arc::default(),
    }
}

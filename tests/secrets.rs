//! No secret that passes through a run is found in anything that it leaves
//! behind: output, reports, journal. The run fails here and there, so that
//! there is much to tell.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

#[path = "environment.rs"]
mod environment;
#[path = "staging/proxy.rs"]
#[expect(dead_code, reason = "no trouble is made here")]
mod proxy;
#[path = "staging/server.rs"]
#[expect(dead_code, reason = "nothing is interrupted here")]
mod server;

use harness::scenario::Catalogue;
use proxy::Proxy;
use server::{Staging, client};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_left_behind_holds_a_secret() {
    let mut staging = Staging::with(&["audience-ignored", "callback-while-disabled"]).await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    let folder = staging.folder.path().to_owned();
    let mut command = staging.run_of("");
    command.args(["--verbose", "--report", "human"]);
    command.arg("--report").arg(format!("json={}", folder.join("report.json").display()));
    command.arg("--report").arg(format!("junit={}", folder.join("report.xml").display()));
    command.arg("--report").arg(format!("html={}", folder.join("report.html").display()));
    // To files: nobody reads a pipe while the run goes on.
    let to = |name: &str| std::fs::File::create(folder.join(name)).unwrap();
    command.stdout(to("out")).stderr(to("err"));
    let journal = staging.journal();
    let mut child = command.spawn().unwrap();
    let mut artefacts = Vec::new();
    while child.try_wait().unwrap().is_none() {
        if artefacts.is_empty() {
            // Read while it is there.
            artefacts
                .extend(std::fs::read(&journal).ok().filter(|text| !text.is_empty()).map(|text| ("journal", text)));
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{}{}", read("out"), read("err"));
    for name in ["out", "err", "report.json", "report.xml", "report.html"] {
        artefacts.push((name, std::fs::read(folder.join(name)).unwrap()));
    }
    assert_eq!(artefacts.len(), 6);
    let secrets = proxy.secrets.lock().unwrap().clone();
    assert!(secrets.len() > 20 && secrets.contains("a secret of theirs"), "only {} secrets came by", secrets.len());
    // What a scenario file says is no secret, and reports show the files.
    let files: String = Catalogue::embedded().scenarios.iter().map(|scenario| scenario.source.text.clone()).collect();
    let secrets: Vec<&String> =
        secrets.iter().filter(|secret| secret.len() >= 8 && !files.contains(secret.as_str())).collect();
    assert!(secrets.len() > 20, "only {} secrets are left", secrets.len());
    for (name, bytes) in artefacts {
        let text = String::from_utf8(bytes).unwrap();
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{name} holds {secret}");
        }
    }
}

//! Without a key, by looking only.

use harness::report::Outcome;

use super::{report, reporting};
use crate::proxy::Proxy;
use crate::server::{Staging, client, finished, shown};
use crate::{environment, golden};

#[tokio::test(flavor = "multi_thread")]
async fn read_only_needs_no_key_and_changes_nothing() {
    let staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    let mut command = environment::harness(staging.folder.path());
    command.args(["run", "--baseline", "none", "--read-only", "--target", &address]);
    let output = finished(reporting(command, &staging)).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    // What was skipped is counted by reason.
    golden::compare_in("read_in_a_minute", "read-only", &staging, &shown(&output));
    let requests = proxy.seen.lock().unwrap().clone();
    // The route is asked for with nothing in the hands.
    let harmless = |request: &String| request.starts_with("GET ") || request == "POST /api/oauth/backchannel-logout";
    assert!(requests.iter().all(harmless), "{requests:?}");
    let report = report(&staging, "report.json");
    assert!(report.counts.get(Outcome::Passed) >= 3, "{:?}", report.counts);
    assert_eq!(report.counts.get(Outcome::Passed) + report.counts.get(Outcome::Skipped), report.results.len());
    let left: Vec<_> =
        std::fs::read_dir(staging.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    staging.is_as_it_was().await;
}

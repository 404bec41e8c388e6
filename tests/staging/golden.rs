//! What people see of a run against a server in another process: each message
//! has its golden `staging/golden/*.txt`. `SNAPSHOTS=overwrite` writes anew.

use std::path::Path;

use snapbox::Data;

use super::server::Staging;

/// Compares, blind to what differs from run to run.
pub fn compare(name: &str, staging: &Staging, text: &str) {
    compare_in("staging/golden", name, staging, text);
}

/// The same with a golden file in another folder of the tests.
pub fn compare_in(folder: &str, name: &str, staging: &Staging, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/{folder}/{name}.txt"));
    let folder = staging.folder.path().display().to_string();
    let mut text = text.replace(&folder, "[FOLDER]");
    for address in [&staging.address, &staging.url] {
        text = text.replace(address, "[URL]").replace(address.trim_start_matches("http://"), "[ADDRESS]");
    }
    let variable = [
        (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
        (r"127\.0\.0\.1%3A\d{4,5}", "127.0.0.1%3A[PORT]"),
        (r"/oidc-harness-[a-z0-9]{8}\b", "/[MARK]"),
        (r"/api/[a-z/-]+(\?withDeleted=true)?", "/api/[PATH]"),
        (r"client error \((Connect|SendRequest)\): .*", "client error [REASON]"),
        (r"\.tmp[A-Za-z0-9]{6}", "[FOLDER]"),
        (r"time \d+ \(UNIX\), (.*) \d+ \(\d+ seconds ago\)", "time [TIME] (UNIX), $1 [TIME] ([TIME] seconds ago)"),
        (r"\bon \d{4}-\d\d-\d\d\b", "on [DATE]"),
        (r"\d+\.\d{3} s, seed \d+", "[TIME] s, seed [SEED]"),
    ];
    for (pattern, word) in variable {
        text = regex_lite::Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    snapbox::assert_data_eq!(text, Data::read_from(&file, None).raw());
}

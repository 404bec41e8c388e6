//! What people see when a scenario file is wrong: each `diagnostics/*.toml`
//! has its golden `*.stderr`. `SNAPSHOTS=overwrite cargo test` writes anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::Path;

use harness::diagnostic::Source;
use harness::scenario::Scenario;
use snapbox::Data;

#[test]
fn every_mistake_has_its_message() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_name().unwrap().to_owned();
        let source = Source { path: name.into(), text: std::fs::read_to_string(&path).unwrap() };
        let broken = Scenario::parse("diagnostics/it", source).unwrap_err();
        let shown = broken.problems.iter().map(|problem| problem.render(&broken.source, false) + "\n\n");
        let golden = Data::read_from(&path.with_extension("stderr"), None);
        snapbox::assert_data_eq!(shown.collect::<String>(), golden.raw());
        count += 1;
    }
    assert!(count >= 12, "only {count} files");
}

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
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_name().unwrap().to_owned();
        let source = Source { path: name.clone().into(), text: std::fs::read_to_string(&path).unwrap() };
        let Err(broken) = Scenario::parse("diagnostics/it", source) else {
            faults.push(format!("{}: nothing is wrong with it", path.display()));
            continue;
        };
        let shown = broken.problems.iter().map(|problem| problem.render(&broken.source, false) + "\n\n");
        let shown: Vec<String> = shown.collect();
        // Each points somewhere and says what to do.
        faults
            .extend(shown.iter().filter(|complaint| !complaint.contains('^') || !complaint.contains("  = ")).cloned());
        let golden = Data::read_from(&path.with_extension("stderr"), None);
        snapbox::assert_data_eq!(shown.concat(), golden.raw());
        count += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count >= 80, "only {count} files");
}

//! What people see when a scenario file is wrong, a baseline or a dialect: each
//! `diagnostics/*.toml`, and each below `baselines/` and `dialects/`, has its
//! golden `*.stderr`. `SNAPSHOTS=overwrite cargo test` writes anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::Path;

use harness::baseline::Baseline;
use harness::diagnostic::{Diagnostic, DiagnosticLook, Source};
use harness::dialect_file;
use harness::scenario::Catalogue;
use rstest::rstest;
use snapbox::Data;

/// What is said of a file, which must be wrong.
fn complaints(source: Source) -> Vec<String> {
    let broken = Catalogue::of([source]).broken;
    broken.first().map(|broken| shown(&broken.problems, &broken.source)).unwrap_or_default()
}

/// What is said of a baseline file, where the tests are those of the catalogue.
fn complaints_of_a_baseline(source: Source) -> Vec<String> {
    match Baseline::parse(source, false) {
        Ok(baseline) => {
            let missing = Catalogue::embedded().inventory.missing(&baseline);
            shown(&missing.into_iter().chain(baseline.untracked()).collect::<Vec<_>>(), &baseline.source)
        }
        Err(broken) => shown(&broken.problems, &broken.source),
    }
}

/// What is said of a dialect file.
fn complaints_of_a_dialect(source: Source) -> Vec<String> {
    let broken = dialect_file::parse(source).err();
    broken.map(|broken| shown(&broken.problems, &broken.source)).unwrap_or_default()
}

fn shown(problems: &[Diagnostic], source: &Source) -> Vec<String> {
    problems.iter().map(|problem| problem.render(source, DiagnosticLook::PLAIN) + "\n\n").collect()
}

#[rstest]
#[case("diagnostics", complaints, 80)]
#[case("diagnostics/baselines", complaints_of_a_baseline, 15)]
#[case("diagnostics/dialects", complaints_of_a_dialect, 15)]
fn every_mistake_has_its_message(
    #[case] folder: &str,
    #[case] complaints: fn(Source) -> Vec<String>,
    #[case] least: usize,
) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut count = 0;
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_name().unwrap().to_owned();
        let shown = complaints(Source { path: name.into(), text: std::fs::read_to_string(&path).unwrap() });
        if shown.is_empty() {
            faults.push(format!("{}: nothing is wrong with it", path.display()));
            continue;
        }
        // Each points somewhere and says what to do.
        faults
            .extend(shown.iter().filter(|complaint| !complaint.contains('^') || !complaint.contains("  = ")).cloned());
        let golden = Data::read_from(&path.with_extension("stderr"), None);
        snapbox::assert_data_eq!(shown.concat(), golden.raw());
        count += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count >= least, "only {count} files");
}

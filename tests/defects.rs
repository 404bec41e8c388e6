//! The proof that the scenarios can fail: every defect is caught by a failed
//! expectation, and every scenario catches a defect; each quirk of the provider
//! is used by one.
//!
//! `matrix.json` names scenarios that catch each defect, and the test holds
//! every entry against a run. `UPDATE_MATRIX=1` adds what is missing: it plays a
//! scenario without an entry against every defect, and a defect without an entry
//! against every scenario. `UPDATE_MATRIX=all cargo test --release --test
//! in_process defects` plays everything against everything and writes the file
//! anew. Both write `docs/defects.md`, too.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use conformance_tests::{options, scenarios};
use harness::reference::{DEFECTS, NEWEST};
use harness::report::Outcome;
use harness::runner::Worker;
use harness::scenario::Catalogue;
use mock_idp::QUIRKS;
use snapbox::Data;
use tokio::task::JoinSet;

/// Scenarios that catch no planted defect, and why they are kept.
const WITHOUT_DEFECT: &[(&str, &str)] = &[
    ("claims/role-kept", "it is for servers before Immich 3.1; the reference server is newer"),
    ("backchannel-logout/replayed", "its requirement is only a may"),
    ("id-token/agreed-to-be-unsigned", "its requirement is only a may"),
    ("id-token/clock-skew", "its requirement is only a may"),
    ("id-token/left-to-the-server", "its requirement is only a may"),
    ("issuer-url/blank-at-the-end", "its requirement is only a may"),
    ("issuer-url/unreachable", "it shows that a server keeps running; no defect stops it"),
    ("logout/way-back", "its requirement is only a may"),
    ("mobile-redirect/custom-scheme-refused", "the provider refuses, whatever the server does"),
    ("tls/bad-signature", "its requirement is only a may"),
    ("web-redirect/settings-page", "the provider refuses, whatever the server does"),
];

/// How many defects are held against their scenarios at a time.
const AT_ONCE: usize = 2;

/// What the matrix looks like for people.
const PAGE: &str = "../docs/defects.md";

/// What is written, by `UPDATE_MATRIX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Update {
    Nothing,
    Missing,
    Everything,
}

fn update() -> Update {
    match std::env::var_os("UPDATE_MATRIX") {
        None => Update::Nothing,
        Some(value) if value == "all" => Update::Everything,
        Some(_) => Update::Missing,
    }
}

/// The scenarios that catch each defect.
type Matrix = BTreeMap<String, BTreeSet<String>>;

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn recorded() -> Matrix {
    serde_json::from_str(&std::fs::read_to_string(here("matrix.json")).unwrap_or_default()).unwrap_or_default()
}

/// Returns the scenarios of `wanted` that catch the defect, and whatever broke.
/// A scenario is over once one of its cases catches it, unless all are `played`.
async fn caught(
    defect: &str,
    whole: &Catalogue,
    wanted: impl Fn(&str) -> bool,
    played: bool,
) -> (BTreeSet<String>, String) {
    let mut worker = Worker::with_reference(options(1), &NEWEST, &[defect.to_owned()]).await.unwrap();
    let (mut names, mut broken) = (BTreeSet::new(), String::new());
    for scenario in whole.scenarios.iter().filter(|scenario| wanted(&scenario.name)) {
        for case in scenario.cases() {
            let report = worker.test(scenario, case, None).await;
            match report.result.outcome {
                Outcome::Failed | Outcome::Finding => _ = names.insert(scenario.name.clone()),
                Outcome::Error => _ = writeln!(broken, "{}: {:?}", report.test_name(), report.result.reason),
                _ => {}
            }
            if !played && names.contains(&scenario.name) {
                break;
            }
        }
    }
    worker.finish().await.unwrap();
    (names, broken)
}

/// Returns what catches the defect now, and what is wrong with that: `claimed` is
/// held to it, and `tried` may do so.
async fn held(
    defect: &str,
    whole: &Catalogue,
    claimed: BTreeSet<String>,
    tried: BTreeSet<String>,
) -> (BTreeSet<String>, String) {
    let is_wanted = |name: &str| claimed.contains(name) || tried.contains(name);
    let (mut scenarios, mut problems) = caught(defect, whole, is_wanted, !tried.is_empty()).await;
    // Some bugs keep things from one test to the next, so that others
    // suffer from it. What counts is what a scenario catches alone.
    let together = scenarios.clone();
    for name in claimed.union(&tried).filter(|name| tried.contains(*name) == together.contains(*name)) {
        let (alone, _) = caught(defect, whole, |other| other == name, false).await;
        if alone.is_empty() {
            scenarios.remove(name)
        } else {
            scenarios.insert(name.clone())
        };
    }
    for lost in claimed.difference(&scenarios) {
        let _ = writeln!(problems, "`{lost}` does not catch `{defect}` any more");
    }
    (scenarios, problems)
}

fn is_excused(name: &str) -> bool {
    WITHOUT_DEFECT.iter().any(|(excused, _)| *excused == name)
}

/// What is wrong with a matrix in itself.
fn complaints(matrix: &Matrix, whole: &Catalogue) -> String {
    let mut complaints = String::new();
    for defect in DEFECTS.iter().filter(|defect| matrix.get(defect.name).is_none_or(BTreeSet::is_empty)) {
        let _ = writeln!(complaints, "tests/matrix.json has no scenario that catches `{}`", defect.name);
    }
    let catching: BTreeSet<&String> = matrix.values().flatten().collect();
    for scenario in &whole.scenarios {
        match (catching.contains(&scenario.name), is_excused(&scenario.name)) {
            (false, false) => drop(writeln!(complaints, "`{}` catches no defect", scenario.name)),
            (true, true) => drop(writeln!(complaints, "`{}` catches a defect, and needs no excuse", scenario.name)),
            _ => {}
        }
    }
    for name in catching.into_iter().filter(|name| !whole.scenarios.iter().any(|scenario| scenario.name == **name)) {
        let _ = writeln!(complaints, "there is no scenario `{name}` any more");
    }
    complaints
}

#[tokio::test(flavor = "multi_thread")]
async fn every_defect_is_caught_and_every_scenario_catches_one() {
    let whole = Arc::new(Catalogue::read(&[scenarios()]).unwrap());
    let (update, mut known) = (update(), recorded());
    if update == Update::Everything {
        known.clear();
    }
    let all: BTreeSet<String> = whole.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
    let catching: BTreeSet<&String> = known.values().flatten().collect();
    let without = all.iter().filter(|name| !catching.contains(name) && !is_excused(name));
    let without: BTreeSet<String> = without.cloned().collect();
    let (mut matrix, mut problems) = (Matrix::new(), String::new());
    let (mut waiting, mut under_way) = (DEFECTS.iter(), JoinSet::new());
    loop {
        while under_way.len() < AT_ONCE {
            let Some(defect) = waiting.next() else { break };
            let claimed = known.get(defect.name).cloned().unwrap_or_default();
            let tried = match (update, claimed.is_empty()) {
                (Update::Nothing, _) => BTreeSet::new(),
                (_, true) => all.clone(),
                (_, false) => without.clone(),
            };
            let whole = Arc::clone(&whole);
            under_way.spawn(async move { (defect.name, held(defect.name, &whole, claimed, tried).await) });
        }
        let Some(ended) = under_way.join_next().await else { break };
        let (name, (scenarios, wrong)) = ended.unwrap();
        problems.push_str(&wrong);
        matrix.insert(name.to_owned(), scenarios);
    }
    if update != Update::Nothing {
        std::fs::write(here("matrix.json"), format!("{:#}\n", serde_json::json!(matrix))).unwrap();
        std::fs::write(here(PAGE), page(&matrix)).unwrap();
    }
    problems.push_str(&complaints(&matrix, &whole));
    assert!(
        problems.is_empty(),
        "\n{problems}\nUPDATE_MATRIX=1 adds what is missing, UPDATE_MATRIX=all writes all anew"
    );
}

/// `docs/defects.md`, from a matrix.
fn page(matrix: &Matrix) -> String {
    let mut page = format!(
        "# Defects\n\nThe reference server has {} optional defects. For each, this page lists what the server then \
         does wrong, and the scenarios that fail. The scenarios that detect no defect are at the end, with the reason \
         to keep them. `oidc-harness run --defect NAME` shows a defect and its failures. This page is generated from \
         `tests/matrix.json`.\n\n\
         | defect | what the server does | detected by |\n|---|---|---|\n",
        DEFECTS.len()
    );
    for defect in DEFECTS.iter() {
        let names = matrix.get(defect.name).into_iter().flatten();
        let links: Vec<String> = names.map(|name| format!("[{name}](../scenarios/{name}.toml)")).collect();
        let _ = writeln!(page, "| `{}` | {} | {} |", defect.name, defect.text, links.join(", "));
    }
    page.push_str("\n## Scenarios that detect no defect\n\n| scenario | reason to keep it |\n|---|---|\n");
    for (name, reason) in WITHOUT_DEFECT {
        let _ = writeln!(page, "| [{name}](../scenarios/{name}.toml) | {reason} |");
    }
    page
}

#[test]
fn the_page_of_defects_is_up_to_date() {
    if update() == Update::Nothing {
        snapbox::assert_data_eq!(page(&recorded()), Data::read_from(&here(PAGE), None).raw());
    }
}

#[test]
fn every_quirk_is_used_by_a_scenario() {
    let mut texts = String::new();
    for scenario in Catalogue::read(&[scenarios()]).unwrap().scenarios {
        texts.push_str(&scenario.source.text);
    }
    let unused = QUIRKS.iter().map(|quirk| quirk.name).filter(|name| !texts.contains(&format!("quirks.{name} ")));
    let unused: Vec<String> = unused
        .map(|name| {
            let new = format!("oidc-harness new TOPIC/NAME --kind adversarial --quirk {name}");
            format!("no scenario uses quirk `{name}`: `{new}` writes one")
        })
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

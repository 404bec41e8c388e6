//! What a terminal of 80 columns shows of a run: each golden
//! `read_in_a_minute/*.txt` has at most 60 lines and holds the sentence of its
//! cause. `SNAPSHOTS=overwrite cargo test` writes anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::Path;

use conformance_tests::run;
use harness::report::{Format, Live, Report, Style, format, problems};
use harness::runner::Event;
use harness::scenario::{Catalogue, Filter, Scenario};
use rstest::rstest;
use snapbox::Data;

/// So many lines can be read in a minute.
const LINES: usize = 60;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn human() -> &'static Format {
    format("human").unwrap()
}

/// Compares with the golden file, blind to what differs from run to run, and
/// holds it to its size. It holds `cause`.
fn golden(name: &str, text: &str, cause: &str) {
    let variable = [
        (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
        (r"oidc-harness-[a-z0-9]{8}(-\d{5})?\b", "[MARK]"),
        (r" = \d{1,2} [A-Z][a-z]+ \d{4}, [\d:]{8} UTC", " = [TIME]"),
        (r"\d+\.\d{3} s, seed \d+", "[TIME] s, seed [SEED]"),
    ];
    assert!(text.lines().count() <= LINES, "{} lines:\n{text}", text.lines().count());
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert_eq!(wide, Vec::<&str>::new());
    let mut text = text.to_owned();
    for (pattern, word) in variable {
        text = regex_lite::Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flowing.contains(cause), "it does not say “{cause}”:\n{text}");
    snapbox::assert_data_eq!(text, Data::read_from(&here().join(format!("read_in_a_minute/{name}.txt")), None).raw());
}

/// Runs against the reference server with these defects. Which test fails first
/// differs from run to run, so that the lines of the run are only counted.
#[rstest]
#[case::gross_fault(
    "gross-fault",
    &["verifier-not-sent"],
    "Sign-in fails: the provider refuses the token request (400: the code verifier is missing)"
)]
#[case::refuses_all_sign_ins("refuses-all-sign-ins", &["never-registers"], "Sign-in fails: the server answers 400")]
#[case::two_bugs("two-bugs", &["audience-ignored", "expiry-ignored"], "Accepts an expired ID token")]
#[case::takeover("takeover", &["session-of-first-account"], "Signs end-users in to accounts that existed before the run")]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_read_in_a_minute(#[case] name: &str, #[case] defects: &[&str], #[case] cause: &str) {
    let live = Live::new(Style::default(), false);
    let mut told = String::new();
    let observe = |event: &Event| {
        if let Event::Judged(test) = event {
            told += &live.case(&test.report);
        }
    };
    let mut catalogue = Catalogue::embedded();
    catalogue.retain(&Filter::text("id-token/"));
    let mut report = run(defects).play(catalogue, observe).await.unwrap().report;
    report.flags = defects.iter().flat_map(|defect| ["--defect".to_owned(), (*defect).to_owned()]).collect();
    let end = (human().after_live.unwrap())(&report, Style::default());
    let lines = told.lines().count();
    assert!(lines + end.lines().count() <= LINES, "{lines} lines, and then\n{end}");
    // A line tells of the problem in the words of the end.
    let foreign = told.lines().filter(|line| !line.starts_with("The summary has")).find(|line| {
        let (_, said) = line.trim_start().split_once(' ').unwrap_or_default();
        let (said, _test) = said.rsplit_once(" (").unwrap_or_default();
        !problems(&report).iter().any(|problem| problem.sentence == said)
    });
    assert_eq!(foreign, None);
    golden(name, &end, cause);
}

fn recorded() -> Report {
    let text = std::fs::read_to_string(here().join("recorded/immich-2.7.5.json")).unwrap();
    let mut report: Report = serde_json::from_str(&text).unwrap();
    let catalogue = Catalogue::embedded();
    for case in &mut report.results {
        let named = |scenario: &&Scenario| scenario.name == case.scenario;
        let Some(shape) = catalogue.scenarios.iter().find(named).and_then(Scenario::shape) else { continue };
        (case.problem, case.advice) = (Some(shape.problem.clone()), shape.advice.clone());
        case.severity = Some(shape.severity);
    }
    report
}

/// `access/permissions.rs` holds a run by looking only to its golden file.
#[test]
fn every_golden_file_fits_a_terminal() {
    let mut count = 0;
    for file in std::fs::read_dir(here().join("read_in_a_minute")).unwrap() {
        let path = file.unwrap().path();
        // The word for a port is longer than a port.
        let text = std::fs::read_to_string(&path).unwrap().replace("[PORT]", "65535");
        let is_wide = text.lines().any(|line| line.chars().count() > 80);
        assert!(!is_wide && text.lines().count() <= LINES, "{}", path.display());
        count += 1;
    }
    assert!(count > 5, "only {count} files");
}

#[test]
fn a_green_run_with_a_baseline_is_read_in_a_minute() {
    let text = human().text(&recorded(), Style::default()).unwrap();
    golden("green-with-baseline", &text, "baseline: Immich 2.7.5");
}

/// What a server does that was not built after Immich: it verifies little, and
/// reads claims, cookies and addresses in its own way.
const DIFFERENCES: &[&str] = &[
    "audience-ignored",
    "bin-keeps-sessions",
    "button-fixed",
    "expiry-ignored",
    "label-each-time",
    "link-stolen",
    "logout-keeps-cookies",
    "logout-token-signature",
    "mobile-redirect-drops-query",
    "picture-ignored",
    "quota-in-bytes",
    "signature-ignored",
    "subject-ignored",
    "takeover-by-email",
    "unlink-keeps-link",
    "unverified-email-links",
    "userinfo-subject-ignored",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_very_different_server_is_read_in_a_minute() {
    let mut catalogue = Catalogue::embedded();
    // Nothing that a busy machine answers otherwise.
    let topics =
        ["auto-register/", "backchannel-logout/", "claims/", "id-token/", "link/", "mobile-redirect/", "settings/"];
    catalogue.scenarios.retain(|scenario| topics.iter().any(|topic| scenario.name.starts_with(topic)));
    catalogue.scenarios.retain(|scenario| scenario.name != "settings/timeout");
    let mut report = run(DIFFERENCES).play(catalogue, |_| ()).await.unwrap().report;
    report.date = None;
    report.flags = ["--target", "https://photos.example.org", "--api-key-file", "FILE"].map(String::from).to_vec();
    let text = human().text(&report, Style::default()).unwrap();
    golden("very-different-server", &text, "Links an existing account by email and ignores `email_verified`");
}

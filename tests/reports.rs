//! What a report says in each of its forms, and what it does not.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::fmt::Write;
use std::path::Path;

use conformance_tests::{run, scenarios};
use harness::baseline::Baseline;
use harness::diagnostic::Source;
use harness::report::{self, CaseReport, Outcome, Report, SourceReport, Style};
use harness::scenario::{Catalogue, Filter};
use rstest::rstest;
use serde_json::Value;

use crate::schemas::Schema;

fn catalogue(filter: &str) -> Catalogue {
    let mut catalogue = Catalogue::read(&[scenarios()]).unwrap();
    catalogue.retain(&Filter::text(filter));
    catalogue
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_run_is_in_json_and_junit_and_hides_secrets() {
    let report = run(&["audience-ignored"]).play(catalogue("id-token/wrong-"), |_| {}).await.unwrap().report;
    assert_eq!(report.exit_code, 1);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(Schema::new(report::schema()).problems(&json), "");
    let text = json.to_string();
    for (before, instead) in [
        ("immich_access_token=", "[session 1]"),
        (r#"accessToken\":\""#, "[session 1]"),
        ("\"mock-idp-secret\",\"", "[secret of the run]"),
        ("client_secret=", "[client secret]"),
        ("access_token\\\":\\\"", "[access token 1]"),
        ("?code=", "[code 1]"),
        ("&code=", "[code 1]"),
    ] {
        let shown: Vec<&str> = text.split(before).skip(1).collect();
        assert!(!shown.is_empty() && shown.iter().all(|rest| rest.starts_with(instead)), "{before}: {text}");
    }
    let xml = written("junit", &report);
    assert!(xml.contains("<testsuite name=\"id-token\""), "{xml}");
    assert!(xml.contains("type=\"failed\">"), "{xml}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_target_may_leave_is_noted_and_the_scenario_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let text = "format = 1\ntitle = 'T'\nproblem = 'Fails'\nseverity = 'low'\n\
                requirement = ['RFC 6749 §4.1']\n[users.alice]\n\
        [[steps]]\nsign-in.as = 'alice'\nexpect.response.status = { is = 299, level = 'may' }\n\
        [[steps]]\nsign-in.as = 'alice'\nexpect.response.status = 299\n";
    std::fs::write(folder.path().join("goes-on.toml"), text).unwrap();
    let catalogue = Catalogue::read(&[folder.path().to_owned()]).unwrap();
    let report = run(&[]).play(catalogue, |_| {}).await.unwrap().report;
    assert_eq!(report.results[0].steps.held().len(), 2);
    assert_eq!(report.results[0].result.outcome, Outcome::Failed);
}

/// What an expectation finds instead may be a secret: that of the client, or a
/// session.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_instead_has_its_secrets_hidden() {
    let folder = tempfile::tempdir().unwrap();
    let text = "format = 1\ntitle = 'T'\nproblem = 'Fails'\nseverity = 'low'\n\
                requirement = ['RFC 6749 §4.1']\n[users.alice]\n[[steps]]\nsign-in.as = 'alice'\n\
        expect.provider-saw.token.client_secret = 'x'\nexpect.response.body.accessToken = 'x'\n";
    std::fs::write(folder.path().join("secrets.toml"), text).unwrap();
    let catalogue = Catalogue::read(&[folder.path().to_owned()]).unwrap();
    let report = run(&[]).play(catalogue, |_| {}).await.unwrap().report;
    let case = &report.results[0];
    let told: Vec<&str> = case.mismatches().collect();
    assert_eq!(
        told,
        [
            "`provider-saw.token.client_secret` is \"[client secret]\", expected \"x\"",
            "`response.body.accessToken` is \"[session 1]\", expected \"x\""
        ]
    );
    let found = case.steps.held()[0].checks.iter().filter_map(|check| check.actual.as_deref());
    assert_eq!(found.collect::<Vec<_>>(), ["\"[client secret]\"", "\"[session 1]\""]);
}

/// A report in which there is every outcome, and text that means harm.
pub fn fixed(name: &str) -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn written(format: &str, report: &Report) -> String {
    let format = report::format(format).unwrap();
    format.text(report, Style::default()).unwrap()
}

/// Of a page, what is not style and script.
fn main_of(page: &str) -> String {
    let page = &page[page.find("<main>").unwrap()..page.find("</main>").unwrap()];
    page.replace("><", ">\n<")
}

/// Compares the text with a file of `reports/`; `SNAPSHOTS=overwrite` writes
/// the file.
fn golden(file: &str, text: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(file);
    let is_written = std::env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite");
    assert!(
        path.exists() || is_written,
        "there is no tests/reports/{file}: `SNAPSHOTS=overwrite cargo test -p conformance-tests --test in_process \
         reports` writes it; read it before you commit it"
    );
    snapbox::assert_data_eq!(text, snapbox::Data::read_from(&path, None).raw());
}

/// Each format has a golden file of its name.
#[test]
fn every_format_has_its_look() {
    let fixed = fixed("run.json");
    for format in report::FORMATS {
        let text = written(format.name, &fixed);
        match format.name {
            // What the JSON report is read from.
            "json" => golden("run.json", text),
            // Style and script are code, not look.
            "html" => golden("html.txt", main_of(&text)),
            name => golden(&format!("{name}.txt"), text),
        }
    }
}

#[test]
fn the_page_of_reports_names_every_format() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reports.md");
    let page = std::fs::read_to_string(page).unwrap();
    for format in report::FORMATS {
        let row = format!("\n| `{}` | ", format.name);
        assert!(page.contains(&row), "add a row for `{}` to the table of docs/reports.md", format.name);
    }
}

#[test]
fn the_page_is_made_from_the_report_alone_and_believes_nothing() {
    let page = written("html", &fixed("run.json"));
    assert_eq!(page.matches("<script").count(), 1, "only our own");
    for address in ["src=", "@import", "url("] {
        assert!(!page.contains(address), "{address}");
    }
    let links = page.split("href=\"").skip(1);
    let known = |link: &&str| {
        link.starts_with("https://openid.net/specs/") || link.starts_with("https://www.rfc-editor.org/rfc/")
    };
    let foreign: Vec<&str> = links.filter(|link| !link.starts_with('#') && !known(link)).collect();
    assert_eq!(foreign, Vec::<&str>::new(), "only specifications");
}

/// Formats that programs read: members of a JSON report say why a run is not
/// good, and a baseline is not about one run.
const WITHOUT_NOTICE: &[&str] = &["json", "baseline"];

/// What no test says is said of the whole, in every form that people read.
#[test]
fn why_a_run_is_not_good_is_said_where_no_test_says_it() {
    let interrupted = Report { exit_code: 130, unplayed: 12, ..fixed("before.json") };
    let fault = "the target does not answer: connection refused".to_owned();
    let gone = Report { exit_code: 3, fault: Some(fault), ..fixed("before.json") };
    let skipped = |case: &CaseReport| case.result.outcome == Outcome::Skipped;
    let mut nothing = Report { exit_code: 1, ..fixed("run.json") };
    nothing.results.retain(skipped);
    nothing.counts.0.retain(|outcome, _| *outcome == Outcome::Skipped);
    let mut told = String::new();
    for report in [interrupted, gone, nothing] {
        let notice = report.notice().unwrap();
        for format in report::FORMATS.iter().filter(|format| !WITHOUT_NOTICE.contains(&format.name)) {
            let text = written(format.name, &report);
            let lines = if format.name == "html" { main_of(&text) } else { text };
            let Some(line) = lines.lines().find(|line| line.contains(&notice)) else {
                panic!("`{}` must say `{notice}`, as `Report::notice` returns it", format.name);
            };
            let _ = writeln!(told, "{}: {}", format.name, line.trim());
        }
    }
    golden("notices.txt", told);
}

#[test]
fn two_reports_are_compared() {
    let (old, new) = (fixed("before.json"), fixed("run.json"));
    let difference = report::compare(&old, &new);
    golden("difference.txt", difference.text());
    golden("difference.md", difference.markdown());
    golden("difference.html", main_of(&report::difference_page(&difference, &old, &new)));
}

/// Letters that move a cursor, hide text, turn it round or begin a line.
fn is_unseen(letter: char) -> bool {
    letter.is_control() || ('\u{2028}'..='\u{202e}').contains(&letter) || ('\u{2066}'..='\u{2069}').contains(&letter)
}

/// Puts harm into every text of a report, but for words out of a list.
fn poison(value: &mut Value, harm: &str) {
    const WORDS: &[&str] = &["outcome", "level", "severity", "from", "to", "fault", "span", "ending"];
    match value {
        Value::String(text) => *text = format!("{harm}{text}{harm}"),
        Value::Array(list) => list.iter_mut().for_each(|item| poison(item, harm)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut().filter(|(name, _)| !WORDS.contains(&name.as_str())) {
                poison(member, harm);
                if name == "sources" {
                    let sources = std::mem::take(member.as_object_mut().unwrap());
                    *member =
                        sources.into_iter().map(|(name, source)| (format!("{harm}{name}{harm}"), source)).collect();
                }
            }
        }
        _ => {}
    }
}

/// No text of a server, a provider or a scenario file does. The baseline that
/// judged the run is the user's own file, and a broken one ends a run earlier.
#[test]
fn no_text_moves_the_cursor_or_gives_a_command() {
    let controls = (0..0x20).chain(0x7f..0xa0).chain(0x2028..0x202f).chain(0x2066..0x206a);
    for letter in controls.filter_map(char::from_u32) {
        let harm = format!("{letter}::error::x{letter}##[error]y\r\n  ::warning::z");
        let mut report = serde_json::to_value(fixed("run.json")).unwrap();
        poison(&mut report, &harm);
        let mut report: Report = serde_json::from_value(report).unwrap();
        report.fault = Some(harm);
        (report.baseline, report.baseline_file) = (None, None);
        for name in report::FORMATS.iter().map(|format| format.name) {
            let text = written(name, &report);
            let found = text.chars().find(|one| is_unseen(*one) && !matches!(one, '\n' | '\t'));
            assert_eq!(found, None, "{name}: {letter:?}: {text}");
            let is_command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
            let commands = text.lines().filter(is_command).count();
            let own = if name == "github" { text.lines().count() } else { 0 };
            // A page is a file; no CI looks for commands in it.
            assert!(name == "html" || commands == own, "{name}: {letter:?}: {text}");
        }
    }
}

/// The report names the entry to remove.
#[tokio::test(flavor = "multi_thread")]
async fn every_report_says_what_to_do_about_an_unexpected_pass() {
    let text = "format = 1\nname = 'mine'\n\n[[known]]\nscenario = 'id-token/wrong-audience'\ncase = 'claims-in-userinfo'\n\
        result = 'failed'\nfound.step-1.outcome = 'signed-in'\nreason = 'lazy'\nreference = 'nowhere'\n";
    let mut run = run(&[]);
    run.baseline = Some(Baseline::parse(Source { path: "b.toml".into(), text: text.to_owned() }, false).unwrap());
    let report = run.play(catalogue("id-token/wrong-audience"), |_| {}).await.unwrap().report;
    assert_eq!((report.exit_code, report.counts.get(Outcome::UnexpectedPass)), (1, 1));
    for format in report::FORMATS.iter().filter(|format| format.name != "baseline") {
        let written = format.text(&report, Style::default()).unwrap();
        assert!(written.contains("remove the entry at b.toml:4"), "{}: {written}", format.name);
    }
    assert_eq!(written("baseline", &report), "format = 1\nname   = \"mine\"\n");
}

/// The page stays small, however much it has to show: here every test fails
/// with all that there can be, ten times more than what a bad run has, or
/// scenarios are many and their files long.
#[rstest]
#[case::in_outline(250, 1, "hop ")]
#[case::by_name(100, 40, "outline")]
fn the_page_stays_small(#[case] scenarios: usize, #[case] length: usize, #[case] deepest: &str) {
    let mut report = fixed("run.json");
    let failed = report.results.iter().find(|case| case.result.outcome == Outcome::Failed).unwrap().clone();
    let mut source = report.sources[&failed.scenario].clone();
    source.text = source.text.repeat(length);
    report.results = (0..scenarios)
        .flat_map(|number| ["one", "two", "three"].map(|case| (number, case)))
        .map(|(number, case)| {
            let mut test = failed.clone();
            (test.scenario, test.case) = (format!("topic-{}/name-{number:03}", number / 10), Some(case.to_owned()));
            test.steps.held_mut()[0].exchanges.iter_mut().for_each(|one| one.exchange.response_body = "x".repeat(4000));
            test
        })
        .collect();
    report.sources = report.results.iter().map(|test| (test.scenario.clone(), source.clone())).collect();
    let page = written("html", &report);
    assert!(page.len() < 2 * 1024 * 1024, "{}", page.len());
    assert!(page.contains(&format!("class=\"{deepest}")) && page.contains("The page leaves out some headers"));
}

/// The catalogue as it is, against a server that passes.
#[test]
fn the_page_of_a_whole_run_is_small() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap();
    let results: Vec<CaseReport> = catalogue
        .scenarios
        .iter()
        .flat_map(|scenario| scenario.cases().iter().map(move |case| (scenario, case)))
        .map(|(scenario, case)| {
            let mut report = fixed("run.json")
                .results
                .into_iter()
                .find(|one| {
                    one.steps.held().iter().any(|step| !step.exchanges.is_empty() && step.exchanges[0].abridged)
                })
                .unwrap();
            let named = CaseReport::of(scenario, case);
            (report.scenario, report.case, report.title, report.requirement) =
                (named.scenario, named.case, named.title, named.requirement);
            report
        })
        .collect();
    let sources = catalogue.scenarios.iter().map(|scenario| {
        let source =
            SourceReport { path: scenario.source.path.display().to_string(), text: scenario.source.text.clone() };
        (scenario.name.clone(), source)
    });
    let mut report = fixed("run.json");
    (report.sources, report.results) = (sources.collect(), results);
    let page = written("html", &report);
    assert!(page.len() < 2 * 1024 * 1024, "{}", page.len());
}

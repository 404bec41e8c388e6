//! The run as a baseline: what the baseline that judged it says and what still
//! holds, and an entry for all else that makes it red, with the checks that
//! failed and what was found there.
//!
//! Why a server does something is not known here. The reason of a new entry is
//! what was found; its reference stays empty, and each use of the file asks its
//! author to write where the fault is tracked.

use std::collections::BTreeSet;

use serde_json::Value;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::format::{Format, FormatError, Rendering, Style};
use super::result::Outcome;
use super::shape::{CaseReport, Report};
use super::source::SourceReport;
use super::toml_value::{in_one_line, put};
use crate::baseline::{Baseline, Known, KnownResult};
use crate::diagnostic::{Broken, Source};
use crate::document::FileFormat;
use crate::expect::steady_words;
use crate::formatter::format as laid_out;
use crate::level::Level;
use crate::plural::counted;
use crate::scenario::Scenario;

pub(super) static BASELINE: Format = Format {
    name: "baseline",
    text: "a baseline with every failure of this run, for `--baseline`",
    rendering: Rendering::Text(baseline),
    ending: None,
    after_live: None,
    shows_steps: false,
};

/// The keys of an entry, as they stand in it.
const KEYS: &[&str] =
    &["scenario", "case", "cases", "result", "cause", "reason", "reference", "severity", "advice", "until", "found"];

/// A failed check: its step, its path, and what was found there.
type FoundValue<'a> = (&'a str, &'a str, &'a Value);

fn baseline(report: &Report, _: Style) -> Result<String, FormatError> {
    let (mut document, mut entries) = match (&report.baseline_file, &report.baseline) {
        (Some(file), _) => kept(report, file)?,
        (None, None) => (named(report), ArrayOfTables::new()),
        (None, Some(name)) => {
            return Err(FormatError::Baseline(format!("this report does not contain the scenario file of {name}")));
        }
    };
    for entry in added(report)? {
        entries.push(entry);
    }
    if !entries.is_empty() {
        document.insert("known", Item::ArrayOfTables(entries));
    }
    let source = Source { path: "baseline.toml".into(), text: document.to_string() };
    laid_out(&source).map_err(|problems| unreadable(&Broken { source: source.into(), problems }))
}

/// What is in a baseline that was written, in words; none if it is no baseline.
pub fn contents(text: &str) -> Option<String> {
    let baseline = Baseline::parse(Source { path: "baseline.toml".into(), text: text.to_owned() }, false).ok()?;
    let lines = |is_counted: &dyn Fn(&Known) -> bool| {
        let lines = baseline.known.iter().filter(|known| is_counted(known)).map(|known| known.place.line);
        lines.collect::<BTreeSet<_>>().len()
    };
    let (entries, open) = (lines(&|_| true), lines(&|known| known.cause.reference.is_empty()));
    let whole =
        format!("{} for {}", counted(entries, "entry", "entries"), counted(baseline.known.len(), "test", "tests"));
    Some(if open == 0 { whole } else { format!("{whole}; {open} without a `reference`") })
}

fn unreadable(broken: &Broken) -> FormatError {
    FormatError::Baseline(broken.in_one_line())
}

/// A baseline with a name and nothing else.
fn named(report: &Report) -> DocumentMut {
    let target = report.target.as_ref();
    let name = target.map_or_else(|| "no server".to_owned(), |target| format!("{} {}", target.url, target.version));
    let mut document = DocumentMut::new();
    document.insert("format", value(FileFormat::BASELINE.present.cast_signed()));
    document.insert("name", value(in_one_line(&name)));
    document
}

/// The baseline of the run without its entries, and those that still hold.
fn kept(report: &Report, file: &SourceReport) -> Result<(DocumentMut, ArrayOfTables), FormatError> {
    let source = Source { path: file.path.clone().into(), text: file.text.clone() };
    let baseline = Baseline::parse(source, false).map_err(|broken| unreadable(&broken))?;
    let mut document: DocumentMut =
        file.text.parse().map_err(|error: toml_edit::TomlError| FormatError::Baseline(error.to_string()))?;
    let entries = document.remove("known").and_then(|item| item.into_array_of_tables().ok()).unwrap_or_default();
    let kept: ArrayOfTables = entries.into_iter().filter_map(|entry| rest(report, &baseline, entry)).collect();
    let used: BTreeSet<&str> = kept.iter().filter_map(|entry| entry.get("cause")?.as_str()).collect();
    if let Some(causes) = document.get_mut("causes").and_then(Item::as_table_like_mut) {
        let unused: Vec<String> =
            causes.iter().map(|(name, _)| name.to_owned()).filter(|name| !used.contains(name.as_str())).collect();
        for name in unused {
            causes.remove(&name);
        }
        if causes.is_empty() {
            document.remove("causes");
        }
    }
    Ok((document, kept))
}

/// What still holds of an entry, if anything does. What was not played, or
/// could prove nothing, does not contradict it.
fn rest(report: &Report, baseline: &Baseline, mut entry: Table) -> Option<Table> {
    let still_fails =
        |test: &CaseReport| test.steps.held().iter().flat_map(|step| &step.checks).any(|check| !check.held);
    let holds = |test: &&CaseReport| match test.result.outcome {
        Outcome::Known | Outcome::Skipped | Outcome::NotExercised | Outcome::Error => true,
        // Its `until` is over; how long it shall hold, a person says.
        Outcome::StaleEntry => still_fails(test),
        _ => false,
    };
    let scenario = entry.get("scenario")?.as_str()?.to_owned();
    let tests = || report.results.iter().filter(|test| test.scenario == scenario);
    let text = |item: &Item| item.as_str().map(ToOwned::to_owned);
    let several = entry.get("cases").and_then(Item::as_array).into_iter().flatten();
    let several = several.filter_map(|case| case.as_str().map(ToOwned::to_owned));
    let cases: Vec<String> = entry.get("case").and_then(text).into_iter().chain(several).collect();
    let gone = |case: Option<&str>| tests().any(|test| test.case.as_deref() == case && !holds(&test));
    let left: Vec<String> = if cases.is_empty() {
        // Cases that have an entry of their own are not its business.
        let own = |case: &Option<String>| {
            let known = baseline.known(&scenario, case.as_deref());
            known.is_none_or(|known| known.case.is_none())
        };
        let all: Vec<Option<String>> = all_cases(report, &scenario).into_iter().filter(own).collect();
        if !all.iter().any(|case| gone(case.as_deref())) {
            return Some(entry);
        }
        all.into_iter().filter(|case| !gone(case.as_deref())).flatten().collect()
    } else {
        cases.iter().filter(|case| !gone(Some(case.as_str()))).cloned().collect()
    };
    if left.is_empty() {
        return None;
    }
    if left != cases {
        name_cases(&mut entry, &left);
    }
    Some(entry)
}

/// The cases of a scenario, those included that were not played; none is a
/// case, too.
fn all_cases(report: &Report, scenario: &str) -> BTreeSet<Option<String>> {
    let played = report.results.iter().filter(|test| test.scenario == scenario).map(|test| test.case.clone());
    let source = report.sources.get(scenario);
    let source = source.map(|file| Source { path: file.path.clone().into(), text: file.text.clone() });
    let whole = source.and_then(|source| Scenario::parse(scenario, source).ok());
    whole.into_iter().flat_map(|whole| whole.tests).map(|test| test.case).chain(played).collect()
}

/// Entries for what is red: one for all cases of a scenario in which the same
/// was found. An error is not about the server, and gets none.
fn added(report: &Report) -> Result<Vec<Table>, FormatError> {
    let mut groups: Vec<(KnownResult, Vec<FoundValue<'_>>, Vec<&CaseReport>)> = Vec::new();
    for test in report.results.iter().filter(|test| test.result.outcome.is_red(report.strict)) {
        let result = match test.result.outcome {
            Outcome::Failed => KnownResult::Failed,
            Outcome::Finding => KnownResult::Finding,
            Outcome::Blocked => KnownResult::Blocked,
            _ => continue,
        };
        let found = found(test).ok_or_else(|| {
            let text = "does not contain the values that the run found, because an older version wrote it: run the \
                        tests again";
            FormatError::Baseline(format!("the report of {} {text}", test.test_name()))
        })?;
        let alike = groups.iter_mut().find(|(as_bad, other, tests)| {
            *as_bad == result && *other == found && tests.iter().all(|one| one.scenario == test.scenario)
        });
        match alike {
            Some((.., tests)) => tests.push(test),
            None => groups.push((result, found, vec![test])),
        }
    }
    let entry = |(result, found, tests): (KnownResult, Vec<FoundValue<'_>>, Vec<&CaseReport>)| {
        let first = tests.first()?;
        let mut entry = Table::new();
        entry.insert("scenario", value(in_one_line(&first.scenario)));
        entry.insert("result", value(result.name()));
        entry.insert("reason", value(in_one_line(&reason(report, first))));
        entry.insert("reference", value(""));
        for (step, path, value) in found {
            let keys = ["found", step].into_iter().chain(path.split('.'));
            put(&mut entry, &keys.collect::<Vec<_>>(), value)?;
        }
        name_cases(&mut entry, &tests.iter().filter_map(|test| test.case.clone()).collect::<Vec<_>>());
        Some(entry)
    };
    Ok(groups.into_iter().filter_map(entry).collect())
}

/// What did not hold, with the values as the entry pins them.
fn reason(report: &Report, test: &CaseReport) -> String {
    let told = test.mismatches().collect::<Vec<_>>().join("; ");
    let mut told = if told.is_empty() { test.found() } else { told };
    for check in test.steps.held().iter().flat_map(|step| &step.checks).filter(|check| !check.held) {
        if let (Some(actual), Some(found @ (Value::String(_) | Value::Array(_)))) = (&check.actual, &check.found) {
            told = told.replace(actual, &found.to_string());
        }
    }
    let url = report.target.as_ref().map(|target| target.url.as_str()).filter(|url| url.starts_with("http"));
    steady_words(&told, url.unwrap_or_default())
}

/// The checks that failed, as an entry pins them; none where the report does
/// not say what was found. What is only permitted counts where nothing else
/// failed, as of a control.
fn found(test: &CaseReport) -> Option<Vec<FoundValue<'_>>> {
    let checks = test.steps.held().iter().flat_map(|step| step.checks.iter().map(|check| (step.id.as_str(), check)));
    let failed: Vec<_> = checks.filter(|(_, check)| !check.held).collect();
    let counts = |level| failed.iter().any(|(_, check)| check.level > level);
    let least = if counts(Level::May) { Level::Should } else { Level::May };
    let failed = failed.iter().filter(|(_, check)| check.level >= least);
    let found: Option<Vec<_>> =
        failed.map(|(step, check)| Some((*step, check.path.as_str(), check.found.as_ref()?))).collect();
    found.filter(|found| !found.is_empty())
}

/// Lets an entry be for these cases, if there are any.
fn name_cases(entry: &mut Table, cases: &[String]) {
    entry.remove("case");
    entry.remove("cases");
    match cases {
        [] => {}
        [case] => _ = entry.insert("case", value(in_one_line(case))),
        cases => _ = entry.insert("cases", value(cases.iter().map(|case| in_one_line(case)).collect::<Array>())),
    }
    let position = |key: &str| KEYS.iter().position(|known| *known == key);
    entry.sort_values_by(|a, _, b, _| position(a.get()).cmp(&position(b.get())));
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::expect::Check;
    use crate::report::{CaseResult, StepReport};

    const WHY: &str = "reason = \"old\"\nreference = \"r\"\nfound.s.outcome = \"signed-in\"\n";

    /// A step with a check that does not hold.
    fn step(path: &str, actual: Option<String>, found: &str) -> StepReport {
        let check = Check { actual, found: Some(found.into()), ..Check::missed(path, Level::Must) };
        StepReport::sample(vec![check])
    }

    /// The baseline that comes of these cases of `a/b`, judged by this entry.
    fn written(entry: &str, cases: &[(&str, Outcome)]) -> String {
        let mut report = Report::sample(&[]);
        let file = format!(
            "# Mine.\nformat = 1\nname = \"mine\"\n[[known]]\nscenario = \"a/b\"\n{entry}result = \"failed\"\n{WHY}"
        );
        report.baseline_file = Some(SourceReport { path: "b.toml".into(), text: file });
        report.results = cases
            .iter()
            .map(|(case, outcome)| {
                let mut test = CaseReport::named("a/b", (!case.is_empty()).then(|| (*case).to_owned()));
                test.result = CaseResult::new(*outcome, format!("{} now", outcome.name()));
                // A test that there is not has none.
                if *outcome != Outcome::StaleEntry || *case == "late" {
                    test.steps = vec![step("outcome", None, "signed-in")].into();
                }
                test
            })
            .collect();
        baseline(&report, Style::default()).unwrap_or_else(|error| error.to_string())
    }

    #[rstest]
    #[case::what_holds_stays("", &[("c", Outcome::Known), ("d", Outcome::Skipped)], &["a/b: old"])]
    #[case::what_passes_goes("", &[("", Outcome::UnexpectedPass)], &[])]
    #[case::of_all_cases_some_hold("", &[("c", Outcome::Known), ("d", Outcome::UnexpectedPass)], &["a/b::c: old"])]
    #[case::of_some_cases_one_holds(
        "cases = [\"c\", \"d\"]\n",
        &[("c", Outcome::StaleEntry), ("d", Outcome::NotExercised)],
        &["a/b::d: old"]
    )]
    #[case::out_of_date_stays("case = \"late\"\n", &[("late", Outcome::StaleEntry)], &["a/b::late: old"])]
    #[case::what_was_not_played_stays("case = \"c\"\n", &[("d", Outcome::Passed)], &["a/b::c: old"])]
    #[case::what_does_worse_is_told_anew("", &[("c", Outcome::Blocked)], &["a/b::c: blocked now"])]
    #[case::alike_in_one("case = \"x\"\n", &[("c", Outcome::Failed), ("d", Outcome::Failed)],
        &["a/b::x: old", "a/b::c: failed now", "a/b::d: failed now"])]
    #[case::errors_and_findings_are_left_out("case = \"x\"\n", &[("c", Outcome::Error), ("d", Outcome::Finding)],
        &["a/b::x: old"])]
    fn keeps_what_holds_and_adds_what_is_red(
        #[case] entry: &str,
        #[case] cases: &[(&str, Outcome)],
        #[case] expected: &[&str],
    ) {
        let text = written(entry, cases);
        let filled = text.replace("reference = \"\"", "reference = \"r\"");
        let parsed = Baseline::parse(Source { path: "new.toml".into(), text: filled }, false);
        let Ok(baseline) = parsed else { unreachable!("{parsed:?}") };
        let name = |known: &crate::baseline::Known| {
            let name = crate::scenario::test_name(&known.scenario, known.case.as_deref());
            format!("{name}: {}", known.cause.reason)
        };
        assert_eq!(baseline.known.iter().map(name).collect::<Vec<_>>(), expected, "{text}");
        assert!(text.starts_with("# Mine.\n"), "{text}");
    }

    #[test]
    fn a_reason_says_what_is_found_in_the_same_form() {
        let mut report = Report::sample(&[("a/b", Outcome::Failed)]);
        let actual = "\"http://127.0.0.1:36275/cb?state=6YQ8Cgvrg6T7LJbDM9JGc2ZjILctVoGa\"";
        let test = &mut report.results[0];
        test.result = CaseResult::new(Outcome::Failed, format!("`a` is {actual}, expected \"http://127.0.0.1:41234\""));
        test.steps = vec![step("a", Some(actual.to_owned()), "{origin}/cb?state={random}")].into();
        let told = reason(&report, &report.results[0]);
        assert_eq!(told, "`a` is \"{origin}/cb?state={random}\", expected \"http://127.0.0.1:{port}\"");
    }

    #[test]
    fn what_is_not_there_cannot_be_kept() {
        let mut report = Report::sample(&[("a/b", Outcome::Known)]);
        report.baseline = Some("mine".into());
        assert!(matches!(baseline(&report, Style::default()), Err(FormatError::Baseline(_))));
    }

    #[test]
    fn a_new_entry_is_used_and_asks_for_its_reference() {
        let text = written("", &[("", Outcome::Failed)]);
        let told = contents(&text);
        assert_eq!(told.as_deref(), Some("1 entry for 1 test; 1 without a `reference`"));
        let baseline = Baseline::parse(Source { path: "new.toml".into(), text }, false).ok();
        let asked = baseline.and_then(|baseline| baseline.untracked()).map(|problem| problem.message);
        assert_eq!(asked.as_deref(), Some("1 entry has no `reference`"));
    }
}

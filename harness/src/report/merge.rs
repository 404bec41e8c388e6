//! Several reports of parts of a run, as one.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::result::{CaseResult, Counts, Outcome, exit_code};
use super::shape::{CaseReport, REPORT_FORMAT, Report};
use super::source::SourceReport;
use crate::exit_code::ExitCode;

/// Why reports cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There are none.
    #[error("there are no reports to join")]
    Nothing,
    /// Another version of the format.
    #[error("a report has format {0}, but this program reads format {REPORT_FORMAT}")]
    Format(u32),
    /// They are about different things.
    #[error("the reports are not parts of one run: they differ in {0}")]
    Different(&'static str),
    /// Both have the same test.
    #[error("two of the reports contain the test {0}")]
    Twice(String),
}

/// Joins reports of parts of a run. The wall time is that of the longest
/// part, since parts run side by side. Of their dates, the first counts, and the last
/// one too where a reader must know that a part is of another day.
pub fn merge(reports: Vec<Report>, mut strict: bool) -> Result<Report, MergeError> {
    let mut reports = reports.into_iter();
    let mut whole = reports.next().ok_or(MergeError::Nothing)?;
    let mut seen = BTreeSet::new();
    let mut interrupted = whole.is_interrupted();
    let mut fault = fault_of(&whole);
    let mut dates: Vec<String> = whole.date.take().into_iter().chain(whole.last_date.take()).collect();
    // Findings that were red in a part do not become good by joining it.
    strict |= whole.strict;
    whole.results = fresh(&mut seen, std::mem::take(&mut whole.results))?;
    for part in reports {
        if part.format != whole.format {
            return Err(MergeError::Format(part.format));
        }
        let version = |report: &Report| report.target.as_ref().map(|target| target.version.clone());
        let known = |report: &Report| (report.baseline.clone(), report.baseline_file.clone().map(|file| file.text));
        let same = [
            (part.harness == whole.harness, "the harness's version"),
            (version(&part) == version(&whole), "the target's version"),
            (known(&part) == known(&whole), "the baseline"),
        ];
        if let Some((_, what)) = same.iter().find(|(same, _)| !same) {
            return Err(MergeError::Different(what));
        }
        let is_other = |(name, file): (&String, &SourceReport)| {
            whole.sources.get(name).is_some_and(|known| known.text != file.text)
        };
        if part.sources.iter().any(is_other) {
            return Err(MergeError::Different("the text of a scenario"));
        }
        interrupted |= part.is_interrupted();
        strict |= part.strict;
        fault = fault.worse(fault_of(&part));
        whole.fault = whole.fault.or(part.fault);
        dates.extend(part.date.into_iter().chain(part.last_date));
        whole.unplayed += part.unplayed;
        whole.milliseconds = whole.milliseconds.max(part.milliseconds);
        whole.waited_for_target_milliseconds += part.waited_for_target_milliseconds;
        for sign_in in part.sign_ins {
            // Parts of one run sign in alike; once is enough.
            if !whole.sign_ins.iter().any(|known| known.ending == sign_in.ending) {
                whole.sign_ins.push(sign_in);
            }
        }
        whole.results.extend(fresh(&mut seen, part.results)?);
        whole.sources.extend(part.sources);
    }
    if whole.format != REPORT_FORMAT {
        return Err(MergeError::Format(whole.format));
    }
    whole.results.sort_by(|a, b| (&a.scenario, &a.case).cmp(&(&b.scenario, &b.case)));
    let outcomes: Vec<CaseResult> = whole.results.iter().map(|report| report.result.clone()).collect();
    whole.counts = Counts::of(&outcomes);
    whole.strict = strict;
    let ended = if interrupted { ExitCode::Interrupted } else { exit_code(&outcomes, strict) };
    whole.exit_code = ended.worse(fault).code();
    (whole.date, whole.last_date) = first_and_last(dates);
    Ok(whole)
}

/// Parts that began so close to each other are of one time.
const AT_ONE_TIME: SignedDuration = SignedDuration::from_hours(1);

/// Returns the first of the dates, and the last one if it is much later.
fn first_and_last(mut dates: Vec<String>) -> (Option<String>, Option<String>) {
    dates.sort();
    let (first, last) = (dates.first().cloned(), dates.last().cloned());
    let read = |date: &Option<String>| date.as_ref()?.parse::<Timestamp>().ok();
    let is_later = read(&first).zip(read(&last)).is_some_and(|(first, last)| last.duration_since(first) > AT_ONE_TIME);
    (first, last.filter(|_| is_later))
}

/// The exit code of a part that has a fault, or that ended before its tests.
fn fault_of(part: &Report) -> ExitCode {
    let has_fault = part.fault.is_some() || part.ended_at().is_some();
    ExitCode::of(part.exit_code).filter(|_| has_fault).unwrap_or(ExitCode::Good)
}

/// Those that were not seen before. A stale entry of the baseline is in
/// every part; once is enough.
fn fresh(seen: &mut BTreeSet<String>, results: Vec<CaseReport>) -> Result<Vec<CaseReport>, MergeError> {
    let mut kept = Vec::new();
    for result in results {
        if seen.insert(result.test_name()) {
            kept.push(result);
        } else if result.result.outcome != Outcome::StaleEntry {
            return Err(MergeError::Twice(result.test_name()));
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{SignInEnding, SignInReport};

    #[test]
    fn joins_counts_and_judges_anew() {
        let parts = vec![
            Report::sample(&[("b/b", Outcome::Passed), ("x/x", Outcome::StaleEntry)]),
            Report::sample(&[("a/a", Outcome::Failed), ("x/x", Outcome::StaleEntry), ("c/c", Outcome::Passed)]),
        ];
        let whole = merge(parts, false);
        let names = whole.as_ref().map(|whole| whole.results.iter().map(CaseReport::test_name).collect::<Vec<_>>());
        assert_eq!(names, Ok(vec!["a/a".into(), "b/b".into(), "c/c".into(), "x/x".into()]));
        assert!(whole.is_ok_and(|whole| {
            whole.exit_code == 1 && whole.counts.get(Outcome::Passed) == 2 && whole.milliseconds == 3
        }));
    }

    #[test]
    fn parts_of_different_times_say_so() {
        let parts = |dates: [Option<&str>; 3]| {
            let part = |(name, date): (&str, Option<&str>)| Report {
                date: date.map(ToOwned::to_owned),
                ..Report::sample(&[(name, Outcome::Passed)])
            };
            let whole = merge(["a/a", "b/b", "c/c"].into_iter().zip(dates).map(part).collect(), false);
            whole.map(|whole| (whole.date, whole.last_date))
        };
        let (first, soon, later) = ("2026-11-29T23:30:00Z", "2026-11-30T00:10:00Z", "2026-11-30T00:30:01Z");
        let text = |date: &str| Some(date.to_owned());
        assert_eq!(parts([Some(soon), None, Some(first)]), Ok((text(first), None)));
        assert_eq!(parts([Some(later), Some(first), Some(soon)]), Ok((text(first), text(later))));
        assert_eq!(parts([None; 3]), Ok((None, None)));
    }

    #[test]
    fn what_was_strict_in_a_part_is_strict_in_the_whole() {
        let part = |name, outcome| Report::sample(&[(name, outcome)]);
        let strict = Report { strict: true, exit_code: 1, ..part("b/b", Outcome::Finding) };
        let whole = merge(vec![part("a/a", Outcome::Passed), strict], false);
        assert_eq!(whole.map(|whole| (whole.exit_code, whole.strict)), Ok((1, true)));
    }

    #[test]
    fn the_fault_of_a_part_is_the_fault_of_the_whole() {
        let part = |name| Report::sample(&[(name, Outcome::Passed)]);
        let faulty = |name| Report { exit_code: 3, fault: Some("gone".into()), ..part(name) };
        for parts in [vec![part("a/a"), faulty("b/b")], vec![faulty("a/a"), part("b/b")]] {
            let whole = merge(parts, false).map(|whole| (whole.exit_code, whole.fault));
            assert_eq!(whole, Ok((3, Some("gone".into()))));
        }
    }

    #[test]
    fn a_part_that_ended_at_its_sign_in_makes_the_whole_red() {
        let sign_in = SignInReport {
            ending: SignInEnding::Fails,
            text: "no".into(),
            cause: None,
            advice: None,
            exchanges: Vec::new(),
        };
        let ended = Report { exit_code: 1, unplayed: 2, sign_ins: vec![sign_in], ..Report::sample(&[]) };
        let whole = merge(vec![Report::sample(&[("a/a", Outcome::Passed)]), ended], false);
        let told = whole.map(|whole| (whole.exit_code, whole.verdict(), whole.notice()));
        let notice = "Sign-in fails: no; tests not played: 2".to_owned();
        assert_eq!(told, Ok((1, "Sign-in fails".to_owned(), Some(notice))));
    }

    #[test]
    fn a_part_that_was_interrupted_makes_the_whole_so() {
        let part = |name| Report::sample(&[(name, Outcome::Passed)]);
        let interrupted = |name| Report { exit_code: 130, unplayed: 2, ..part(name) };
        for parts in [vec![part("a/a"), interrupted("b/b")], vec![interrupted("a/a"), part("b/b")]] {
            let whole = merge(parts, false).map(|whole| (whole.exit_code, whole.unplayed));
            assert_eq!(whole, Ok((130, 2)));
        }
    }

    #[test]
    fn refuses_what_does_not_belong_together() {
        let one = || Report::sample(&[("a/a", Outcome::Passed)]);
        let refusal = |parts| merge(parts, false).err();
        assert_eq!(refusal(vec![]), Some(MergeError::Nothing));
        assert_eq!(refusal(vec![one(), one()]), Some(MergeError::Twice("a/a".into())));
        let other = Report { harness: "2".into(), ..Report::sample(&[]) };
        assert_eq!(refusal(vec![one(), other]), Some(MergeError::Different("the harness's version")));
        let file = |text: &str| Some(SourceReport { path: "b.toml".into(), text: text.into() });
        let judged = |text| Report { baseline_file: file(text), ..Report::sample(&[]) };
        assert_eq!(refusal(vec![judged("old"), judged("new")]), Some(MergeError::Different("the baseline")));
        let newer = Report { format: REPORT_FORMAT + 1, ..Report::sample(&[]) };
        assert_eq!(refusal(vec![newer]), Some(MergeError::Format(REPORT_FORMAT + 1)));
    }
}

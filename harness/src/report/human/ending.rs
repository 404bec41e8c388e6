//! The end of a run: each problem in a block, the worst first, then what else
//! there is to say.

use super::block::{Surroundings, block, headline};
use super::excerpt::excerpt;
use super::live::live_lines;
use crate::escape::terminal;
use crate::paragraph::paragraph;
use crate::plural::{counted, noun};
use crate::report::format::{Detail, Format, FormatError, Rendering, Style};
use crate::report::problem::{Problem, not_met, problems, severities, tallies};
use crate::report::{CaseReport, Outcome, Report};

pub(in crate::report) static HUMAN: Format = Format {
    name: "human",
    text: "text, printed as each test ends",
    rendering: Rendering::Text(human),
    ending: None,
    after_live: Some(after_live),
    shows_steps: false,
};

/// So many lines a run has at most, unless everything is wanted.
const LINES: usize = 60;

/// So many problems have a block of their own.
const BLOCKS: usize = 10;

/// For so many problems without a block a line is kept free.
const KEPT: usize = 5;

/// The report names at most this many reasons of each outcome.
const REASONS: usize = 3;

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn human(report: &Report, style: Style) -> Result<String, FormatError> {
    let dates = report.dates().map(|dates| terminal(&dates) + "\n").unwrap_or_default();
    let room = LINES - dates.lines().count();
    Ok(ending(report, style, room).trim_start_matches('\n').to_owned() + &dates)
}

fn after_live(report: &Report, style: Style) -> String {
    let shown = if style.detail == Detail::Usual { live_lines(report) } else { 0 };
    ending(report, style, LINES - shown)
}

/// Returns the end of a run in so many lines.
fn ending(report: &Report, style: Style, room: usize) -> String {
    let problems = problems(report);
    let all = style.detail == Detail::Verbose;
    let last = last_lines(report, &problems, all);
    let mut lines = if all {
        let flags = report.flags();
        blocks(&problems, &Surroundings::of(report, &flags, style.colour, true)).concat()
    } else {
        worst(report, &problems, style, room.saturating_sub(last.len()))
    };
    lines.extend(last);
    lines.join("\n") + "\n"
}

/// Returns a block for each problem, with an empty line before it.
fn blocks(problems: &[Problem<'_>], around: &Surroundings<'_>) -> Vec<Vec<String>> {
    let numbered = problems.iter().enumerate();
    let lines = numbered.map(|(index, problem)| block(problem, &number(index), around));
    lines.map(spaced).collect()
}

fn spaced(lines: Vec<String>) -> Vec<String> {
    std::iter::once(String::new()).chain(lines).collect()
}

fn number(index: usize) -> String {
    format!("{}. ", index + 1)
}

/// Returns as many problems in blocks as there is room for, the worst first, and the
/// headlines of the others. The first block says why the requirement matters, and others
/// do if there is room for that, too.
fn worst(report: &Report, problems: &[Problem<'_>], style: Style, room: usize) -> Vec<String> {
    let flags = report.flags();
    let with_why = Surroundings::of(report, &flags, style.colour, false);
    let without = Surroundings { why: false, ..with_why };
    let spaced_block = |index: usize, around| spaced(block(&problems[index], &number(index), around));
    let length = |index: usize, around| spaced_block(index, around).len();
    // Room for a line of each of the others, but for no more than a few.
    let reserved = |shown: usize| match problems.len() - shown {
        0 => 0,
        left => left.min(KEPT) + 2,
    };
    let (mut shown, mut used) = (0, 0);
    for index in 0..problems.len().min(BLOCKS) {
        let lines = length(index, if index == 0 { &with_why } else { &without });
        if shown > 0 && used + lines + reserved(shown + 1) > room {
            break;
        }
        shown += 1;
        used += lines;
    }
    let headlines: Vec<Vec<String>> =
        (shown..problems.len()).map(|index| headline(&problems[index], &number(index))).collect();
    // Another problem tells more than a reason does.
    let kept: usize = headlines.iter().map(Vec::len).sum();
    let kept = if kept == 0 { 0 } else { kept + 2 };
    let mut lines = Vec::new();
    for index in 0..shown {
        let more = length(index, &with_why) - length(index, &without);
        let has_why = index == 0 || used + more + kept <= room;
        used += if has_why && index > 0 { more } else { 0 };
        lines.extend(spaced_block(index, if has_why { &with_why } else { &without }));
    }
    if headlines.is_empty() {
        return lines;
    }
    lines.push(String::new());
    let mut free = room.saturating_sub(lines.len() + 1);
    let fits = |headline: &&Vec<String>| {
        let is_room = headline.len() <= free;
        free = free.saturating_sub(headline.len());
        is_room
    };
    let told: Vec<&Vec<String>> = headlines.iter().take_while(fits).collect();
    let left = headlines.len() - told.len();
    lines.extend(told.into_iter().flatten().cloned());
    if left > 0 {
        let left = counted(left, "more problem", "more problems");
        lines.push(format!("… and {left}: --verbose shows them all"));
    } else {
        lines.push("--verbose shows these problems in full".to_owned());
    }
    lines
}

/// Returns a line for each problem, the worst first, and how many requirements are
/// not met; empty where there are no problems.
pub fn headlines(report: &Report) -> String {
    let problems = problems(report);
    let Some(not_met) = not_met(&problems) else { return String::new() };
    let all = problems.iter().enumerate().flat_map(|(index, problem)| headline(problem, &number(index)));
    let last = hanging(&format!("{not_met} (severity: {})", severities(&problems)));
    all.chain(last).collect::<Vec<_>>().join("\n")
}

/// Which test it is, and the failing place of its file.
fn place(report: &Report, case: &CaseReport) -> Vec<String> {
    let mut lines = vec![format!("   {}", terminal(&case.test_name()))];
    let source = report.sources.get(&case.scenario);
    if let Some((diagnostic, source)) = case.diagnostics.first().zip(source) {
        lines.extend(excerpt(diagnostic, source, "   ").into_iter().flatten());
    }
    lines
}

/// Breaks a text into lines. Those after the first are indented, so that none
/// looks like a message of its own.
fn hanging(text: &str) -> Vec<String> {
    let mut lines = paragraph("  ", text);
    if let Some(first) = lines.first_mut() {
        *first = first.trim_start().to_owned();
    }
    lines
}

/// Returns what there is to say at the very end.
fn last_lines(report: &Report, problems: &[Problem<'_>], all: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    for tally in tallies(report) {
        // Problems need the room.
        let is_told = problems.is_empty() || tally.outcome.is_red(report.strict) || tally.outcome == Outcome::Skipped;
        let most = if all { usize::MAX } else { REASONS };
        for reason in tally.reasons.iter().take(most).filter(|_| is_told || all) {
            let name = format!("{} {}: ", reason.count, tally.outcome.name_of(reason.count));
            lines.extend(paragraph(&name, &terminal(reason.text)));
            if tally.outcome.is_red(report.strict) {
                lines.extend(place(report, reason.example));
            }
        }
        let left: usize = tally.reasons.iter().skip(most).map(|reason| reason.count).sum();
        if left > 0 && is_told {
            lines.push(format!("{left} {} for other reasons", tally.outcome.name_of(left)));
        }
    }
    let blocked = report.counts.get(Outcome::Blocked);
    if blocked > 0 {
        let whose = noun(&blocked, "this test", "these tests");
        lines.extend(hanging(&format!("{blocked} blocked: the unaltered sign-in of {whose} fails")));
    }
    if let Some(not_met) = not_met(problems) {
        lines.extend(hanging(&format!("{not_met} (severity: {})", severities(problems))));
    }
    let sign_ins = report.told_sign_ins().filter(|one| all || one.fails());
    lines.extend(sign_ins.flat_map(|one| hanging(&terminal(&one.line()))));
    let target = report.target.as_ref();
    let target = target.map(|target| terminal(&format!("{} (version {})", target.url, target.version)));
    let tests = counted(report.results.len(), "test", "tests");
    let counts = report.counts.listed().join(", ");
    lines.extend(hanging(&format!("{tests} against {}: {counts}", target.unwrap_or_default())));
    lines.extend(report.statements().iter().flat_map(|statement| hanging(&terminal(statement))));
    lines.extend(report.notice().into_iter().flat_map(|notice| hanging(&terminal(&notice))));
    lines.extend(report.baseline.iter().flat_map(|baseline| paragraph("baseline: ", &terminal(baseline))));
    lines.extend(report.unmeasured.iter().flat_map(|unmeasured| hanging(&terminal(unmeasured))));
    lines.push(format!("{} s, seed {}", report.seconds(), report.seed));
    lines
}

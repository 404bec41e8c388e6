//! One line of a scenario file, with its place above and a caret below what does
//! not hold.

use crate::diagnostic::Diagnostic;
use crate::escape::terminal;
use crate::paragraph::{WIDTH, clipped};
use crate::report::SourceReport;

/// Returns lines with `indent` before each: where it is, the line of the file,
/// a caret, and beside or below it what was found. None where the diagnostic
/// points nowhere.
pub(super) fn excerpt(diagnostic: &Diagnostic, source: &SourceReport, indent: &str) -> Option<Vec<String>> {
    let label = diagnostic.labels.first()?;
    let before = source.text.get(..label.span.start)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = source.text.get(start..)?.lines().next()?;
    let lead = line.len() - line.trim_start().len();
    let (number, _) = source.position(label.span.start);
    let column = line.get(lead..label.span.start - start)?.chars().count();
    let marked = source.text.get(label.span.clone())?.lines().next().unwrap_or_default().chars().count();
    let gutter = number.to_string();
    let room = WIDTH.saturating_sub(indent.len() + gutter.len() + 3);
    let blank = " ".repeat(gutter.len());
    let said = if label.text.is_empty() { &diagnostic.message } else { &label.text };
    let caret = format!("{}{}", " ".repeat(column), "^".repeat(marked.max(1)));
    let said = terminal(said);
    let beside = format!("{caret} {said}");
    let fits = |text: &String| text.chars().count() <= room;
    let below = if fits(&beside) { vec![beside] } else { vec![caret, format!("= {said}")] };
    let place = format!("{}:{number}", terminal(&source.path));
    let mut lines = vec![
        format!("{indent}{blank}--> {place}"),
        format!("{indent}{gutter} | {}", clipped(&terminal(line.trim()), room)),
    ];
    lines.extend(
        below
            .iter()
            .filter(|line| fits(line) || line.starts_with('='))
            .map(|line| format!("{indent}{blank} | {}", clipped(line, room))),
    );
    Some(lines)
}

//! What is wrong with text that is not TOML, in words of ours: what the parser
//! expected, and what to write on this very line. [`super::node`] parses.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

/// A cause as the parser words it, in part; our message; and what to do. In
/// both, `{found}` is what stands there, `{key}` the key of the line, `{line}`
/// the line, `{end}` what the header lacks at its end, and `{letter}` the first
/// letter of what stands there.
struct Wording(&'static str, &'static str, &'static str);

/// The first that fits counts.
const CAUSES: &[Wording] = &[
    Wording("duplicate key", "duplicate key `{found}`", "remove one of the two keys, or rename it"),
    Wording("cannot extend value", "duplicate key `{found}`", "remove one of the two keys, or rename it"),
    Wording("unclosed array table", "unclosed header: expected `]]`", "write `{line}{end}`"),
    Wording("unclosed table", "unclosed header: expected `]`", "write `{line}]`"),
    Wording("missing table open", "expected `[` at the start of the header", "write `[{line}`"),
    Wording("extra comma in array", "expected a value, found `,`", "remove this comma"),
    Wording("extra comma in inline table", "expected a key, found `,`", "remove this comma"),
    Wording(
        "missing comma between array elements",
        "expected `,` or `]` before `{found}`",
        "write a comma before `{found}`",
    ),
    Wording(
        "missing comma between key-value pairs",
        "expected `,` or `}` before `{found}`",
        "write a comma before `{found}`",
    ),
    Wording("unclosed array", "unclosed list: expected `]`", "close the list with `]`"),
    Wording("unclosed inline table", "unclosed table: expected `}`", "close the table with `}`"),
    Wording("missing array opening", "expected a value, found `]`", "write `{key} = [\"…\"]`"),
    Wording("missing inline table opening", "expected a value, found `}`", "write `{key} = { … }`"),
    Wording(
        "invalid basic string, expected `\"`",
        "unclosed text: expected `\"`",
        "close the text with `\"` on the same line",
    ),
    Wording(
        "invalid literal string, expected `'`",
        "unclosed text: expected `'`",
        "close the text with `'` on the same line",
    ),
    Wording(
        "invalid multi-line",
        "unclosed text of several lines",
        "close the text with the same three quotes that begin it",
    ),
    Wording(
        "escape",
        "unknown escape `\\{letter}`",
        "write `\\\\` for a backslash, or put the text in 'single quotes'",
    ),
    Wording(
        "unquoted key",
        "unexpected `{found}` in a key",
        "write the key with letters, digits, `-` and `_`, or put it in quotes",
    ),
    Wording("key with no value", "expected `=` after `{line}`", "write `{line} = …`"),
    Wording("missing assignment", "expected `=` before `{found}`", "write `KEY = VALUE`"),
    Wording("unexpected key or value", "unexpected `{found}` after the value", "write each key on a line of its own"),
    Wording("missing value", "expected a value after `=`", "write `{key} = \"…\"`"),
    Wording("missing key", "expected a key before `=`", "write `KEY = VALUE`"),
];

/// Returns the message about an error of the parser, which says `cause` about
/// the place `span` of `text`.
pub(crate) fn invalid_toml(cause: &str, span: Range<usize>, text: &str) -> Diagnostic {
    let (problem, help) = words(cause, span.clone(), text);
    Diagnostic::error(format!("invalid TOML: {problem}"), span).note(help)
}

fn words(cause: &str, span: Range<usize>, text: &str) -> (String, String) {
    let place = Halt::of(span, text);
    let Halt { found, key, line, .. } = place;
    if found == ":" {
        return ("expected `=`, found `:`".to_owned(), format!("write `{}`", line.replacen(':', " =", 1)));
    }
    if found == "=" && key.is_empty() {
        return ("expected a key before `=`".to_owned(), "write `KEY = VALUE`".to_owned());
    }
    if cause.contains("string values must be quoted") {
        let quoted = if key.is_empty() { format!("\"{found}\"") } else { format!("{key} = \"{found}\"") };
        return match found {
            "" => ("expected a value after `=`".to_owned(), format!("write `{key} = \"…\"`")),
            found => (format!("missing quotes around `{found}`"), format!("write `{quoted}`")),
        };
    }
    if cause.contains("missing comma between array elements") && place.is_header() {
        return ("expected `,` or `]` before `[`".to_owned(), "close the list above with `]`".to_owned());
    }
    let Some(Wording(_, problem, help)) = CAUSES.iter().find(|Wording(words, ..)| cause.contains(words)) else {
        return (cause.to_owned(), "see https://toml.io/en/v1.0.0".to_owned());
    };
    let end = "]".repeat(2_usize.saturating_sub(line.chars().rev().take_while(|letter| *letter == ']').count()));
    let filled = |text: &str| {
        let text = text.replace("{key}", key).replace("{line}", line).replace("{end}", &end);
        text.replace("{letter}", found.get(..1).unwrap_or_default()).replace("{found}", found)
    };
    (filled(problem), filled(help))
}

/// Where the parser stops.
struct Halt<'a> {
    /// What stands there: the first word, where the parser points between two.
    found: &'a str,
    /// What stands before `=` on the line.
    key: &'a str,
    /// The line, without blanks around it.
    line: &'a str,
    is_first: bool,
}

impl<'a> Halt<'a> {
    fn of(span: Range<usize>, text: &'a str) -> Self {
        let before = text.get(..span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let rest = text.get(span.start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let first = rest.split_inclusive([' ', ',', ']', '}']).next().unwrap_or_default();
        let first = first.trim_end_matches([' ', ',', ']', '}']);
        let found = text.get(span).filter(|found| !found.is_empty()).and_then(|found| found.lines().next());
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        let is_first = before.get(start..).unwrap_or_default().trim().is_empty();
        Self { found: found.unwrap_or(first).trim(), key, line: line.trim(), is_first }
    }

    fn is_header(&self) -> bool {
        self.is_first && self.line.starts_with('[')
    }
}

/// Leaves out what the parser reports because of an error before: what follows
/// on the same line, and all that it takes for part of a list without an end.
pub(super) fn without_consequences(mut errors: Vec<(&str, Range<usize>)>, text: &str) -> Vec<(String, Range<usize>)> {
    errors.sort_by_key(|(_, span)| span.start);
    let has_no_end = errors.iter().any(|(cause, _)| cause.contains("unclosed array,"));
    let first = errors.iter().position(|(cause, _)| cause.contains("missing comma between array elements"));
    if let (true, Some(first)) = (has_no_end, first) {
        errors.truncate(first + 1);
    }
    // The errors stand in order, so they are on one line if no line ends between.
    errors
        .dedup_by(|(_, later), (_, earlier)| !text.get(earlier.start..later.start).unwrap_or_default().contains('\n'));
    errors.into_iter().map(|(cause, span)| (cause.to_owned(), span)).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use toml::de::DeTable;

    use super::*;

    #[rstest]
    #[case("a = \n", "expected a value after `=`", "write `a = \"…\"`")]
    #[case("a = b c\n", "missing quotes around `b c`", "write `a = \"b c\"`")]
    #[case("a = [\n b,\n]\n", "missing quotes around `b`", "write `\"b\"`")]
    #[case("a: 1\n", "expected `=`, found `:`", "write `a = 1`")]
    #[case("a\n", "expected `=` after `a`", "write `a = …`")]
    #[case("a = ]\n", "expected a value, found `]`", "write `a = [\"…\"]`")]
    #[case("a = }\n", "expected a value, found `}`", "write `a = { … }`")]
    #[case("[a\n", "unclosed header: expected `]`", "write `[a]`")]
    #[case("[[a\n", "unclosed header: expected `]]`", "write `[[a]]`")]
    #[case("[[a]\n", "unclosed header: expected `]]`", "write `[[a]]`")]
    #[case("a = [\"b\" \"c\"]\n", "expected `,` or `]` before `\"c\"`", "write a comma before `\"c\"`")]
    #[case("a = [1,, 2]\n", "expected a value, found `,`", "remove this comma")]
    #[case("a = [\"b\"\n[c]\nd = 1\n", "expected `,` or `]` before `[`", "close the list above with `]`")]
    #[case("a = [\"b\"\n", "unclosed list: expected `]`", "close the list with `]`")]
    #[case("a = { b = 1\n", "unclosed table: expected `}`", "close the table with `}`")]
    #[case("a = { b = \"1\" c = 2 }\n", "expected `,` or `}` before `c`", "write a comma before `c`")]
    #[case("a = \"b\n", "unclosed text: expected `\"`", "close the text with `\"` on the same line")]
    #[case("a = 'b\n", "unclosed text: expected `'`", "close the text with `'` on the same line")]
    #[case("a = \"\\d\"\n", "unknown escape `\\d`", "write `\\\\` for a backslash, or put the text in 'single quotes'")]
    #[case("a = \"1\" b = 2\n", "unexpected `b` after the value", "write each key on a line of its own")]
    #[case("= 1\n", "expected a key before `=`", "write `KEY = VALUE`")]
    #[case("a = 1\na = 2\n", "duplicate key `a`", "remove one of the two keys, or rename it")]
    fn an_error_says_what_to_write(#[case] text: &str, #[case] problem: &str, #[case] help: &str) {
        let (_, errors) = DeTable::parse_recoverable(text);
        let errors = errors.iter().map(|error| (error.message(), error.span().unwrap_or_default())).collect();
        let errors = without_consequences(errors, text);
        let told: Vec<_> = errors.into_iter().map(|(cause, span)| words(&cause, span, text)).collect();
        assert_eq!(told, [(problem.to_owned(), help.to_owned())]);
    }
}

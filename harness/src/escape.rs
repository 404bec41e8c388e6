//! How foreign text is escaped in each output language: a terminal, workflow
//! commands of GitHub, Markdown, XML, TAP, TOML and JSON. A server's answer, or
//! a stranger's file, must move no cursor, begin no line and give no command.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

/// Letters that a reader does not see, and that change what stands around
/// them: control characters, marks of the direction of writing (Unicode
/// Bidirectional Algorithm §2), ends of lines, and what XML 1.0 §2.2 forbids.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The text with a Rust escape for each unseen letter, and for ends of lines.
fn seen(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unseen(letter) { seen.extend(letter.escape_default()) } else { seen.push(letter) }
    }
    seen
}

/// One line of a terminal. In the log of a CI job, the old commands of GitHub
/// (`##[…]`) and of Azure Pipelines (`##vso[…]`) count wherever they stand.
pub(crate) fn terminal(text: &str) -> String {
    let line = seen(text).replace("##", "# #");
    // Blanks before a command of GitHub do not count.
    let command = line.len() - line.trim_start().len();
    if line[command..].starts_with("::") { line.replacen("::", ": :", 1) } else { line }
}

/// Whether a text can stand on a line unchanged: the reader sees all of it, and
/// it holds no command of a CI job.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.contains("##") && !text.chars().any(is_unseen)
}

/// The text as a TOML string on one line (TOML v1.0, "String"). It reads as the
/// same text, and no part of it is a command of a CI job.
pub(crate) fn toml(text: &str) -> String {
    let mut line = String::from("\"");
    let mut last = ' ';
    for letter in text.chars() {
        match letter {
            '"' | '\\' => line.extend(['\\', letter]),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            letter if is_unseen(letter) || (letter == '#' && last == '#') => {
                let _ = write!(line, "\\U{:08x}", u32::from(letter));
            }
            letter => line.push(letter),
        }
        last = letter;
    }
    line + "\""
}

/// The lines of a text, each as one of a terminal.
pub(crate) fn terminal_lines(text: &str) -> String {
    text.split('\n').map(terminal).collect::<Vec<_>>().join("\n")
}

/// The message of a workflow command (GitHub, "Workflow commands"). Its lines
/// stay lines.
pub(crate) fn github_message(text: &str) -> String {
    let lines = text.split('\n').map(|line| terminal(line).replace('%', "%25"));
    lines.collect::<Vec<_>>().join("%0A")
}

/// A property of a workflow command.
pub(crate) fn github_property(text: &str) -> String {
    terminal(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

/// One line of Markdown, in which nothing is Markdown or HTML.
pub(crate) fn markdown(text: &str) -> String {
    let mut line = String::new();
    for letter in seen(text).chars() {
        match letter {
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' | '$' => {
                line.push('\\');
                line.push(letter);
            }
            _ => line.push(letter),
        }
    }
    line
}

/// A file as it is shown on a terminal, byte for byte as long; what shows it
/// sees to the letters of one byte.
pub(crate) fn source(text: &str) -> String {
    let stand_in = |letter: char| match letter.len_utf8() {
        2 if is_unseen(letter) => '\u{bf}',
        3 if is_unseen(letter) => '\u{fffd}',
        _ => letter,
    };
    let text: String = text.chars().map(stand_in).collect();
    text.replace("##[", "##(").replace("##vso[", "##vso(")
}

/// Text of XML before its metacharacters are escaped, which its writer does.
/// Ends of lines stay.
pub(crate) fn xml(text: &str) -> String {
    terminal_lines(text)
}

/// A page of HTML whose metacharacters are escaped already.
pub(crate) fn html(page: &str) -> String {
    let lines = page.split_inclusive(['\n', '\t']);
    lines
        .map(|line| seen(line.trim_end_matches(['\n', '\t'])) + &line[line.trim_end_matches(['\n', '\t']).len()..])
        .collect()
}

/// One line of TAP 14, in which nothing begins a directive.
pub(crate) fn tap(text: &str) -> String {
    seen(text).replace('\\', "\\\\").replace('#', "\\#")
}

/// JSON that a terminal can show: it says unseen letters by their numbers.
pub(crate) fn json(value: &impl Serialize, is_pretty: bool) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    write_json(value, is_pretty, &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes the same as it comes, without the whole text in memory.
pub(crate) fn write_json(value: &impl Serialize, is_pretty: bool, out: impl Write) -> Result<(), serde_json::Error> {
    let escaping = EscapingJson { out, after_hash: false };
    if is_pretty { serde_json::to_writer_pretty(escaping, value) } else { serde_json::to_writer(escaping, value) }
}

/// Passes JSON on with its unseen letters escaped.
struct EscapingJson<W> {
    out: W,
    /// Whether the last letter is a `#` that a second one would make a command.
    after_hash: bool,
}

impl<W: Write> Write for EscapingJson<W> {
    /// The writer of JSON splits no letter.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let mut begin = 0;
        for (at, letter) in text.char_indices() {
            let is_second = letter == '#' && self.after_hash;
            self.after_hash = letter == '#' && !is_second;
            // Between values there are no others.
            if is_second || is_unseen(letter) && letter != '\n' {
                self.out.write_all(&bytes[begin..at])?;
                write!(self.out, "\\u{:04x}", u32::from(letter))?;
                begin = at + letter.len_utf8();
            }
        }
        self.out.write_all(&bytes[begin..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    const HARM: &str = "\u{1b}[2J\u{7}\r\n::error::x\u{9b}1m\u{202e}\u{2028}##[error]y\u{ffff}%, <b>|`@a#1";

    #[rstest]
    #[case(HARM)]
    #[case("")]
    #[case("\"\\###\t\u{7f}\u{80}\u{10ffff}")]
    fn toml_reads_as_the_same_text(#[case] text: &str) {
        let written = toml(text);
        assert!(is_plain(&written), "{written}");
        let read = written.parse::<toml_edit::Value>().map(|value| value.as_str().map(ToOwned::to_owned));
        assert_eq!(read.ok().flatten().as_deref(), Some(text));
    }

    #[rstest]
    #[case::terminal(terminal)]
    #[case::message(github_message)]
    #[case::property(github_property)]
    #[case::markdown(markdown)]
    #[case::tap(tap)]
    fn nothing_unseen_is_left_and_there_is_one_line(#[case] escape: fn(&str) -> String) {
        let text = escape(HARM);
        assert!(!text.chars().any(is_unseen), "{text:?}");
    }

    #[rstest]
    #[case::terminal(terminal, r"\u{1b}[2J\u{7}\r\n::error::x\u{9b}1m\u{202e}\u{2028}# #[error]y\u{ffff}%, <b>|`@a#1")]
    #[case::property(
        github_property,
        r"\u{1b}[2J\u{7}\r\n%3A%3Aerror%3A%3Ax\u{9b}1m\u{202e}\u{2028}# #[error]y\u{ffff}%25%2C <b>|`@a#1"
    )]
    #[case::message(
        github_message,
        r"\u{1b}[2J\u{7}\r%0A: :error::x\u{9b}1m\u{202e}\u{2028}# #[error]y\u{ffff}%25, <b>|`@a#1"
    )]
    fn what_is_left_can_be_read(#[case] escape: fn(&str) -> String, #[case] expected: &str) {
        assert_eq!(escape(HARM), expected);
    }

    #[test]
    fn no_markdown_and_no_html_is_left() {
        let text = markdown("<script> a|b `c` @d \\");
        assert_eq!(text, "&lt;script&gt; a\\|b \\`c\\` \\@d \\\\");
    }

    #[test]
    fn json_says_the_same_all_the_same() {
        let value = json!({ "a": HARM, "b": [HARM] });
        for is_pretty in [true, false] {
            let text = super::json(&value, is_pretty).unwrap_or_default();
            assert!(!text.chars().any(|letter| is_unseen(letter) && letter != '\n'), "{text:?}");
            assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value.clone()));
        }
    }
}

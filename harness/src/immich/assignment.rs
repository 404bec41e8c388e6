//! The lines of a file of environment variables. Programs such as Compose,
//! systemd, dotenv libraries and shells differ in quotes, escapes and comments:
//! a value is read only if all of them read it in the same way, and is written in
//! no other spelling. Pure.

use super::variable_fault::VariableFault;

/// What a shell writes before a name.
pub(super) const EXPORT: &str = "export ";

/// Whether a text is the name of an environment variable.
pub(crate) fn is_variable(name: &str) -> bool {
    let is_letter = |one: char| one.is_ascii_alphabetic() || one == '_';
    name.starts_with(is_letter) && name.chars().all(|one| is_letter(one) || one.is_ascii_digit())
}

/// Some lines of a file: an assignment, a comment or a blank line.
pub(super) struct VariableLine<'a> {
    /// The number of its first line.
    pub(super) line: usize,
    /// All of it, with the end of its last line.
    pub(super) text: &'a str,
    pub(super) assignment: Option<Assignment<'a>>,
}

/// A name and its value.
pub(super) struct Assignment<'a> {
    pub(super) name: &'a str,
    /// What stands before the value, such as `export NAME=`.
    pub(super) head: &'a str,
    pub(super) value: Spelling<'a>,
}

/// How a value is written, without its quotes.
pub(super) enum Spelling<'a> {
    Bare(&'a str),
    Single(&'a str),
    Double(&'a str),
    /// Not in a way that all programs read alike.
    Unclear(&'a str),
}

impl Spelling<'_> {
    /// What stands there, however programs read it.
    pub(super) fn text(&self) -> &str {
        let (Self::Bare(text) | Self::Single(text) | Self::Double(text) | Self::Unclear(text)) = self;
        text
    }

    /// The value, if all programs read the same.
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Bare(text) => (!text.contains(['\'', '"', '\\', '$', '`', '#'])).then_some(*text),
            Self::Single(text) => (!text.contains('\\')).then_some(*text),
            Self::Double(text) => (!text.contains(['\\', '$', '`'])).then_some(*text),
            Self::Unclear(_) => None,
        }
    }
}

/// What may stand in a value without quotes.
const PLAIN: &str = "_-./:@%+,=";

/// Returns a value in the only spelling that all programs read in the same way.
pub(super) fn spelled(text: &str) -> Option<String> {
    if text.chars().all(|one| one.is_ascii_alphanumeric() || PLAIN.contains(one)) {
        return Some(text.to_owned());
    }
    if text.chars().any(|one| one.is_control() || one == '\\') {
        return None;
    }
    if !text.contains('\'') {
        return Some(format!("'{text}'"));
    }
    (!text.contains(['"', '$', '`'])).then(|| format!("\"{text}\""))
}

/// Takes a file apart.
pub(super) fn entries(text: &str) -> Result<Vec<VariableLine<'_>>, VariableFault> {
    let (mut entries, mut rest, mut line) = (Vec::new(), text, 1);
    while !rest.is_empty() {
        let (length, assignment) = entry(rest, line)?;
        let (text, after) = rest.split_at(length);
        entries.push(VariableLine { line, text, assignment });
        line += text.matches('\n').count();
        rest = after;
    }
    Ok(entries)
}

/// The first entry of a text, which begins with this line: its length, and the
/// assignment that it is.
fn entry(text: &str, line: usize) -> Result<(usize, Option<Assignment<'_>>), VariableFault> {
    let end = text.find('\n').map_or(text.len(), |at| at + 1);
    let first = text[..end].trim();
    let is_comment = first.is_empty() || first.starts_with(['#', ';']);
    if first.ends_with('\\') && (is_comment || !first.contains(['\'', '"'])) {
        // Some programs continue it with the next line.
        return Err(VariableFault::Unclear(line));
    }
    if is_comment {
        return Ok((end, None));
    }
    let (name, _) = first.split_once('=').unwrap_or((first, ""));
    let name = name.strip_prefix(EXPORT).unwrap_or(name).trim();
    if !is_variable(name) {
        return Err(VariableFault::NotAnAssignment(line));
    }
    let Some(equals) = text[..end].find('=') else { return Ok((end, None)) };
    let blanks = text[equals + 1..end].len() - text[equals + 1..end].trim_start_matches([' ', '\t']).len();
    let begin = equals + 1 + blanks;
    let quote = text[begin..end].chars().next().filter(|one| ['\'', '"'].contains(one));
    let Some(quote) = quote else {
        let value = text[begin..end].trim_end();
        if value.contains(['\'', '"']) {
            return Err(VariableFault::Unclear(line));
        }
        return Ok((end, Some(Assignment { name, head: &text[..begin], value: Spelling::Bare(value) })));
    };
    let close = closing(&text[begin + 1..], quote).ok_or(VariableFault::Unclosed(line))?;
    let (inner, tail) = (&text[begin + 1..begin + 1 + close], &text[begin + close + 2..]);
    let tail_end = tail.find('\n').map_or(tail.len(), |at| at + 1);
    if tail[..tail_end].contains(['\'', '"']) {
        return Err(VariableFault::Unclear(line));
    }
    let value = match quote {
        _ if !tail[..tail_end].trim().is_empty() => Spelling::Unclear(inner),
        '\'' => Spelling::Single(inner),
        _ => Spelling::Double(inner),
    };
    Ok((begin + close + 2 + tail_end, Some(Assignment { name, head: &text[..begin], value })))
}

/// Where a quoted value ends. A backslash hides the next character in double
/// quotes.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_hidden = false;
    for (at, one) in text.char_indices() {
        match one {
            _ if is_hidden => is_hidden = false,
            '\\' if quote == '"' => is_hidden = true,
            _ if one == quote => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("openid", Some("openid"))]
    #[case("", Some(""))]
    #[case("a b#c$d\"e`f", Some("'a b#c$d\"e`f'"))]
    #[case("it's", Some("\"it's\""))]
    #[case("é", Some("'é'"))]
    #[case("~/a", Some("'~/a'"))]
    #[case("a\\b", None)]
    #[case("it's $5", None)]
    #[case("a\nb", None)]
    fn a_spelling_is_read_as_it_was_meant(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(spelled(text).as_deref(), expected);
        let line = format!("A={}\n", expected.unwrap_or_default());
        let entries = entries(&line).unwrap_or_default();
        let read = entries.first().and_then(|entry| entry.assignment.as_ref()?.value.value());
        assert_eq!(read, Some(if expected.is_some() { text } else { "" }));
    }

    #[rstest]
    #[case("A=1\n\n# c\nB='1\n2'\nexport C=\n", &[(1, "A=1\n"), (2, "\n"), (3, "# c\n"), (4, "B='1\n2'\n"), (6, "export C=\n")])]
    #[case("A=\"a\\\"\nb\" # c\nB=2", &[(1, "A=\"a\\\"\nb\" # c\n"), (3, "B=2")])]
    fn a_value_in_quotes_may_have_several_lines(#[case] text: &str, #[case] expected: &[(usize, &str)]) {
        let entries = entries(text).unwrap_or_default();
        assert_eq!(entries.iter().map(|entry| (entry.line, entry.text)).collect::<Vec<_>>(), expected);
    }
}

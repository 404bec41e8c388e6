//! Text in lines of a terminal. What a stranger's text becomes there is for
//! [`crate::escape`].

/// How wide a terminal is at least, in columns.
pub(crate) const WIDTH: usize = 80;

/// Returns `text` in lines that begin with `first` and then with as many blanks.
/// They break between words, and within those that are longer than a line.
pub(crate) fn paragraph(first: &str, text: &str) -> Vec<String> {
    let room = room(first, "");
    broken(first, text.split_whitespace().flat_map(|word| parts(word, room)), "")
}

/// The same of a command, whose words stay whole: a shell takes the lines for one.
pub(crate) fn command(first: &str, text: &str) -> Vec<String> {
    broken(first, whole_words(text, '\'').into_iter(), " \\")
}

/// The same of advice, in which addresses and what is in backquotes stay whole: a
/// reader copies them.
pub(crate) fn advice(first: &str, text: &str) -> Vec<String> {
    broken(first, whole_words(text, '`').into_iter(), "")
}

/// The same, where lines after the first one hang, so that none looks like an entry
/// of the list that `text` stands in.
pub(crate) fn hanging_advice(first: &str, text: &str) -> Vec<String> {
    let start = format!("{first}  ");
    let mut lines = advice(&start, text);
    if let Some(line) = lines.first_mut() {
        *line = format!("{first}{}", line.strip_prefix(&start).unwrap_or_default());
    }
    lines
}

/// Returns a text whose lines are no wider than a terminal: those that are break
/// between words, and what follows stands below where their text begins. An address,
/// and what is in backquotes, stays whole. Codes of colours take no column.
pub(crate) fn fitted(text: &str) -> String {
    text.split('\n').map(fitted_line).collect::<Vec<_>>().join("\n")
}

fn fitted_line(line: &str) -> String {
    if columns(line) <= WIDTH {
        return line.to_owned();
    }
    let (first, rest) = line.split_at(beginning(line));
    let blanks = " ".repeat(columns(first));
    let mut lines = vec![first.to_owned()];
    for word in whole_words(rest, '`').into_iter().filter(|word| !word.is_empty()) {
        let is_first = lines.last().is_none_or(|line| columns(line) == blanks.len());
        match lines.last_mut() {
            Some(line) if is_first => line.push_str(&word),
            Some(line) if columns(line) + 1 + columns(&word) <= WIDTH => *line = format!("{line} {word}"),
            _ => lines.push(format!("{blanks}{word}")),
        }
    }
    lines.join("\n")
}

/// Up to this column, a gap of two blanks divides a name from its text.
const NAMES: usize = 24;

/// Returns the byte at which the text of a line begins: after blanks, the mark of a
/// note, and a name with a gap behind it.
fn beginning(line: &str) -> usize {
    let text = line.trim_start_matches([' ', '=', '-']);
    let lead = line.len() - text.len();
    let gap = text.find("  ").filter(|gap| lead + gap < NAMES);
    gap.map_or(lead, |gap| line.len() - text[gap..].trim_start().len())
}

/// Returns how many columns a text takes.
fn columns(text: &str) -> usize {
    let codes = text.split('\u{1b}').skip(1).map(|code| code.find('m').map_or(0, |end| end + 2));
    text.chars().count() - codes.sum::<usize>()
}

fn room(first: &str, end: &str) -> usize {
    WIDTH.saturating_sub(first.chars().count() + end.len()).max(1)
}

/// `end` stands at the end of every line but the last.
fn broken(first: &str, words: impl Iterator<Item = String>, end: &str) -> Vec<String> {
    let room = room(first, end);
    let mut lines: Vec<String> = Vec::new();
    for word in joined(words) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    let last = lines.len().saturating_sub(1);
    let blanks = " ".repeat(first.chars().count());
    let dressed = lines.iter().enumerate().map(|(index, line)| {
        let start = if index == 0 { first } else { &blanks };
        format!("{start}{line}{}", if index == last { "" } else { end })
    });
    dressed.collect()
}

/// Returns the words, where one that begins with `::` stays with the one before: a
/// line that begins so is a command to GitHub.
fn joined(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for word in words {
        match all.last_mut() {
            Some(before) if word.starts_with("::") => *before = format!("{before} {word}"),
            _ => all.push(word),
        }
    }
    all
}

/// Returns a word in parts that fit into a line, such as a long address.
fn parts(word: &str, room: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(room).map(String::from_iter).collect()
}

/// The words of a text; what is between two of `quote` is one word, whatever is
/// in it. A quote without a partner is a letter like others.
fn whole_words(text: &str, quote: char) -> Vec<String> {
    let paired = text.matches(quote).count() / 2 * 2;
    let (mut words, mut seen): (Vec<String>, usize) = (Vec::new(), 0);
    for part in text.split(' ') {
        match words.last_mut() {
            Some(word) if seen % 2 == 1 && seen < paired => {
                word.push(' ');
                word.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
        seen += part.matches(quote).count();
    }
    words
}

/// Returns `text` with an ellipsis for what goes beyond `width` columns.
pub(crate) fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_wide_and_a_command_stays_one() {
        let text = "word ".repeat(40);
        let lines = paragraph("  advice  ", text.trim());
        assert!(lines.len() > 2 && lines.iter().all(|line| line.chars().count() <= WIDTH), "{lines:?}");
        assert!(lines[0].starts_with("  advice  word") && lines[1].starts_with("          word"));
        let lines = command("  ", text.trim());
        let (last, others) = lines.split_last().unwrap_or((&lines[0], &[]));
        assert!(!last.ends_with('\\') && others.iter().all(|line| line.ends_with(" \\")), "{lines:?}");
        assert_eq!(whole_words("run 'my  own key' --x", '\''), ["run", "'my  own key'", "--x"]);
        assert_eq!(whole_words("`a b` isn`t so", '`'), ["`a b`", "isn`t", "so"]);
        let typed = format!("`{}`", "restore --force ".repeat(6).trim());
        assert_eq!(
            advice("help: ", &format!("run {typed} then")),
            ["help: run".to_owned(), format!("      {typed}"), "      then".to_owned()]
        );
        let lines = hanging_advice("- ", text.trim());
        assert!(lines[0].starts_with("- word") && lines[1].starts_with("    word"), "{lines:?}");
        let lines = paragraph("", &format!("{}::error::x", "a ".repeat(40)));
        assert!(lines.iter().all(|line| !line.starts_with("::")), "{lines:?}");
        let start = "run ".repeat(16);
        let lines = command("  ", &format!("{start}--filter ::plain"));
        assert_eq!(lines[1], "  --filter ::plain");
    }

    #[test]
    fn a_line_fits_and_hangs_below_its_text() {
        let words = "word ".repeat(20);
        for (first, hang) in [("", 0), ("  = ", 4), ("sign-in page    ", 16), ("\u{1b}[1merror:\u{1b}[0m ", 0)] {
            let line = format!("{first}{}", words.trim());
            let fitted = fitted(&line);
            let lines: Vec<&str> = fitted.lines().collect();
            assert!(lines.len() == 2 && lines.iter().all(|line| columns(line) <= WIDTH), "{fitted}");
            assert_eq!(lines[1].len() - lines[1].trim_start().len(), hang, "{fitted}");
            assert_eq!(fitted.split_whitespace().count(), line.split_whitespace().count());
        }
        let address = format!("see https://example.org/{}", "a".repeat(90));
        assert_eq!(fitted(&address), address.replace(' ', "\n"));
        assert_eq!(fitted("a\n\n  b\n"), "a\n\n  b\n");
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken() {
        let blanks = " ".repeat(70);
        assert_eq!(paragraph(&blanks, &"a".repeat(90)), vec![format!("{blanks}{}", "a".repeat(10)); 9]);
        assert_eq!(paragraph("is  ", "one  line"), ["is  one line"]);
    }

    #[test]
    fn a_long_text_ends_with_an_ellipsis() {
        assert_eq!((clipped("abcdef", 4), clipped("abcd", 4)), ("abc…".to_owned(), "abcd".to_owned()));
        assert_eq!((clipped("äöü", 2), clipped("äöü", 3)), ("ä…".to_owned(), "äöü".to_owned()));
    }
}

//! Lines of a terminal.

/// How wide a terminal is at least, in columns.
pub(super) const WIDTH: usize = 80;

/// Returns `text` in lines that begin with `first` and then with as many blanks.
pub(super) fn wrapped(first: &str, text: &str) -> Vec<String> {
    broken(first, text.split(' ').filter(|word| !word.is_empty()).map(ToOwned::to_owned), "")
}

/// The same of a command: a shell takes the lines for one.
pub(super) fn wrapped_command(first: &str, text: &str) -> Vec<String> {
    broken(first, shell_words(text).into_iter(), " \\")
}

/// `end` stands at the end of every line but the last.
fn broken(first: &str, words: impl Iterator<Item = String>, end: &str) -> Vec<String> {
    let indent = first.chars().count();
    let room = WIDTH.saturating_sub(indent + end.len());
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            // A line that begins so is a command to GitHub.
            Some(line) if word.starts_with("::") || line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    let last = lines.len().saturating_sub(1);
    let dressed = lines.iter().enumerate().map(|(index, line)| {
        let start = if index == 0 { first.to_owned() } else { " ".repeat(indent) };
        format!("{start}{line}{}", if index == last { "" } else { end })
    });
    dressed.collect()
}

/// The words of a command; what is in quotes is one word, whatever is in it.
fn shell_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in text.split(' ') {
        match words.last_mut() {
            Some(word) if word.matches('\'').count() % 2 == 1 => {
                word.push(' ');
                word.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// Returns `text` with an ellipsis for what goes beyond `width` columns.
pub(super) fn clipped(text: &str, width: usize) -> String {
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
        let lines = wrapped("  advice  ", text.trim());
        assert!(lines.len() > 2 && lines.iter().all(|line| line.chars().count() <= WIDTH), "{lines:?}");
        assert!(lines[0].starts_with("  advice  word") && lines[1].starts_with("          word"));
        let lines = wrapped_command("  ", text.trim());
        let (last, others) = lines.split_last().unwrap_or((&lines[0], &[]));
        assert!(!last.ends_with('\\') && others.iter().all(|line| line.ends_with(" \\")), "{lines:?}");
        assert_eq!(shell_words("run 'my  own key' --x"), ["run", "'my  own key'", "--x"]);
        let lines = wrapped("", &format!("{}::error::x", "a ".repeat(40)));
        assert!(lines.iter().all(|line| !line.starts_with("::")), "{lines:?}");
        assert_eq!(clipped("abcdef", 4), "abc…");
        assert_eq!(clipped("abcd", 4), "abcd");
    }
}

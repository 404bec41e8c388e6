//! Text in lines for a terminal of 80 columns. What a stranger's text becomes
//! there is for [`crate::escape`].

/// The columns of a terminal.
const WIDTH: usize = 80;

/// Returns the text broken into lines between words. Each line after the first
/// is indented by so many columns; the caller puts as many before the first.
pub(crate) fn paragraph(text: &str, indent: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace().flat_map(|word| parts(word, WIDTH - indent)) {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && indent + line + 1 + word.chars().count() > WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// Returns a word in parts that fit into a line, such as a long address.
fn parts(word: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(width).map(String::from_iter).collect()
}

/// Returns the beginning of a text, with an ellipsis where it goes on.
pub(crate) fn beginning(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_longer_than_a_terminal_is_wide() {
        let text = paragraph(&"four ".repeat(40), 10);
        assert!(text.lines().skip(1).all(|line| line.starts_with(&" ".repeat(10)) && line.len() <= WIDTH), "{text}");
        assert_eq!(text.split_whitespace().count(), 40);
        assert_eq!(paragraph("one  line", 3), "one line");
        assert_eq!(paragraph(&"a".repeat(90), 70), vec!["a".repeat(10); 9].join(&format!("\n{}", " ".repeat(70))));
    }

    #[test]
    fn a_long_text_ends_with_an_ellipsis() {
        assert_eq!((beginning("äöü", 2), beginning("äöü", 3)), ("äö…".to_owned(), "äöü".to_owned()));
    }
}

//! The words of a message, without what terminals, logs and people change.

/// How much of a pasted text is read, in words.
const LONGEST: usize = 2_000;

/// The words of a text in lower case; a code such as `invalid_grant` is one.
/// Colours, punctuation, quotes and the lines of a stack trace are left out.
pub(super) fn words(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !is_of_a_stack(line)).map(without_colours);
    let words = |line: String| {
        let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let words = words.map(|word| word.trim_matches('_')).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>()
    };
    lines.flat_map(words).take(LONGEST).collect()
}

fn is_of_a_stack(line: &str) -> bool {
    line.trim_start().starts_with("at ") && (line.contains(".js:") || line.contains("node:"))
}

/// Without `ESC [ 31 m`. Where people copy, the ESC is often lost.
fn without_colours(line: &str) -> String {
    let mut parts = line.split('[');
    let mut plain = parts.next().unwrap_or_default().trim_end_matches('\u{1b}').to_owned();
    for part in parts {
        let code = part.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';');
        match code.strip_prefix('m') {
            Some(rest) if code.len() < part.len() => plain.push_str(rest.trim_end_matches('\u{1b}')),
            _ => plain = plain + "[" + part.trim_end_matches('\u{1b}'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("\u{1b}[31mERROR\u{1b}[39m [Api:OAuth]", "error api oauth")]
    #[case("[31mERROR[39m \\\"aud\\\"", "error aud")]
    #[case("code: 'CERT_HAS_EXPIRED',\n    at e (file:///a/index.js:1:2)\n}", "code cert_has_expired")]
    #[case("error at or\nnear", "error at or near")]
    fn only_words_are_left(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(words(text).join(" "), expected);
    }
}

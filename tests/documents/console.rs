//! What of a console block differs from run to run. Pages show what a reader
//! sees; before a block is compared, these parts of it become wildcards.

use regex_lite::Regex;

/// What differs, and what stands for it.
const RULES: &[(&str, &str)] = &[
    (r"\d+\.\d{3} s, seed \d+", "[..] s, seed [..]"),
    // The catalogue grows, and with it what its tags mean.
    (r"\d{3,} tests against (.*): \d{3,} passed", "[..] tests against $1: [..] passed"),
    (r"\d+ of \d+( pass, \d skipped)? on \d{4}-\d{2}-\d{2}", "[..] of [..]$1 on [..]"),
    // trycmd takes it for a path of Windows.
    (r"\\$", "[..]"),
    (r"^…$", "..."),
];

/// The page with wildcards in its console blocks.
pub fn with_wildcards(page: &str) -> String {
    let rules: Vec<(Regex, &str)> = RULES.iter().map(|(rule, word)| (Regex::new(rule).unwrap(), *word)).collect();
    let mut is_console = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_console = line.contains("```console");
        }
        let is_output = is_console && !line.starts_with(['$', '>', '?']);
        let filled = |line: String, (rule, word): &(Regex, &str)| rule.replace_all(&line, *word).into_owned();
        lines.push(if is_output { rules.iter().fold(line.to_owned(), filled) } else { line.to_owned() });
    }
    lines.join("\n") + "\n"
}

#[test]
fn only_what_differs_is_left_out() {
    let page = "3.100 s, seed 7\n```console\n$ run\n3.100 s, seed 7\n1 test against x: 1 passed\n…\n```\n";
    let expected = "3.100 s, seed 7\n```console\n$ run\n[..] s, seed [..]\n1 test against x: 1 passed\n...\n```\n";
    assert_eq!(with_wildcards(page), expected);
}

//! What of a block of output differs from run to run, or is left out for `…`.
//! Pages show what a reader sees; before a block is compared, these parts of it
//! become wildcards.

use regex_lite::Regex;

/// What differs, and what stands for it.
const RULES: &[(&str, &str)] = &[
    (r"\d+\.\d{3} s, seed \d+", "[..] s, seed [..]"),
    // The catalogue grows, and with it what its tags mean.
    (r"\d{3,} tests against (.*): \d{3,} passed", "[..] tests against $1: [..] passed"),
    (r"\d+ of \d+ on \d{4}-\d{2}-\d{2}", "[..] of [..] on [..]"),
    // Of a provider by hand.
    (r"127\.0\.0\.1(:|%3A)\d+", "127.0.0.1$1[..]"),
    (r#""(now|next)": \d+"#, r#""$1": [..]"#),
    // trycmd takes it for a path of Windows.
    (r"\\$", "[..]"),
    (r"^…$", "..."),
    ("…", "[..]"),
];

/// The output with wildcards.
pub fn output_with_wildcards(output: &str) -> String {
    let rules: Vec<(Regex, &str)> = RULES.iter().map(|(rule, word)| (Regex::new(rule).unwrap(), *word)).collect();
    let filled = |line: String, (rule, word): &(Regex, &str)| rule.replace_all(&line, *word).into_owned();
    output.lines().map(|line| rules.iter().fold(line.to_owned(), filled) + "\n").collect()
}

/// The page with wildcards in its console blocks. trycmd wants an empty line at
/// the end of a block.
pub fn with_wildcards(page: &str) -> String {
    let mut is_console = false;
    let mut text = String::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            if is_console {
                text.push('\n');
            }
            is_console = line.trim_start() == "```console";
        }
        if is_console && !line.starts_with(['$', '>', '?']) {
            text.push_str(&output_with_wildcards(&format!("{line}\n")));
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[test]
fn only_what_differs_is_left_out() {
    let page = "3.100 s, seed 7\n```console\n$ run\n3.100 s, seed 7\n1 test against x: 1 passed\n\n…\na … b\n```\n";
    let expected =
        "3.100 s, seed 7\n```console\n$ run\n[..] s, seed [..]\n1 test against x: 1 passed\n\n...\na [..] b\n\n```\n";
    assert_eq!(with_wildcards(page), expected);
}

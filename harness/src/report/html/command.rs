//! The command that runs one test again.

use super::topics::Group;
use crate::report::{CaseReport, Report};
use crate::scenario::Catalogue;

/// The command that runs `case` again.
pub(super) fn command(report: &Report, group: &Group<'_>, case: &CaseReport) -> String {
    let mut words = vec!["oidc-harness".to_owned(), "run".to_owned()];
    let own = group.source.filter(|source| !Catalogue::is_built_in(group.name, &source.text));
    match own.map(|source| source.path.as_str()) {
        Some(path) => {
            words.push(quoted(path));
            words.extend(case.case.iter().flat_map(|case| ["--filter".to_owned(), quoted(&format!("::{case}"))]));
        }
        None => words.extend(["--filter".to_owned(), quoted(&case.test_name())]),
    }
    if let Some(target) = &report.target {
        if target.url == "reference" {
            words.extend(target.defects.iter().flat_map(|defect| ["--defect".to_owned(), quoted(defect)]));
        } else {
            words.extend(["--target".to_owned(), quoted(&target.url), "--api-key-file FILE".to_owned()]);
        }
    }
    words.push("--verbose".to_owned());
    words.join(" ")
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/:._-[]".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("id-token/wrong-audience::plain", "id-token/wrong-audience::plain")]
    #[case("it's; rm -rf", r"'it'\''s; rm -rf'")]
    #[case("", "''")]
    fn a_word_stays_one_word(#[case] word: &str, #[case] expected: &str) {
        assert_eq!(quoted(word), expected);
    }
}

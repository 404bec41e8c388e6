//! Results of tests and exit codes of the program.

use super::{Category, Explanation};
use crate::exit_code::ExitCode;
use crate::report::Outcome;

pub(super) fn entries() -> Vec<Explanation> {
    let schema = schemars::schema_for!(Outcome).to_value();
    let described = |outcome: Outcome| {
        let value = serde_json::to_value(outcome).unwrap_or_default();
        let variants = schema["oneOf"].as_array().into_iter().flatten();
        let text =
            variants.filter(|variant| variant["const"] == value).find_map(|variant| variant["description"].as_str());
        text.unwrap_or_default().to_owned()
    };
    let red = |outcome: Outcome| match (outcome.is_red(false), outcome.is_red(true)) {
        (true, _) => "yes",
        (false, true) => "with --strict, or if no test passed",
        (false, false) if outcome == Outcome::Passed => "no",
        (false, false) => "no, unless no test passed",
    };
    Outcome::ALL
        .iter()
        .map(|outcome| {
            Explanation::new(Category::Result, outcome.name(), described(*outcome)).fact("run is red", red(*outcome))
        })
        .collect()
}

pub(super) fn exit_codes() -> Vec<Explanation> {
    let entry =
        |code: &ExitCode| Explanation::new(Category::ExitCode, format!("exit code {}", code.code()), code.text());
    let of_several = "if several apply, the largest of 4, 3 and 1";
    ExitCode::ALL.iter().map(|code| entry(code).fact("precedence", of_several)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_and_exit_code_is_described() {
        assert_eq!(entries().len(), Outcome::ALL.len());
        assert!(entries().iter().chain(&exit_codes()).all(|entry| !entry.text.is_empty()));
    }
}

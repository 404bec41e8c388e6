//! What is known of one target: deviations that somebody has looked into,
//! each with its reason and a reference. What a server does belongs here,
//! never into the level of a scenario.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};
use serde::Deserialize;

/// What is known of one target.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// What it is called in reports.
    pub name: String,
    /// Which targets it is for.
    #[serde(default)]
    pub fingerprint: Fingerprint,
    /// The deviations.
    #[serde(default)]
    pub known: Vec<Known>,
}

/// Settings keys and routes that tell a target from others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fingerprint {
    /// All of these must be there, such as `oauth.prompt`.
    pub present: Vec<String>,
    /// None of these may be there.
    pub absent: Vec<String>,
    /// A range of versions. It only narrows: numbers alone tell too little.
    pub version: Option<VersionReq>,
}

/// One known deviation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The scenario, as `topic/name`.
    pub scenario: String,
    /// The case; all of them if not given.
    pub case: Option<String>,
    /// What comes of it.
    pub result: KnownResult,
    /// How bad it is, in a word.
    pub severity: Option<String>,
    /// What the server does, in a sentence.
    pub reason: String,
    /// Where one can read about it.
    pub reference: String,
    /// What an administrator can do.
    pub advice: Option<String>,
}

/// What can be known of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownResult {
    /// A `must` is not met.
    Failed,
    /// A `should` is not met.
    Finding,
    /// It can prove nothing, because its control does not succeed.
    Blocked,
}

/// A baseline file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the baseline {path} is not right: {reason}")]
pub struct BaselineError {
    /// The file.
    pub path: String,
    /// What is wrong, and where.
    pub reason: String,
}

impl Baseline {
    /// Reads the text of the file `path`.
    pub fn parse(path: &str, text: &str) -> Result<Self, BaselineError> {
        toml::from_str(text).map_err(|error| BaselineError { path: path.to_owned(), reason: error.to_string() })
    }

    /// Whether it is for a target with this fingerprint.
    pub fn fits(&self, fingerprint: &BTreeSet<String>, version: &Version) -> bool {
        let marks = &self.fingerprint;
        let says_something = !marks.present.is_empty() || !marks.absent.is_empty();
        says_something
            && marks.version.as_ref().is_none_or(|range| range.matches(version))
            && marks.present.iter().all(|mark| fingerprint.contains(mark))
            && !marks.absent.iter().any(|mark| fingerprint.contains(mark))
    }

    /// What is known of a test. An entry for the very case goes first.
    pub fn known(&self, scenario: &str, case: Option<&str>) -> Option<&Known> {
        let of_scenario = || self.known.iter().filter(|known| known.scenario == scenario);
        let exact = of_scenario().find(|known| known.case.is_some() && known.case.as_deref() == case);
        exact.or_else(|| of_scenario().find(|known| known.case.is_none()))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TEXT: &str = r#"
        name = "Old"
        [fingerprint]
        present = ["oauth.scope"]
        absent = ["oauth.prompt"]
        version = "<3.0.0"
        [[known]]
        scenario = "a/b"
        result = "failed"
        reason = "all"
        reference = "r"
        [[known]]
        scenario = "a/b"
        case = "c"
        result = "finding"
        reason = "one"
        reference = "r"
    "#;

    #[rstest]
    #[case(&["oauth.scope"], 2, true)]
    #[case(&["oauth.scope"], 3, false)]
    #[case(&["oauth.scope", "oauth.prompt"], 2, false)]
    #[case(&[], 2, false)]
    fn fits_by_fingerprint(#[case] fingerprint: &[&str], #[case] major: u64, #[case] fits: bool) {
        let baseline = Baseline::parse("t", TEXT);
        let fingerprint = fingerprint.iter().map(|mark| (*mark).to_owned()).collect();
        let version = Version::new(major, 7, 5);
        assert_eq!(baseline.map(|baseline| baseline.fits(&fingerprint, &version)), Ok(fits));
    }

    #[rstest]
    #[case("a/b", Some("c"), Some("one"))]
    #[case("a/b", Some("d"), Some("all"))]
    #[case("a/b", None, Some("all"))]
    #[case("a/x", None, None)]
    fn the_case_goes_before_the_scenario(
        #[case] scenario: &str,
        #[case] case: Option<&str>,
        #[case] reason: Option<&str>,
    ) {
        let Ok(baseline) = Baseline::parse("t", TEXT) else { unreachable!("the text is right") };
        assert_eq!(baseline.known(scenario, case).map(|known| known.reason.as_str()), reason);
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let error = Baseline::parse("b.toml", "name = \"x\"\nknwon = []\n").map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("b.toml") && text.contains("line 2") && text.contains("knwon")));
    }
}

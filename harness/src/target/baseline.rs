//! What is known of one target: deviations that somebody has looked into,
//! each with its reason and a reference. What a server does belongs here,
//! never into the level of a scenario. Its file is read by
//! [`super::baseline_file`].

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use semver::{Version, VersionReq};

use crate::diagnostic::Source;

/// What is known of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// What it is called in reports.
    pub name: String,
    /// Which targets it is for.
    pub fingerprint: Fingerprint,
    /// The deviations.
    pub known: Vec<Known>,
    /// The file.
    pub source: Arc<Source>,
    /// Whether the file is in the binary.
    pub built_in: bool,
}

/// How bad it is what a server does otherwise, worst first, and what that
/// means.
pub const SEVERITIES: &[(&str, &str)] = &[
    ("high", "Somebody can get in, or stay in, who should not."),
    ("medium", "A protection is missing, or people are kept out who should get in."),
    ("low", "It is not as it should be; little follows from it."),
];

/// What a server does otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What the server does, in a sentence without its subject.
    pub reason: String,
    /// Where one can read about it.
    pub reference: String,
    /// How bad it is: one of [`SEVERITIES`].
    pub severity: Option<String>,
    /// What an administrator can do.
    pub advice: Option<String>,
}

/// Settings keys and routes that tell a target from others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// All of these must be there, such as `oauth.prompt`.
    pub present: Vec<String>,
    /// None of these may be there.
    pub absent: Vec<String>,
    /// A range of versions. It only narrows: numbers alone tell too little.
    pub version: Option<VersionReq>,
}

/// One known deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The scenario, as `topic/name`.
    pub scenario: String,
    /// The case; all of them if not given.
    pub case: Option<String>,
    /// What comes of it.
    pub result: KnownResult,
    /// Why.
    pub cause: Cause,
    /// What says it.
    pub place: Place,
}

/// An entry of a baseline file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line on which the entry begins, from 1.
    pub line: usize,
    /// The bytes of it that name the test.
    pub span: Range<usize>,
    /// How many cases the entry names; none if it is for all.
    pub cases: usize,
    /// Whether the file is in the binary.
    pub built_in: bool,
}

/// What can be known of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownResult {
    /// A `must` is not met.
    Failed,
    /// A `should` is not met.
    Finding,
    /// It can prove nothing, because its control does not succeed.
    Blocked,
}

impl Baseline {
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

impl Known {
    /// What to do about the entry where `case` of its scenario passes.
    pub fn amendment(&self, case: Option<&str>) -> String {
        let Place { path, line, cases, built_in, .. } = &self.place;
        let entry = format!("the entry at {path}:{line}");
        let mended = match (&self.case, case) {
            (Some(case), _) if *cases > 1 => format!("take the case {case} out of {entry}"),
            (None, Some(_)) => format!("let {entry} name only the `cases` that do not pass, or take it out if all do"),
            _ => format!("take {entry} out"),
        };
        if !built_in {
            return mended;
        }
        format!(
            "{mended}, which is built in, or judge by a baseline without it: --report baseline=FILE writes one, \
             --baseline FILE judges by it"
        )
    }
}

impl KnownResult {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Failed, Self::Finding, Self::Blocked];

    /// As a file says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Finding => "finding",
            Self::Blocked => "blocked",
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const WHY: &str = "reason = \"r\"\nreference = \"r\"\n";

    fn source(text: &str) -> Source {
        Source { path: "b.toml".into(), text: text.to_owned() }
    }

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
        let baseline = Baseline::parse(source(TEXT), false);
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
        let Ok(baseline) = Baseline::parse(source(TEXT), false) else { unreachable!("the text is right") };
        assert_eq!(baseline.known(scenario, case).map(|known| known.cause.reason.as_str()), reason);
    }

    #[rstest]
    #[case("", None, false, "take the entry at b.toml:2 out")]
    #[case("", Some("c"), false, "let the entry at b.toml:2 name only the `cases` that do not pass")]
    #[case("case = \"c\"", Some("c"), false, "take the entry at b.toml:2 out")]
    #[case("cases = [\"c\", \"d\"]", Some("d"), false, "take the case d out of the entry at b.toml:2")]
    #[case("", None, true, "take the entry at b.toml:2 out, which is built in, or")]
    fn an_entry_says_how_it_is_mended(
        #[case] cases: &str,
        #[case] case: Option<&str>,
        #[case] built_in: bool,
        #[case] expected: &str,
    ) {
        let text = format!("name = \"n\"\n[[known]]\nscenario = \"a/b\"\n{cases}\nresult = \"failed\"\n{WHY}");
        let Ok(baseline) = Baseline::parse(source(&text), built_in) else { unreachable!("the text is right") };
        let amendment = baseline.known("a/b", case).map(|known| known.amendment(case));
        assert!(amendment.as_ref().is_some_and(|text| text.contains(expected)), "{amendment:?}");
    }
}

//! What is known of one target: deviations that somebody has looked into,
//! each with its reason and a reference. What a server does belongs here,
//! never into the level of a scenario.

use std::collections::{BTreeMap, BTreeSet};

use semver::{Version, VersionReq};
use serde::Deserialize;

/// What is known of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// What it is called in reports.
    pub name: String,
    /// Which targets it is for.
    pub fingerprint: Fingerprint,
    /// The deviations.
    pub known: Vec<Known>,
}

/// What a baseline file may say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    #[serde(default)]
    fingerprint: Fingerprint,
    /// What several tests show, said once.
    #[serde(default)]
    causes: BTreeMap<String, Cause>,
    #[serde(default)]
    known: Vec<Entry>,
}

/// What a server does otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// What the server does, in a sentence without its subject.
    pub reason: String,
    /// Where one can read about it.
    pub reference: String,
    /// How bad it is, in a word.
    pub severity: Option<String>,
    /// What an administrator can do.
    pub advice: Option<String>,
}

/// One entry of the file: a scenario, or some of its cases, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    scenario: String,
    case: Option<String>,
    #[serde(default)]
    cases: Vec<String>,
    result: KnownResult,
    /// The name of a cause; without, reason and reference stand here.
    cause: Option<String>,
    reason: Option<String>,
    reference: Option<String>,
    severity: Option<String>,
    advice: Option<String>,
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
        let problem = |reason| BaselineError { path: path.to_owned(), reason };
        let document: Document = toml::from_str(text).map_err(|error| problem(error.to_string()))?;
        let mut known = Vec::new();
        for entry in document.known {
            let cause = entry.cause(&document.causes).map_err(&problem)?;
            let mut cases: Vec<_> = entry.case.into_iter().chain(entry.cases).map(Some).collect();
            if cases.is_empty() {
                cases.push(None);
            }
            known.extend(cases.into_iter().map(|case| Known {
                scenario: entry.scenario.clone(),
                case,
                result: entry.result,
                cause: cause.clone(),
            }));
        }
        Ok(Self { name: document.name, fingerprint: document.fingerprint, known })
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

impl Entry {
    /// Its own, or the one that it names.
    fn cause(&self, causes: &BTreeMap<String, Cause>) -> Result<Cause, String> {
        let Self { scenario, reason, reference, severity, advice, .. } = self;
        match (&self.cause, reason, reference) {
            (Some(name), None, None) if severity.is_none() && advice.is_none() => {
                let missing = || format!("{scenario} names the cause `{name}`, and there is no [causes.{name}]");
                causes.get(name).cloned().ok_or_else(missing)
            }
            (None, Some(reason), Some(reference)) => Ok(Cause {
                reason: reason.clone(),
                reference: reference.clone(),
                severity: severity.clone(),
                advice: advice.clone(),
            }),
            (Some(_), ..) => Err(format!("{scenario} names a cause and says one of its own, too")),
            (None, ..) => Err(format!("{scenario} needs a `cause`, or `reason` and `reference`")),
        }
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
        assert_eq!(baseline.known(scenario, case).map(|known| known.cause.reason.as_str()), reason);
    }

    #[rstest]
    #[case("cause = \"keys\"", Ok(2))]
    #[case("cause = \"kyes\"", Err("there is no [causes.kyes]"))]
    #[case("cause = \"keys\"\nreason = \"r\"", Err("says one of its own, too"))]
    #[case("cause = \"keys\"\nseverity = \"low\"", Err("says one of its own, too"))]
    #[case("reason = \"r\"", Err("needs a `cause`, or `reason` and `reference`"))]
    fn a_cause_is_said_once(#[case] cause: &str, #[case] expected: Result<usize, &str>) {
        let text = format!(
            "name = \"n\"\n[causes.keys]\nreason = \"never\"\nreference = \"x\"\n[[known]]\nscenario = \"a/b\"\n\
             cases = [\"c\", \"d\"]\nresult = \"failed\"\n{cause}\n"
        );
        let parsed = Baseline::parse("t", &text);
        match (parsed, expected) {
            (Ok(baseline), Ok(count)) => {
                assert_eq!(baseline.known.len(), count);
                let reason = |case| baseline.known("a/b", Some(case)).map(|known| known.cause.reason.as_str());
                assert_eq!((reason("c"), reason("d"), reason("e")), (Some("never"), Some("never"), None));
            }
            (Err(error), Err(part)) => assert!(error.reason.contains(part), "{error}"),
            (parsed, expected) => unreachable!("{parsed:?} is not {expected:?}"),
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let error = Baseline::parse("b.toml", "name = \"x\"\nknwon = []\n").map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("b.toml") && text.contains("line 2") && text.contains("knwon")));
    }
}

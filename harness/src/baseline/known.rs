//! What is known of one server: deviations with a known cause. What a server
//! does belongs here, never into the level of a scenario. The file is read by
//! [`super::file`].

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use semver::Version;

use super::fingerprint::Fingerprint;
use super::pinned::{Pinned, differences};
use crate::diagnostic::{Diagnostic, Source, Urgency};
use crate::expect::Check;
use crate::severity::Severity;

/// What a server does otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What the server does, in a sentence without its subject.
    pub reason: String,
    /// Where one can read about it.
    pub reference: String,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// What an administrator can do.
    pub advice: Option<String>,
}

/// What is known of one server.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// What it is called in reports.
    pub name: String,
    /// Which servers it was measured at.
    pub fingerprint: Fingerprint,
    /// The deviations.
    pub known: Vec<Known>,
    /// The file.
    pub source: Arc<Source>,
    /// Whether the file is in the binary.
    pub built_in: bool,
}

/// One known deviation.
#[derive(Debug, Clone)]
pub struct Known {
    /// The scenario, as `topic/name`.
    pub scenario: String,
    /// The case; all of them if not given.
    pub case: Option<String>,
    /// What comes of it.
    pub result: KnownResult,
    /// The checks that fail, and what is found there.
    pub found: Vec<Pinned>,
    /// The last day on which the entry excuses anything.
    pub until: Option<Date>,
    /// Why.
    pub cause: Cause,
    /// What says it.
    pub place: EntryPlace,
}

/// An entry of a baseline file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryPlace {
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
    /// The target misses a `must`.
    Failed,
    /// The target misses a `should`.
    Finding,
    /// It can prove nothing, because its control does not succeed.
    Blocked,
}

impl Baseline {
    /// Returns the built-in baseline that was measured at servers with these
    /// settings and routes, and of this version.
    ///
    /// # Errors
    /// The run's sentence for a server without a measured baseline.
    pub fn measured_at(built_in: &[Self], has: &BTreeSet<String>, version: &Version) -> Result<Self, String> {
        let measured = built_in.iter().find(|baseline| baseline.fingerprint.fits(has, version));
        measured.cloned().ok_or_else(|| {
            let names: Vec<String> = built_in.iter().map(Self::id).collect();
            format!(
                "no built-in baseline is for this server (version {version}), so the run used none; to choose one, use \
                 --baseline NAME: {}",
                names.join(", ")
            )
        })
    }

    /// What `--baseline` calls it where it is built in: the file's name.
    pub fn id(&self) -> String {
        self.source.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What is known of a test. An entry for this case takes precedence.
    pub fn known(&self, scenario: &str, case: Option<&str>) -> Option<&Known> {
        let of_scenario = || self.known.iter().filter(|known| known.scenario == scenario);
        let exact = of_scenario().find(|known| known.case.is_some() && known.case.as_deref() == case);
        exact.or_else(|| of_scenario().find(|known| known.case.is_none()))
    }
}

impl Baseline {
    /// A complaint about entries that do not say where the fault is tracked; it
    /// keeps none of them from being used.
    pub fn untracked(&self) -> Option<Diagnostic> {
        let mut entries: Vec<&EntryPlace> =
            self.known.iter().filter(|known| known.cause.reference.is_empty()).map(|known| &known.place).collect();
        entries.dedup_by_key(|place| place.line);
        let first = entries.first()?;
        let entries = match entries.len() {
            1 => "1 entry has no `reference`".to_owned(),
            count => format!("{count} entries have no `reference`"),
        };
        let problem = Diagnostic::error(entries, first.span.clone());
        let help = "write where you track each fault, such as `reference = \"https://issues.example.org/1\"`";
        Some(Diagnostic { severity: Urgency::Warning, ..problem }.note(help))
    }
}

impl Known {
    /// Returns how the checks of a play, each with its step, differ from what
    /// is known, in words; nothing if it is just that.
    pub fn differences(&self, checks: &[(&str, &Check)]) -> Vec<String> {
        differences(&self.found, checks)
    }

    /// Returns the first step at which a failure is known and that is none of
    /// `steps`.
    pub fn step_beside<'a>(&'a self, steps: &[&str]) -> Option<&'a str> {
        self.found.iter().map(|pinned| pinned.step.as_str()).find(|step| !steps.contains(step))
    }

    /// Returns the last day on which the entry held, if `today` is later.
    pub fn expired(&self, today: Date) -> Option<Date> {
        self.until.filter(|day| *day < today)
    }

    /// Returns where the entry stands, for messages.
    pub fn entry(&self) -> String {
        format!("the entry at {}:{}", self.place.path, self.place.line)
    }

    /// What to do about the entry where `case` of its scenario passes.
    pub fn amendment(&self, case: Option<&str>) -> String {
        let EntryPlace { cases, built_in, .. } = &self.place;
        let entry = self.entry();
        let mended = match (&self.case, case) {
            (Some(case), _) if *cases > 1 => format!("remove the case {case} from {entry}"),
            (None, Some(_)) => {
                format!("in {entry}, list only the `cases` that fail, or remove the entry if all cases pass")
            }
            _ => format!("remove {entry}"),
        };
        if !built_in {
            return mended;
        }
        format!(
            "{mended}, which is built in. Or use your own baseline: --report baseline=FILE writes one, --baseline FILE \
             uses it"
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

    const WHY: &str = "found.s.outcome = \"signed-in\"\nreason = \"r\"\nreference = \"r\"\n";

    fn source(text: &str) -> Source {
        Source { path: "b.toml".into(), text: text.to_owned() }
    }

    const TEXT: &str = r#"
        format = 1
        name = "Old"
        [fingerprint]
        present = ["oauth.scope"]
        absent = ["oauth.prompt"]
        version = "<3.0.0"
        [[known]]
        scenario = "a/b"
        result = "failed"
        found.s.outcome = "signed-in"
        reason = "all"
        reference = "r"
        [[known]]
        scenario = "a/b"
        case = "c"
        result = "finding"
        found.s.outcome = "signed-in"
        reason = "one"
        reference = "r"
    "#;

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
    #[case("", None, false, "remove the entry at b.toml:3")]
    #[case("", Some("c"), false, "in the entry at b.toml:3, list only the `cases` that fail")]
    #[case("case = \"c\"", Some("c"), false, "remove the entry at b.toml:3")]
    #[case("cases = [\"c\", \"d\"]", Some("d"), false, "remove the case d from the entry at b.toml:3")]
    #[case("", None, true, "remove the entry at b.toml:3, which is built in. Or")]
    fn an_entry_says_how_it_is_mended(
        #[case] cases: &str,
        #[case] case: Option<&str>,
        #[case] built_in: bool,
        #[case] expected: &str,
    ) {
        let text =
            format!("format = 1\nname = \"n\"\n[[known]]\nscenario = \"a/b\"\n{cases}\nresult = \"failed\"\n{WHY}");
        let Ok(baseline) = Baseline::parse(source(&text), built_in) else { unreachable!("the text is right") };
        let amendment = baseline.known("a/b", case).map(|known| known.amendment(case));
        assert!(amendment.as_ref().is_some_and(|text| text.contains(expected)), "{amendment:?}");
    }
}

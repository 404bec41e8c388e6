//! A baseline file, read as a whole. What it means is for [`Baseline`]; whether
//! there are such tests, for a catalogue.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;

use super::file_keys::Document;
use super::known::{Baseline, Cause};
use super::reader::Reader;
use crate::diagnostic::{Broken, Diagnostic, Source};
use crate::document::{FileFormat, Node, mended};

impl Baseline {
    /// Reads a baseline file; `built_in` says whether it is in the binary.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: Source, built_in: bool) -> Result<Self, Broken> {
        let source = Arc::new(source);
        let broken = |problems: Vec<Diagnostic>| Broken::in_order(&source, problems);
        let node = Node::parse(&source).map_err(&broken)?;
        FileFormat::BASELINE.check(&node, &source).map_err(|problem| broken(vec![problem]))?;
        let mut problems = Vec::new();
        let Some(document) = mended::<Document>(&node, &mut problems) else { return Err(broken(problems)) };
        let without = document.without;
        let document = document.value;
        let mut reader = Reader { source: &source, node: &node, built_in, problems: Vec::new() };
        let fingerprint = reader.fingerprint(document.fingerprint);
        let causes: IndexMap<String, Option<Cause>> = document
            .causes
            .into_iter()
            .map(|(name, why)| (name.clone(), reader.cause(&["causes", &name], why)))
            .collect();
        let mut known = Vec::new();
        for (index, entry) in document.known.into_iter().enumerate() {
            known.extend(reader.entry(&index.to_string(), entry, &causes));
        }
        reader.twice(&known);
        // The reader has already reported what it replaced to read the rest.
        let told: Vec<Range<usize>> = without.iter().map(|path| node.place(path)).collect();
        problems.extend(
            reader.problems.into_iter().filter(|one| one.labels.iter().all(|label| !told.contains(&label.span))),
        );
        if !problems.is_empty() {
            return Err(broken(problems));
        }
        Ok(Self { name: document.name, fingerprint, known, source, built_in })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("cause = \"keys\"", Ok(2))]
    #[case("cause = \"kyes\"", Err(vec!["unknown cause `kyes`"]))]
    #[case("cause = \"keys\"\nreason = \"r\"", Err(vec!["`reason` is not allowed beside `cause`"]))]
    #[case("cause = \"keys\"\nseverity = \"low\"", Err(vec!["`severity` is not allowed beside `cause`"]))]
    #[case("reason = 1\nreference = \"\"", Err(vec!["expected text, found the number `1`"]))]
    #[case("", Err(vec!["missing key `reason`"]))]
    fn a_cause_is_said_once(#[case] cause: &str, #[case] expected: Result<usize, Vec<&str>>) {
        let text = format!(
            "format = 1\nname = \"n\"\n[causes.keys]\nreason = \"never\"\nreference = \"x\"\n[[known]]\nscenario = \
             \"a/b\"\n\
             cases = [\"c\", \"d\"]\nresult = \"failed\"\nfound.s.outcome = \"done\"\n{cause}\n"
        );
        match (Baseline::parse(Source { path: "t".into(), text }, false), expected) {
            (Ok(baseline), Ok(count)) => {
                assert_eq!(baseline.known.len(), count);
                let reason = |case| baseline.known("a/b", Some(case)).map(|known| known.cause.reason.as_str());
                assert_eq!((reason("c"), reason("d"), reason("e")), (Some("never"), Some("never"), None));
            }
            (Err(broken), Err(messages)) => {
                let told: Vec<&str> = broken.problems.iter().map(|problem| problem.message.as_str()).collect();
                assert_eq!(told, messages);
            }
            (parsed, expected) => unreachable!("{parsed:?} is not {expected:?}"),
        }
    }
}

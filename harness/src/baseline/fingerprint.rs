//! Which servers a baseline was measured at.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};

/// Settings keys and routes that tell a server from others, and its versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// All of these must be there, such as `oauth.prompt`.
    pub present: Vec<String>,
    /// None of these may be there.
    pub absent: Vec<String>,
    /// A range of versions. It only narrows: numbers alone tell too little.
    pub version: Option<VersionReq>,
}

impl Fingerprint {
    /// Returns whether a server with these settings and routes, and of this
    /// version, has it. A fingerprint that names neither fits no server.
    pub fn fits(&self, has: &BTreeSet<String>, version: &Version) -> bool {
        let says_something = !self.present.is_empty() || !self.absent.is_empty();
        says_something
            && self.version.as_ref().is_none_or(|range| range.matches(version))
            && self.present.iter().all(|mark| has.contains(mark))
            && !self.absent.iter().any(|mark| has.contains(mark))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["oauth.scope"], "2.7.5", true)]
    #[case::not_measured(&["oauth.scope"], "2.7.6", false)]
    #[case(&["oauth.scope", "oauth.prompt"], "2.7.5", false)]
    #[case(&[], "2.7.5", false)]
    fn fits_what_was_measured(#[case] has: &[&str], #[case] version: &str, #[case] fits: bool) {
        let fingerprint = Fingerprint {
            present: vec!["oauth.scope".to_owned()],
            absent: vec!["oauth.prompt".to_owned()],
            version: VersionReq::parse("=2.7.5").ok(),
        };
        let has = has.iter().map(|mark| (*mark).to_owned()).collect();
        assert_eq!(Version::parse(version).map(|version| fingerprint.fits(&has, &version)).ok(), Some(fits));
    }

    #[test]
    fn one_that_names_nothing_fits_no_server() {
        assert!(!Fingerprint::default().fits(&BTreeSet::new(), &Version::new(2, 7, 5)));
    }
}

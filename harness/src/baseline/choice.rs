//! Which of the built-in baselines judges a server. Whether one is looked for
//! at all is for the run to say.

use std::collections::BTreeSet;

use semver::Version;

use super::known::Baseline;

/// Returns the built-in baseline that was measured at servers with these
/// settings and routes, and of this version.
///
/// # Errors
/// What a run says where none was.
pub fn measured_at(built_in: &[Baseline], has: &BTreeSet<String>, version: &Version) -> Result<Baseline, String> {
    let measured = built_in.iter().find(|baseline| baseline.fingerprint.fits(has, version));
    measured.cloned().ok_or_else(|| {
        let names: Vec<String> = built_in.iter().map(Baseline::id).collect();
        format!("no baseline was measured for {version}; --baseline NAME chooses one: {}", names.join(", "))
    })
}

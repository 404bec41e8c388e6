//! What things are: every word that scenario files, reports and the command
//! line use, told to people who do not know OpenID Connect by heart.
//!
//! Everything here is read off the lists that the words come from; nothing is
//! written a second time. Printing is for the command line.

mod entry;
mod expectation;
mod outcome;
mod profile;
mod quirk;
mod requirement;
mod scenario;
mod setting;
mod step;

pub use entry::{Entry, Kind};
pub use profile::{page as profiles_page, profiles};
pub use quirk::page as quirks_page;

use crate::scenario::Catalogue;

/// Everything that can be explained.
pub fn entries(catalogue: &Catalogue) -> Vec<Entry> {
    [
        quirk::entries(catalogue),
        profile::entries(catalogue),
        step::entries(),
        expectation::entries(),
        setting::entries(),
        quirk::defects(),
        requirement::entries(catalogue),
        outcome::entries(),
        outcome::exit_codes(),
        scenario::entries(catalogue),
    ]
    .concat()
}

/// What bears that name; what is named alike, if nothing does.
pub fn find<'a>(entries: &'a [Entry], name: &str) -> Result<Vec<&'a Entry>, Vec<&'a str>> {
    let found: Vec<&Entry> = entries.iter().filter(|entry| entry.name.eq_ignore_ascii_case(name)).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let lower = name.to_lowercase();
    let mut near: Vec<(f64, &str)> = entries
        .iter()
        .map(|entry| {
            let within = if entry.name.to_lowercase().contains(&lower) { 0.3 } else { 0.0 };
            (strsim::jaro_winkler(&entry.name.to_lowercase(), &lower) + within, entry.name.as_str())
        })
        .filter(|(score, _)| *score > 0.85)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.dedup_by_key(|(_, name)| *name);
    Err(near.into_iter().take(5).map(|(_, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("wrong-audience", Kind::Quirk)]
    #[case("authentik", Kind::Profile)]
    #[case("sign-in", Kind::Step)]
    #[case("outcome", Kind::Expectation)]
    #[case("oauth.autoRegister", Kind::Setting)]
    #[case("audience-ignored", Kind::Defect)]
    #[case("RFC 9207 §2.4", Kind::Requirement)]
    #[case("not exercised", Kind::Result)]
    #[case("exit code 130", Kind::ExitCode)]
    #[case("id-token/wrong-audience", Kind::Scenario)]
    fn every_kind_of_word_is_explained(#[case] name: &str, #[case] kind: Kind) {
        let entries = entries(&Catalogue::embedded());
        let found = find(&entries, name).unwrap_or_default();
        assert!(found.iter().any(|entry| entry.kind == kind), "{name}");
        assert!(found.iter().all(|entry| entry.text.len() > 10), "{name}");
    }

    #[test]
    fn a_slip_is_recognised() {
        let entries = entries(&Catalogue::embedded());
        assert!(find(&entries, "wrong-audence").is_err_and(|near| near.contains(&"wrong-audience")));
    }
}

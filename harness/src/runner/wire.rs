//! What a play leaves for the report: the requests of the user agents, and the
//! journals of the providers, by step. [`super::transcript`] makes exchanges of
//! both.

use mock_idp::{Deviations, Entry, Mark};

use crate::report::Party;
use crate::stage::Sent;

/// What a step leaves for the report, which decides later how much to show.
#[derive(Debug)]
pub(super) struct Wire {
    /// What the user agents sent.
    pub(super) sent: Vec<Sent>,
    /// What was wrong with the provider.
    pub(super) deviations: Deviations,
    /// How far the provider's journal was when the step began.
    pub(super) since: Mark,
    /// The same of the second provider, if there is one.
    pub(super) other_since: Option<Mark>,
}

/// An entry in the journal of one of the providers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted<'a> {
    pub(super) entry: &'a Entry,
    /// Which of the two.
    pub(super) by: Party,
}

/// The journals of a play.
#[derive(Debug)]
pub(super) struct Journals {
    /// That of the provider.
    pub(super) own: Vec<Entry>,
    /// That of the second provider; empty if there is none.
    pub(super) other: Vec<Entry>,
}

impl Journals {
    /// Returns the entries of a step, given the next step, in the order of the
    /// answers.
    pub(super) fn of_step(&self, step: &Wire, next: Option<&Wire>) -> Vec<Noted<'_>> {
        let own = between(&self.own, Some(step.since), next.map(|next| next.since));
        let other = between(&self.other, step.other_since, next.and_then(|next| next.other_since));
        let own = own.map(|entry| Noted { entry, by: Party::Provider });
        let other = other.map(|entry| Noted { entry, by: Party::OtherProvider });
        let mut noted: Vec<_> = own.chain(other).collect();
        noted.sort_by_key(|noted| noted.entry.instant);
        noted
    }
}

/// Returns the entries from one mark up to the next.
fn between(entries: &[Entry], since: Option<Mark>, next: Option<Mark>) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| {
        let mark = Mark::before(entry.sequence);
        since.is_some_and(|since| mark >= since) && next.is_none_or(|next| mark < next)
    })
}

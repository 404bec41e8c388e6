//! Whether sessions of earlier steps still work.

use super::section::{Look, Section};
use super::seen::{SessionState, evidence_of};
use super::value::ValueKind;

pub(super) static SECTION: Section = Section {
    name: "sessions",
    text: "By step `id`, whether the session of this step is `alive` or has `ended`. A session has ended if it can \
           read neither its owner's account nor the list of sessions.",
    look: Look::Sessions,
    names: &[],
    values: || vec![("*", ValueKind::Word("session state", STATES))],
    // A step that made no session has none that ended.
    lacks: |sessions, below| {
        let is_there = below.first().is_none_or(|id| sessions.get(id).is_some());
        (!is_there).then_some("that step did not open a session")
    },
    evidence: |seen| {
        evidence_of(&seen.sessions, |sessions| sessions.iter().map(|(id, state)| (id.clone(), name(state))).collect())
    },
};

const ALIVE: &str = "alive";
const ENDED: &str = "ended";

/// How the name of a state begins that is neither.
pub const ODD_SESSION: &str = "neither alive nor ended: ";

const STATES: &[&str] = &[ALIVE, ENDED];

/// The name of a session's state. Any other answer is one, and neither state.
fn name(state: &SessionState) -> String {
    match state {
        SessionState::Alive => ALIVE.to_owned(),
        SessionState::Ended => ENDED.to_owned(),
        SessionState::Odd(answer) => format!("{ODD_SESSION}{answer}"),
    }
}

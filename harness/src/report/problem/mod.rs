//! What a server does wrong, gathered from the tests that show it: one cause is
//! one problem, the worst first.
//!
//! [`problems`] makes a list of a report; every form of report shows that list.
//! Nothing is judged here, and nothing is written.

mod alteration;
mod attribution;
mod common_cause;
mod evidence;
mod finding;
mod given;
mod grouping;
mod refused_sign_in;
mod repeated_fault;
mod root_fault;
#[cfg(test)]
mod sample;
mod shape;
mod sign_ins_so_far;
mod summary;
mod tally;
mod wrong_answer;

pub(super) use alteration::altered_exchange;
pub use grouping::problems;
pub use root_fault::root_fault_texts;
pub use shape::{Problem, ProblemScenario};
pub use sign_ins_so_far::SignInsSoFar;
pub use summary::{ProblemReport, ProblemScenarioReport, not_met, severities};
pub use tally::{Reason, Tally, tallies};

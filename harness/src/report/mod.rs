//! What came of a run, and how it is shown.
//!
//! [`Report`] is data with a version and a schema; `human`, `json` and
//! `junit` are ways to show it. None of them knows the runner.

mod exchange;
mod findings;
mod human;
mod junit;
mod merge;
mod outcome;
mod record;
mod slim;

pub use exchange::{Deviation, ExchangeReport, Party, TokenReport};
pub use findings::{Recorded, findings};
pub use human::{Human, Style};
pub use junit::{JunitError, junit};
pub use merge::{MergeError, merge};
pub use outcome::{CaseResult, Counts, Fault, Outcome, exit_code};
pub use record::{CaseReport, FORMAT, Report, SourceReport, StepReport, TargetReport, schema};

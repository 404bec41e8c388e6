//! What came of a run, and how it is shown.
//!
//! [`Report`] is data with a version and a schema; every [`Format`] in
//! [`FORMATS`] is a way to write it, [`compare`] holds two of them against
//! each other. None of them knows the runner.

mod case;
mod difference;
mod exchange;
mod findings;
mod format;
mod github;
mod html;
mod human;
mod json;
mod junit;
mod list;
mod markdown;
mod merge;
mod problem;
mod rerun;
mod result;
mod shape;
mod sign_in;
mod source;
mod statement;
mod step;
mod steps;
mod tap;
mod test_data;
mod time;
mod toml_value;
mod updated_baseline;

pub use difference::{Change, Difference, compare};
pub use exchange::{CALLBACK, Deviation, ExchangeReport, Party, TokenReport};
pub use findings::{Recorded, findings};
pub use format::{Detail, Format, FormatError, Rendering, Style};
pub use html::difference_page;
pub(crate) use html::{prose, shell};
pub use human::{Live, failed_test, headlines};
pub use json::schema;
pub use list::{FORMATS, format, formats_help};
pub use merge::{MergeError, merge};
pub use problem::{
    Problem, ProblemReport, ProblemScenario, ProblemScenarioReport, Reason, SignInsSoFar, Tally, not_met, problems,
    root_fault_texts, severities, tallies,
};
pub use rerun::flags_of;
pub use result::{CaseResult, Counts, Fault, Need, Outcome, exit_code};
pub use shape::{CaseReport, REPORT_FORMAT, Report, TargetReport};
pub use sign_in::{SignInEnding, SignInReport};
pub use source::{SourcePlace, SourceReport};
pub use step::StepReport;
pub use steps::{StepFile, StepFileError, Steps};
pub use updated_baseline::contents as baseline_contents;

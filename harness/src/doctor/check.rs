//! A check: one row of the list.

use super::check_outcome::CheckOutcome;
use super::evidence::DoctorEvidence;

/// One thing that the doctor looks at.
#[derive(Debug, Clone, Copy)]
pub struct DoctorCheck {
    /// Its name, by which `explain` finds it.
    pub name: &'static str,
    /// What it looks at.
    pub looks_at: &'static str,
    /// The causes that it can name, each with what it means.
    pub causes: &'static [(&'static str, &'static str)],
    /// Judges the evidence; `None` where there is nothing to judge.
    pub judge: fn(&DoctorEvidence) -> Option<CheckOutcome>,
    /// Whether nothing else can be known where it finds a problem.
    pub is_reach: bool,
}

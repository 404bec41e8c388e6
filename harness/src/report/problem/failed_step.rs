//! The step in which a test failed. What it shows of a problem is for
//! [`super::evidence`].

use crate::expect::ForeignOwner;
use crate::report::shape::CaseReport;
use crate::report::step::StepReport;

/// The step in which a test failed.
pub(super) fn last_failed(case: &CaseReport) -> Option<&StepReport> {
    case.steps.held().iter().rfind(|step| has_failed(step))
}

/// Whose account the failed step opened.
pub(super) fn foreign_owner(case: &CaseReport) -> Option<ForeignOwner> {
    last_failed(case)?.foreign_owner
}

pub(super) fn has_failed(step: &StepReport) -> bool {
    step.checks.iter().any(|check| !check.held)
}

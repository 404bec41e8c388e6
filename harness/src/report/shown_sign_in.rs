//! What the steps of a test show of sign-in: [`super::problem`] asks it of tests
//! whose steps are in a file, too.

use super::exchange::{ExchangeReport, Party};
use super::step::StepReport;

/// What the steps of a test show of sign-in, whatever came of the test.
#[derive(Debug, Clone, Copy)]
pub struct ShownSignIn {
    /// Whether the server accepts what comes from the provider in a step in which
    /// everything holds.
    pub(super) is_accepted: bool,
    /// Whether there is an alteration.
    pub(super) is_altered: bool,
}

impl ShownSignIn {
    pub(super) fn of(steps: &[StepReport]) -> Self {
        let accepts = |step: &StepReport| {
            let came_back = step.exchanges.iter().rposition(|one| one.endpoint.as_deref() == Some("authorization"));
            let mut after = step.exchanges.iter().skip(came_back.map_or(usize::MAX, |at| at + 1));
            step.checks.iter().all(|check| check.held)
                && after.any(|one| one.to == Party::Target && one.exchange.status.is_some() && !one.exchange.is_error())
        };
        let mut exchanges = steps.iter().flat_map(|step| &step.exchanges);
        Self { is_accepted: steps.iter().any(accepts), is_altered: exchanges.any(ExchangeReport::is_altered) }
    }
}

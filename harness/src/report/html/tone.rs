//! How loudly a result is shown. Colour never says anything alone: the name
//! of the result stands beside it.

use crate::report::Outcome;

/// How loudly a result is shown, loudest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// The run is red for it.
    Red,
    /// Fails, but the run is not red for it.
    Odd,
    /// Proves nothing.
    Open,
    /// Passes.
    Good,
}

impl Tone {
    pub(super) fn of(outcome: Outcome, strict: bool) -> Self {
        match outcome {
            _ if outcome.is_red(strict) => Self::Red,
            Outcome::Passed => Self::Good,
            Outcome::Finding | Outcome::Known => Self::Odd,
            _ => Self::Open,
        }
    }

    /// The class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Odd => "odd",
            Self::Open => "open",
            Self::Good => "good",
        }
    }
}

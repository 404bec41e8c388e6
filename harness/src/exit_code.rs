//! Exit codes, on which CI jobs rely.

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// All is as expected.
    Good,
    /// A conformance failure.
    Failed,
    /// Bad usage or a bad scenario file.
    Usage,
    /// The target or the provider cannot be reached or prepared.
    Unreachable,
    /// A fault of the harness.
    Harness,
    /// Interrupted, after restoring.
    Interrupted,
}

impl ExitCode {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Good, Self::Failed, Self::Usage, Self::Unreachable, Self::Harness, Self::Interrupted];

    /// The one with this number.
    pub fn of(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// What it means.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Good => "The results are as expected.",
            Self::Failed => {
                "A conformance failure: the server misses a requirement, a baseline is out of date, or no test passed."
            }
            Self::Usage => "The command line or a scenario file has a mistake; the run did not start.",
            Self::Unreachable => "The harness cannot reach the server, or cannot prepare the server or the provider.",
            Self::Harness => "A fault of the harness or of a scenario, not of the server.",
            Self::Interrupted => "Interrupted; the run restored the server.",
        }
    }

    /// The exit code of the two that takes precedence: first that the server
    /// may not be restored.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        const RISING: &[ExitCode] = &[
            ExitCode::Good,
            ExitCode::Failed,
            ExitCode::Usage,
            ExitCode::Interrupted,
            ExitCode::Unreachable,
            ExitCode::Harness,
        ];
        let weight = |code| RISING.iter().position(|one| *one == code);
        if weight(other) > weight(self) { other } else { self }
    }

    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Harness => 4,
            Self::Interrupted => 130,
        }
    }
}

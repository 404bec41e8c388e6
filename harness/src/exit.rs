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

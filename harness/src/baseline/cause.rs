//! Why a server does something otherwise, and how bad that is.

/// How bad it is what a server does otherwise, worst first, and what that
/// means.
pub const SEVERITIES: &[(&str, &str)] = &[
    ("high", "Somebody can get in, or stay in, who should not."),
    ("medium", "A protection is missing, or people are kept out who should get in."),
    ("low", "It is not as it should be; little follows from it."),
];

/// What a server does otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What the server does, in a sentence without its subject.
    pub reason: String,
    /// Where one can read about it.
    pub reference: String,
    /// How bad it is: one of [`SEVERITIES`].
    pub severity: Option<String>,
    /// What an administrator can do.
    pub advice: Option<String>,
}

//! Why a file of environment variables cannot be used. No message has a value
//! of the file, which may be secret.

use super::Scalar;

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariableFault {
    /// A line that is something else.
    #[error("line {0} is neither a comment nor NAME=value")]
    NotAnAssignment(usize),
    /// A value without its end.
    #[error("the quote in line {0} does not end")]
    Unclosed(usize),
    /// A value that is read in several ways.
    #[error("programs read line {0} in different ways, because of its quotes, escapes, `$` or comment")]
    Unclear(usize),
    /// A setting with two values.
    #[error("line {line} sets {variable} a second time")]
    Twice {
        /// The variable.
        variable: String,
        /// Where it stands again.
        line: usize,
    },
    /// A value of another kind.
    #[error("line {line} sets {variable} to something other than {}", .kind.words())]
    Kind {
        /// The variable.
        variable: String,
        /// Where it stands.
        line: usize,
        /// What the setting takes.
        kind: Scalar,
    },
    /// A value that cannot be written.
    #[error("programs would read the test's value of {0} in different ways, however it is quoted")]
    NoSpelling(String),
    /// Settings that cannot be changed.
    #[error("the dialect names no variable of {}", .0.join(", "))]
    Unnamed(Vec<String>),
}

impl VariableFault {
    /// What to do about it.
    pub(super) const fn help(&self) -> &'static str {
        match self {
            Self::NotAnAssignment(_) => "write NAME=value, or begin the line with #",
            Self::Unclosed(_) => "end the value with the quote that it begins with",
            Self::Unclear(_) => {
                "put the value in single quotes, with no apostrophe or backslash in it and nothing after it"
            }
            Self::Twice { .. } => "remove one of the two lines",
            Self::Kind { .. } => "write true or false for a switch, digits for a number, and nothing for no number",
            Self::NoSpelling(_) => {
                "choose a value without backslashes and line breaks, and without an apostrophe beside `$` or another quote"
            }
            Self::Unnamed(_) => {
                "add each to the dialect, such as `variables.timeout = \"NAME\"` below `[settings.oauth]`. A setting that \
                 no variable changes cannot be tested"
            }
        }
    }
}

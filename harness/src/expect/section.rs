//! What a section of the evidence is.

use serde_json::Value;

use super::value::Values;

/// A section of the evidence, as scenario authors see it.
#[derive(Debug)]
pub struct Section {
    /// The first key of a path into it.
    pub name: &'static str,
    /// What it looks at.
    pub text: &'static str,
    /// The keys below it; `*` where any will do, none where it is a plain
    /// value.
    pub members: &'static [&'static str],
    /// What kind of value stands where below it, as far as it is known.
    pub values: Values,
    /// Whether there is, in the evidence of this section, what a path below it
    /// speaks of; where there is not, nothing holds, not even `not` and
    /// `absent`.
    pub is_there: fn(&Value, &[&str]) -> bool,
}

//! What a defect is, and how a family of them is written down.

use crate::reference::rules::Rules;

/// One bug.
pub struct Defect {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// What goes wrong.
    pub text: &'static str,
    pub(in crate::reference) plant: fn(&mut Rules),
}

impl std::fmt::Debug for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Name, text and how it is planted, for each of a family.
macro_rules! family {
    ($($name:literal, $text:literal, $plant:expr;)*) => {
        pub(super) static FAMILY: &[super::family::Defect] =
            &[$(super::family::Defect { name: $name, text: $text, plant: $plant }),*];
    };
}

pub(super) use family;

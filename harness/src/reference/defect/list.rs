//! What a defect is, and the list of all.

use std::sync::LazyLock;

use crate::reference::rules::Rules;
use crate::reference::token_check::TokenCheck;

use super::{account, authorization, id_token, logout, provider, settings, token, userinfo};

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

/// The families, in the order of a sign-in.
static FAMILIES: &[&[Defect]] = &[
    settings::DEFECTS,
    provider::DEFECTS,
    authorization::DEFECTS,
    token::DEFECTS,
    id_token::DEFECTS,
    userinfo::DEFECTS,
    account::DEFECTS,
    logout::DEFECTS,
];

/// All of them.
pub static DEFECTS: LazyLock<Vec<&'static Defect>> = LazyLock::new(|| FAMILIES.iter().copied().flatten().collect());

/// Name, text and how it is planted, for each of a family.
macro_rules! family {
    ($($name:literal, $text:literal, $plant:expr;)*) => {
        pub(super) static DEFECTS: &[super::list::Defect] =
            &[$(super::list::Defect { name: $name, text: $text, plant: $plant }),*];
    };
}

pub(super) use family;

pub(super) fn without(rules: &mut Rules, name: &str) {
    rules.id_token.retain(|check| check.name != name);
}

/// Puts a wrong check in the place of the right one of its name.
pub(super) fn instead(rules: &mut Rules, check: &'static TokenCheck) {
    without(rules, check.name);
    rules.id_token.push(check);
}

pub(super) fn userinfo_without(rules: &mut Rules, name: &str) {
    rules.userinfo.token.retain(|check| check.name != name);
}

pub(super) fn logout_without(rules: &mut Rules, name: &str) {
    rules.logout_token.retain(|check| check.name != name);
}

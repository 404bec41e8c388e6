//! The list of all defects.

use std::sync::LazyLock;

use super::family::Defect;
use super::{account, authorization, id_token, improvement, logout, provider, session, settings, token, userinfo};
use crate::reference::rules::Rules;

/// The families, in the order of a sign-in.
static FAMILIES: &[&[Defect]] = &[
    settings::FAMILY,
    session::FAMILY,
    provider::FAMILY,
    authorization::FAMILY,
    token::FAMILY,
    id_token::FAMILY,
    userinfo::FAMILY,
    account::FAMILY,
    logout::FAMILY,
];

/// All of them.
pub static DEFECTS: LazyLock<Vec<&'static Defect>> = LazyLock::new(|| FAMILIES.iter().copied().flatten().collect());

/// What is no defect, but differs from Immich.
pub fn improvements() -> &'static [Defect] {
    improvement::FAMILY
}

/// Plants a defect or an improvement. Returns whether there is one of that
/// name.
pub fn plant(rules: &mut Rules, name: &str) -> bool {
    let mut all = DEFECTS.iter().copied().chain(improvements());
    all.find(|defect| defect.name == name).map(|defect| (defect.plant)(rules)).is_some()
}

//! The list of all defects.

use std::sync::LazyLock;

use super::family::Defect;
use super::{account, authorization, id_token, logout, provider, settings, token, userinfo};

/// The families, in the order of a sign-in.
static FAMILIES: &[&[Defect]] = &[
    settings::FAMILY,
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

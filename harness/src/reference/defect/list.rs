//! The list of all defects.

use std::sync::LazyLock;

use super::family::Defect;
use super::{account, authorization, id_token, logout, provider, settings, token, userinfo};

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

//! Known attacks on relying parties, and the scenarios that show whether a
//! server withstands them.
//!
//! [`ATTACKS`] lists them, [`page`] makes `docs/attacks.md`. Field failures and
//! the tests of other suites are in [`crate::checklist`].

mod list;
mod page;
mod row;

pub use list::ATTACKS;
pub use page::{page, unknown_scenarios};
pub use row::{Attack, Literature, Shown};

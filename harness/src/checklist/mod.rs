//! What the catalogue is held against: lists of things that scenarios should
//! show, each from a source outside this project.
//!
//! Scenario files name the rows that they stand for; a row that no scenario
//! names says why. [`crate::coverage`] shows both ways.

mod deviations;
mod end_to_end;
mod field_failures;
mod list;
mod modules;
mod row;

pub use deviations::DEVIATIONS;
pub use end_to_end::END_TO_END;
pub use field_failures::FIELD_FAILURES;
pub use list::LISTS;
pub use modules::MODULES;
pub use row::{List, Row};

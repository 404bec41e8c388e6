//! What can be expected of a step: one file per section of the evidence, and
//! the list of them.
//!
//! After a step, the sections that the scenario asks about gather *evidence*,
//! a JSON document. Judging is pure: each expectation is a path into the
//! evidence and a [`Matcher`] for what stands there. A new section is a file
//! beside this one and a line in the list.

mod account;
mod accounts;
mod condition;
mod cookies;
pub mod ending;
mod evidence;
mod expected;
mod found;
mod list;
mod matcher;
mod outcome;
mod provider_saw;
mod redirect;
mod response;
mod section;
mod sessions;
mod table;
mod value;

pub use condition::Condition;
pub use evidence::{Before, Evidence, Scene};
pub use expected::{Check, Expected};
pub use found::{found, seen, steady_text};
pub use list::{SECTIONS, gather, schema};
pub use matcher::{Found, KEYWORDS, Matcher, Mismatch, WrongOperand, meaning};
pub use outcome::{OUTCOMES, REFUSALS, SUCCESSES};
pub use provider_saw::endpoint_name;
pub use section::Section;
pub use table::kind_of;
pub use value::ValueKind;

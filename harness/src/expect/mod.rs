//! What can be expected of a step: one file per section of the evidence, and
//! the list of them.
//!
//! After a step, [`look`] asks the target what the sections that the scenario
//! asks about tell of. The rest is pure: a section makes *evidence* of it, a
//! JSON document, by a table of what stands where; each expectation is a path
//! into the evidence and a [`Matcher`] for what stands there. A new section is
//! a file beside this one and a line in the list.

mod account;
mod account_change;
mod accounts;
mod answer_rule;
mod condition;
mod contradiction;
mod cookies;
mod either;
pub mod ending;
mod evidence;
mod expected;
mod found;
mod list;
mod look;
mod matcher;
mod outcome;
mod own_problem;
mod provider_saw;
mod redirect;
mod response;
mod section;
mod seen;
mod sessions;
mod table;
mod value;

pub use answer_rule::{ALIVE, ANSWER_RULES, AnswerRule, CONTENT_TYPE, CROSS_ORIGIN, SECRETS, SESSION_COOKIES};
pub use condition::Condition;
pub use either::{EITHER, TEXT as ALTERNATIVES};
pub use evidence::Evidence;
pub use expected::{Check, Expected};
pub use found::{found, seen, steady_text, steady_words};
pub use list::{SECTIONS, evidence_schema, kind_of, schema};
pub use look::{Before, Scene, look};
pub use matcher::{Found, KEYWORDS, Matcher, Mismatch, WrongOperand, meaning};
pub use outcome::{BUT_WITH_SESSION, OUTCOMES, REFUSALS, SUCCESSES, UNANSWERED};
pub use own_problem::OwnProblem;
pub use provider_saw::endpoint_name;
pub use section::Section;
pub use seen::{ForeignOwner, Seen};
pub use sessions::ODD_SESSION;
pub use value::ValueKind;

//! What things are: every word that scenario files, reports and the command
//! line use, for people who do not know OpenID Connect by heart.
//!
//! Words are read off the lists that they come from; nothing is written a
//! second time. Messages of servers have tables of their own, in
//! `crate::message`.
//! Printing is for the command line.

mod check;
mod expectation;
mod explanation;
mod glossary;
mod key;
mod page;
mod profile;
mod quirk;
mod requirement;
mod result;
mod scenario;
mod search;
mod setting;
mod story;
mod table;

pub use crate::message::{Library, Recognised, page as messages_page};
pub use explanation::{Category, Explanation, HeadedText};
pub use page::page as reference_page;
pub use profile::{page as profiles_page, profiles};
pub use quirk::page as quirks_page;
pub use scenario::case;
pub use search::{entries, find};
pub use story::story;

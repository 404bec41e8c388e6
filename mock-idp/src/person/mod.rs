//! What a person meets at the provider: the page to sign in, what they type
//! there, and who may come in at all.
//!
//! The authorization endpoint shows it where a person is served. What a
//! person can see and change besides is for [`crate::by_hand`], which takes its
//! pages' look from here.

pub(crate) mod access;
mod browser_cookie;
mod end_user_table;
pub(crate) mod page;
mod sign_in;
mod sign_in_page;

pub(crate) use end_user_table::{EndUserTable, table};
pub(crate) use sign_in::{Outcome, Visit, receive};

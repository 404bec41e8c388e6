//! What a person meets at the provider: the page to sign in, what they type
//! there, and who may come in at all.
//!
//! The authorization endpoint shows it where a person is attended to. What a
//! person can see and change besides is for [`crate::by_hand`], which takes its
//! pages' look from here.

mod browser_cookie;
pub(crate) mod door;
pub(crate) mod page;
mod sign_in;
mod sign_in_page;
mod written;

pub(crate) use sign_in::{Outcome, Visit, receive};
pub(crate) use written::{Written, written};

//! The provider as it serves a person, from outside: the sign-in page, the
//! inspector and the control API.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod anything;
mod control;
mod index_page;
mod inspector;
mod person;
mod sign_in_page;

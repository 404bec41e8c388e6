//! Tells whether a photo server signs people in the way Immich does and the
//! way OpenID Connect demands, and shows exactly where it does not.
//!
//! A [`scenario`] says what happens and what must be seen; [`step`] does it on
//! a [`stage`] and [`expect`] looks; [`runner`] plays scenarios against a
//! server through the adapter in [`immich`], in the light of a [`baseline`],
//! with a `mock_idp` provider behind it and a [`user_agent`] in between, and
//! the [`guard`] leaves the target as it was; [`report`] shows what came of it,
//! and [`explain`] says what all the words mean. The [`mod@reference`] server is
//! a target that does everything right, unless a defect is planted in it; it
//! decides on what a [`relying_party`] finds.
//!
//! The [`doctor`] looks at a real provider as a server will use it, and says what to
//! change.
//!
//! [`redaction`] labels secrets in everything that the harness writes.
//!
//! For authors there are [`template`]s to begin with, the house style
//! ([`formatter`]), and one look for every complaint
//! ([`diagnostic`]); [`coverage`] holds the catalogue against [`checklist`]s
//! and known [`attack`]s from elsewhere. Files are read as a [`document`], in which every value
//! knows its place. [`cli`] is all that the binary has besides, and alone
//! prints. [`cargo_test()`] is for the tests of a server's own repository.

pub mod address;
pub mod attack;
pub mod baseline;
mod cargo_test;
pub mod checklist;
pub mod cli;
pub mod client_limit;
mod constant_time;
pub mod coverage;
pub mod deviation_table;
pub mod diagnostic;
pub mod dialect_file;
pub mod doctor;
pub mod document;
mod escape;
pub mod exchange;
pub mod exit_code;
pub mod expect;
pub mod explain;
mod folder;
pub mod formatter;
pub mod guard;
pub mod http_client;
pub mod immich;
mod invocation;
pub mod level;
mod message;
mod paragraph;
pub mod placeholder;
mod plural;
pub mod redaction;
pub mod reference;
pub mod relying_party;
pub mod report;
pub mod runner;
pub mod scenario;
mod set_cookie;
pub mod severity;
pub mod stage;
pub mod step;
pub mod table_schema;
pub mod template;
pub mod user_agent;

pub use cargo_test::{CargoTest, cargo_test};

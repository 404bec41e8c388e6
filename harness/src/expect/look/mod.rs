//! Asks the target and reads the provider's journal, before and after a step.
//! The sections turn the answers into evidence, without I/O.

mod account;
mod after;
mod reaction;
mod scene;

pub use after::look;
pub use scene::{Before, Scene};

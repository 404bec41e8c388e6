//! What the steps of one scenario share: the [`World`], what they leave behind
//! for each other, and their observations.
//!
//! [`crate::step`] performs the steps; [`crate::expect`] checks their results.

mod browser;
mod client;
mod memory;
mod observation;
mod sent;
mod world;

pub use client::Client;
pub use memory::{Memories, Memory};
pub use observation::{Kind, Observation, StepError};
pub use sent::Sent;
pub use world::{World, WorldParts};

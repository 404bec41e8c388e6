//! What the steps of one scenario share: the [`World`], what they leave behind
//! for each other, and their observations.
//!
//! [`crate::step`] performs the steps; [`crate::expect`] checks their results.

mod client;
mod credentials;
mod memory;
mod observation;
mod world;

pub use client::Client;
pub use memory::{Memories, Memory};
pub use observation::{Kind, Observation, Sent, StepError};
pub use world::{World, WorldParts};

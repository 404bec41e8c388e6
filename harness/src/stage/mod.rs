//! What the steps of one scenario share: the [`World`] that they play in, what
//! they leave behind for each other, and what came of them.
//!
//! What a step does in it is for [`crate::step`]; whether what came of it is
//! right, for [`crate::expect`].

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

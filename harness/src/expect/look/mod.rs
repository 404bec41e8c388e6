//! Looks at the target after a step, and notes beforehand what a step might
//! change. All of this asks the target or the provider's journal; what follows
//! from it is pure, and for the sections.

mod account;
mod after;
mod before;
mod reaction;
mod scene;
mod sessions;

pub use after::look;
pub use before::Before;
pub use scene::Scene;

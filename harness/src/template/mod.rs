//! What new scenario files begin as: one commented file of each kind that
//! passes as it stands, so that authors change something that works.

mod filled;
mod kind;

pub use filled::{Subject, write};
pub use kind::TemplateKind;

//! Scenario files: what they may say, what they mean, what is wrong with
//! them. Data only; playing them is for [`crate::runner`].

mod catalogue;
pub mod citation;
mod decode;
pub mod document;
pub mod end_user;
mod file;
mod files;
mod level;
pub mod placeholder;
pub mod provider;
pub mod schema;
mod shape;
mod validation;

pub use catalogue::{Catalogue, Filter, Inventory, Shard};
pub use file::{Broken, Case, Play, Scenario, test_name};
pub use files::{CatalogueError, is_scenario, read_files};
pub use level::Level;
pub use shape::{ProviderShape, Requires, Shape, named_settings};

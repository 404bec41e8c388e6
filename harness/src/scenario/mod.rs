//! Scenario files: what they may say, what they mean, what is wrong with
//! them. Data only; playing them is for [`crate::runner`].

mod catalogue;
pub mod citation;
mod file;
mod files;
mod inventory;
pub mod provider;
pub mod schema;
mod shape;
mod validation;

pub use catalogue::{Catalogue, Filter, Shard};
pub use file::{Case, Play, Scenario, test_name};
pub use files::{CatalogueError, Files, is_among_baselines, is_scenario, read_files, scenario_files};
pub use inventory::Inventory;
pub use provider::ProviderShape;
pub use shape::{Requires, Shape};
pub use validation::USUAL_CLAIMS;

pub use crate::diagnostic::Broken;

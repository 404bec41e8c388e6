//! Scenario files: what they may say, what they mean, what is wrong with
//! them. Data only; playing them is for [`crate::runner`].

mod cases;
mod catalogue;
pub mod citation;
mod control;
mod file;
mod file_keys;
mod files;
mod filter;
mod inventory;
mod play;
mod proof;
pub mod provider;
mod quirk_use;
pub mod schema;
mod shard;
mod tag;
mod validation;

pub use catalogue::{Catalogue, Keep};
pub use file::{Case, ListedTest, Scenario, scenario_name, test_name};
pub use file_keys::{Requires, Shape};
pub use files::{CatalogueError, Files, is_among_baselines, read_files, scenario_files};
pub use filter::{Choice, Filter, Glob, Unmatched};
pub use inventory::Inventory;
pub use play::Play;
pub use provider::ProviderShape;
pub use quirk_use::quirk_uses;
pub use shard::Shard;
pub use tag::{PUBLIC_TAGS, PublicTag};
pub use validation::{USUAL_CLAIMS, problem_fault};

pub use crate::diagnostic::Broken;

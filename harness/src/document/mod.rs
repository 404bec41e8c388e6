//! A TOML file, read with its places: as a tree in which every key and value
//! knows where it stands, and as typed values with *all* that is wrong with
//! their form. What a file means is for [`crate::scenario`] and
//! [`crate::baseline`].

mod deserializer;
mod file_format;
mod invalid_toml;
mod mistake;
mod node;
mod reading;

pub use file_format::FileFormat;
pub(crate) use invalid_toml::invalid_toml;
pub(crate) use mistake::in_words;
pub(crate) use node::path;
pub use node::{Content, Entry, Node, Segment, Table};
pub(crate) use reading::{lacks, mended, read};

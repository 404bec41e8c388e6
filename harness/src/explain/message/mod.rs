//! Messages that people meet when sign-in fails, with cause and remedy.
//!
//! The tables beside this file hold the messages; here they are read, found in
//! what people paste, and told. Where a message comes from stands in its row.
//! What a word of scenario files means is told by the modules beside this one.

mod alignment;
mod library;
mod likeness;
mod page;
mod row;
mod words;

pub use library::{Library, Recognised};
pub use page::page;

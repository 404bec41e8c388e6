//! Messages that people meet when sign-in fails, with cause and remedy.
//!
//! The tables beside this file hold the messages; here they are read, found in
//! what people paste, and explained. The row of a message names its origin.
//! The modules beside this one explain the words of scenario files.

mod alignment;
mod library;
mod likeness;
mod page;
mod row;
mod words;

pub use library::{Library, Recognised};
pub use page::page;

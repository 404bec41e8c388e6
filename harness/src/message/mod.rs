//! Messages that people meet when sign-in fails, with cause and remedy.
//!
//! The tables beside this file hold the messages; here they are read, found in
//! what people paste, and explained. The row of a message names its origin.
//! Words of scenario files are for [`crate::explain`].

mod alignment;
mod page;
mod pasted_text;
mod row;
mod spelling;
mod words;

pub use page::page;
pub use pasted_text::{Library, Recognised};

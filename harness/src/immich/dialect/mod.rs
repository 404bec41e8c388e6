//! What a server with another contract than Immich's calls the same things, as
//! data. The rest of the harness speaks as to Immich: requests are translated
//! on their way out, and answers on their way in.
//!
//! A dialect only translates. What the server does not do stays a failure. A
//! file with one is read by [`crate::dialect_file`].

mod callback;
mod conversation;
mod file_keys;
mod settings;

pub use file_keys::{
    CallbackMembers, Dialect, ErrorMembers, MetadataAddress, SectionNames, SettingNames, StatusMeaning, schema,
};

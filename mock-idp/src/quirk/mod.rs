//! Named deviations: one row per quirk, one file per family, one list.
//!
//! A row says what the quirk is (the text that `explain` and the schema show),
//! which requirement it breaks, which members of which messages it touches,
//! and by which operation. To add a quirk, write its row. Together with
//! overlays they are [`Deviations`], which the gate applies.

mod application;
mod authorization_response;
mod claim_shapes;
mod claims;
mod conflict;
mod definition;
mod deviations;
mod discovery;
mod end_session;
mod endpoints;
mod error;
mod issuer;
mod key_set;
mod list;
mod logout_token;
mod metadata;
mod notation;
mod operation;
mod overlay;
mod parameter;
mod picture;
mod request;
mod scene;
mod signature;
mod token_response;
mod transport;
mod userinfo;

pub use definition::{Quirk, Touch};
pub use deviations::Deviations;
pub use error::{Conflict, QuirkError};
pub use list::{QUIRKS, quirk};
pub(crate) use notation::written;
#[cfg(test)]
pub(crate) use operation::Operation;
pub use overlay::{Overlay, OverlayError};
pub use parameter::{Argument, Parameter};
pub use scene::{Keys, Scene};

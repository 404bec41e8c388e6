//! Named deviations: one static per quirk, one file per family, one list.
//!
//! A quirk says what it is (the text that `explain` and the schema show),
//! which requirement it breaks, which members of which messages it touches,
//! and how. To add one, write its static and name it in [`QUIRKS`]. Together
//! with overlays they are [`Deviations`], which the gate applies.

mod answer;
mod audience;
mod authorization;
mod authorization_code;
mod authorization_request;
mod availability;
mod binding;
mod claims;
mod definition;
mod deviations;
mod discovery;
mod end_session;
mod endpoints;
mod form;
mod header;
mod issuer;
mod issuer_claim;
mod issuer_identification;
mod jwks;
mod keys;
mod list;
mod logout_claims;
mod logout_signature;
mod logout_token;
mod metadata;
mod overlay;
mod parameter;
mod payload;
mod picture;
mod pkce;
mod response_mode;
mod scene;
mod signature;
mod subject;
mod time;
mod token;
mod token_member;
mod token_request;
mod transport;
mod userinfo;
mod userinfo_token;
mod value;

pub use definition::{Quirk, Touch};
pub use deviations::{Conflict, Deviations, QuirkError};
pub use list::{QUIRKS, quirk};
pub use overlay::{Overlay, OverlayError};
pub use parameter::{Argument, Parameter};
pub use scene::{Keys, Scene};

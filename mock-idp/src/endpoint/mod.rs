//! The endpoints of an issuer. They build honest drafts, pass them through the
//! gate and leave the rest to [`dispatch`].

mod absent_member;
mod authorization;
mod authorization_delivery;
mod authorization_request;
mod client_assertion;
mod cross_origin;
mod dispatch;
mod end_session;
mod exchange;
mod gate;
mod id_token_hint;
#[cfg(feature = "by-hand")]
mod interactive_authorization;
mod prompt;
mod published;
mod response;
mod token;
mod token_verdict;
mod userinfo;

pub(crate) use dispatch::{answer, note_refusal};

//! The endpoints of an issuer. They build honest drafts, pass them through the
//! gate and leave the rest to [`exchange`].

mod absent_member;
mod authorization;
mod end_session;
mod exchange;
mod id_token_hint;
mod published;
mod response;
mod sign_in;
mod token;
mod token_verdict;
mod userinfo;

pub(crate) use exchange::{answer, note_refusal};

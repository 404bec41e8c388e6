//! The endpoints of an issuer. They build honest drafts, pass them through the
//! gate and leave the rest to [`dispatch`].

mod absent_member;
mod authorization;
mod dispatch;
mod end_session;
mod exchange;
mod gate;
mod id_token_hint;
mod published;
mod response;
mod sign_in;
mod token;
mod token_verdict;
mod userinfo;

pub(crate) use dispatch::{answer, note_refusal};

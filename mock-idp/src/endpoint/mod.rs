//! The endpoints of an issuer, one file each. They build honest drafts, pass
//! them through the gate and leave the rest to [`exchange`].

mod absent_member;
mod authorization;
mod discovery;
mod end_session;
mod exchange;
mod foreign_keys;
mod id_token_hint;
mod jwks;
mod picture;
mod response;
mod sign_in;
mod token;
mod token_verdict;
mod userinfo;

pub(crate) use exchange::{answer, note_refusal};

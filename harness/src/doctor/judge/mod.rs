//! The judges of the checks, by what they look at. Pure: each reads the evidence
//! and returns a judgement, or nothing where there is nothing to judge.

mod claims;
mod client;
mod discovery_document;
mod id_token;
mod issuer;
mod keys;
mod probe;
mod reachability;
mod server;
mod sign_in;
mod userinfo;

pub(super) use claims::{ACCOUNT, CLAIMS};
pub(super) use client::{AUTHENTICATION, END_SESSION, PKCE, REDIRECT, SCOPE, TIMEOUT};
pub(super) use discovery_document::{DOCUMENT, ENDPOINTS, FLOW, PROFILE_ALGORITHM, SIGNING_ALGORITHM};
pub(super) use id_token::ID_TOKEN;
pub(super) use issuer::{ISSUER, ISSUER_URL};
pub(super) use keys::KEYS;
pub(super) use reachability::{CLOCK, DISCOVERY, PROVIDER};
pub(crate) use server::PROVIDER_ALONE;
pub(super) use server::{BEGINNING, OFFER, SERVER, SETTINGS};
pub(super) use sign_in::{SIGN_IN, TOKEN_RESPONSE};
pub(super) use userinfo::USERINFO;

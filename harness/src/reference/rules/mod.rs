//! The table of all that the reference server decides: each rule once, with
//! documentation, name, type and honest body, in groups as a sign-in goes.
//!
//! A [`Defect`](super::Defect) alters rules; nothing else does. Who acts on a
//! rule stands in `oauth_client` and `endpoint`.

mod account_claims;
mod api;
mod authorization;
mod declaration;
mod id_token;
mod logout;
mod mobile_override;
mod provider;
mod settings;
mod table;
mod token;
mod token_check;
mod userinfo;

pub use account_claims::{AccountRules, is_unverified, quota, role, role_as_text};
pub use authorization::ResponseRules;
pub use id_token::ForeignKey;
pub use mobile_override::{Override, mobile_override};
pub use provider::{Purpose, Trust};
pub use settings::{COOKIE_LIFETIME, CookieRules};
pub use table::Rules;
pub use token_check::{ALGORITHM, TokenCheck, TokenChecks};
pub use userinfo::Form;

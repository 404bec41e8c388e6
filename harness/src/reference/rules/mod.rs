//! The table of all that the reference server decides: each rule once, with
//! documentation, name, type and honest body, in groups as a sign-in goes.
//!
//! A [`Defect`](super::Defect) alters rules; nothing else does. Who acts on a
//! rule stands in `relying_party` and `endpoint`.

mod account_claims;
mod authorization;
mod declaration;
mod id_token;
mod logout;
mod provider;
mod settings;
mod table;
mod token;
mod userinfo;

pub use account_claims::{AccountRules, quota, role};
pub use authorization::ResponseRules;
pub use settings::{COOKIE_LIFETIME, CookieRules};
pub use table::Rules;
pub use userinfo::Form;

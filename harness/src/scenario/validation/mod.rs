//! What a well-formed scenario can still get wrong: names that refer to
//! nothing, identities of others, quirks that there are not. That it is well
//! formed is for [`crate::document`] to see.

mod citation;
mod deviation;
mod end_user;
mod problem;
mod provider;
mod scenario;
mod setting;
mod step;

pub use end_user::USUAL_CLAIMS;
pub use problem::fault as problem_fault;
pub(super) use scenario::validate;

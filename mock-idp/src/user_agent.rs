//! The user agent of a run, which says in headers as whom it signs in. Nobody
//! types a password here.

/// The secret of the run, or of the provider that serves a person.
pub(crate) const SECRET: &str = "mock-idp-secret";

/// The name of the end-user who signs in.
pub(crate) const END_USER: &str = "mock-idp-end-user";

/// The error with which the end-user says no, such as `access_denied`.
pub(crate) const DENY: &str = "mock-idp-deny";

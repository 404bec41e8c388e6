//! The list of checks, in the order of the report. A new one is a row here and a
//! judge.

use super::check::DoctorCheck;
use super::judge;

/// All checks.
pub static CHECKS: &[&DoctorCheck] = &[
    &judge::SERVER,
    &judge::OFFER,
    &judge::SETTINGS,
    &judge::ISSUER_URL,
    &judge::PROVIDER,
    &judge::DISCOVERY,
    &judge::ISSUER,
    &judge::DOCUMENT,
    &judge::ENDPOINTS,
    &judge::FLOW,
    &judge::SIGNING_ALGORITHM,
    &judge::KEYS,
    &judge::PROFILE_ALGORITHM,
    &judge::AUTHENTICATION,
    &judge::PKCE,
    &judge::SCOPE,
    &judge::REDIRECT,
    &judge::END_SESSION,
    &judge::TIMEOUT,
    &judge::CLOCK,
    &judge::BEGINNING,
    &judge::SIGN_IN,
    &judge::TOKEN_RESPONSE,
    &judge::ID_TOKEN,
    &judge::USERINFO,
    &judge::CLAIMS,
    &judge::ACCOUNT,
];

/// Returns the check of that name.
pub fn check(name: &str) -> Option<&'static DoctorCheck> {
    CHECKS.iter().copied().find(|check| check.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_causes_are_unique() {
        let names: BTreeSet<_> = CHECKS.iter().map(|check| check.name).collect();
        let causes: Vec<_> = CHECKS.iter().flat_map(|check| check.causes).map(|(cause, _)| *cause).collect();
        assert_eq!(names.len(), CHECKS.len());
        assert_eq!(causes.iter().collect::<BTreeSet<_>>().len(), causes.len());
        assert!(check("issuer").is_some() && check("nonsense").is_none());
    }
}

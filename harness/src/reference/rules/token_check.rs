//! Checks of the header and the claims of a JWT, each with a name by which a
//! defect can leave it out or put another in its place. Here are those that
//! several kinds of token have alike; the lists are with the rules.

use crate::relying_party::{Comparison, MemberType, TokenFindings};

/// Clocks may differ by this many seconds.
pub const TOLERANCE: f64 = 30.0;

/// One named check.
pub struct TokenCheck {
    pub name: &'static str,
    pub holds: fn(&TokenFindings<'_>) -> bool,
}

impl std::fmt::Debug for TokenCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What one kind of token must pass; by default nothing.
#[derive(Debug, Clone, Default)]
pub struct TokenChecks {
    named: Vec<&'static TokenCheck>,
    /// Whether its signature is verified.
    pub signature: bool,
}

impl TokenChecks {
    /// These, and the signature.
    pub fn new(named: &[&'static TokenCheck]) -> Self {
        Self { named: named.to_vec(), signature: true }
    }

    /// Whether header and claims pass.
    pub fn hold(&self, token: &TokenFindings<'_>) -> bool {
        self.named.iter().all(|check| (check.holds)(token))
    }

    /// Adds one.
    pub fn add(&mut self, check: &'static TokenCheck) {
        self.named.push(check);
    }

    /// Leaves out the one of this name.
    pub fn leave_out(&mut self, name: &str) {
        self.named.retain(|check| check.name != name);
    }

    /// Puts one in the place of that of its name.
    pub fn replace(&mut self, check: &'static TokenCheck) {
        self.leave_out(check.name);
        self.add(check);
    }
}

/// The one algorithm that was agreed on (RFC 8725 §3.1).
pub static ALGORITHM: TokenCheck =
    TokenCheck { name: "algorithm", holds: |token| token.algorithm == Comparison::AsExpected };

/// No extension is understood (RFC 7515 §4.1.11).
pub static CRITICAL: TokenCheck = TokenCheck { name: "critical", holds: |token| token.critical == MemberType::Absent };

pub static TYPE: TokenCheck = TokenCheck { name: "type", holds: |token| !token.is_another_kind };

pub static ISSUER: TokenCheck = TokenCheck { name: "issuer", holds: |token| token.issuer == Comparison::AsExpected };

pub static AUDIENCE: TokenCheck = TokenCheck { name: "audience", holds: |token| token.audience.names_client };

pub static ISSUED_AT: TokenCheck = TokenCheck { name: "issued-at", holds: |token| token.issued_at.is_time() };

pub static HAS_EXPIRY: TokenCheck = TokenCheck { name: "has-expiry", holds: |token| token.expiry.is_time() };

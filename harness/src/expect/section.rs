//! A section of the evidence, and the table of its members. A row has a
//! member's name, the kind of its value, and how to read it from what was seen.

use serde_json::{Value, json};

use super::seen::{Looked, Seen};
use super::value::{ValueKind, Values};

/// A section of the evidence, as scenario authors see it.
#[derive(Debug)]
pub struct Section {
    /// The first key of a path into it.
    pub name: &'static str,
    /// What it looks at.
    pub text: &'static str,
    /// Where the harness looks for it.
    pub(super) look: Look,
    /// The names for which the first `*` of a path stands; any if there are
    /// none.
    pub(super) names: &'static [&'static str],
    /// Returns what kind of value stands where below it.
    pub(super) values: fn() -> Values,
    /// Returns, as a clause, what the evidence of this section lacks, if a path
    /// below it leads into that: then no matcher holds, not even `not` and
    /// `absent`.
    pub(super) lacks: fn(&Value, &[&str]) -> Option<&'static str>,
    /// Returns its evidence.
    pub(super) evidence: fn(&Seen<'_>) -> Looked<Value>,
}

/// What the evidence lacks where the target did not answer.
pub(super) const NO_ANSWER: &str = "the server did not answer";

/// Where the harness looks after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing: the outcome of the step is enough.
    Nothing,
    /// What its session tokens are good for, and whether it changed accounts.
    Outcome,
    /// The account of the step's end-user.
    Account,
    /// How many accounts are new or differ.
    Accounts,
    /// Whether the sessions of earlier steps still work.
    Sessions,
    /// What came to the provider.
    Requests,
    /// What came to the second provider.
    OtherRequests,
}

impl Section {
    /// Returns whether it can be looked at without an administrator's key and a
    /// provider.
    pub const fn is_in_the_open(&self) -> bool {
        matches!(self.look, Look::Nothing | Look::Outcome)
    }

    /// Returns the kinds of value below it, by path; the first path that fits
    /// counts.
    pub fn values(&self) -> Values {
        (self.values)()
    }

    /// Returns the keys below it; `*` where any will do, none where it is a
    /// plain value.
    pub fn members(&self) -> Vec<&'static str> {
        let values = self.values();
        let keys = values.iter().map(|(path, _)| path.split('.').next().unwrap_or_default());
        let (any, named): (Vec<_>, Vec<_>) = keys.filter(|key| !key.is_empty()).partition(|key| *key == "*");
        let any = if self.names.is_empty() { any } else { self.names.to_vec() };
        let mut members: Vec<&str> = Vec::new();
        for key in any.into_iter().chain(named) {
            if !members.contains(&key) {
                members.push(key);
            }
        }
        members
    }
}

/// A path below a section, in which `*` is any key; the kind of value that
/// stands there; and how it is read off what was seen.
pub(super) struct MemberRow<T: 'static>(
    pub(super) &'static str,
    pub(super) ValueKind,
    pub(super) fn(&T) -> Option<Value>,
);

impl<T> MemberRow<T> {
    /// What another row brings along.
    pub(super) const fn within(path: &'static str, kind: ValueKind) -> Self {
        Self(path, kind, |_| None)
    }
}

/// Returns paths and kinds of a table.
pub(super) fn kinds<T>(rows: &[MemberRow<T>]) -> Values {
    rows.iter().map(|MemberRow(path, kind, _)| (*path, *kind)).collect()
}

/// Returns what a table reads off what was seen. The keys for which `*` stands
/// are in the values.
pub(super) fn told_of<T>(rows: &[MemberRow<T>], seen: &T) -> Value {
    let mut told = json!({});
    for MemberRow(path, _, value) in rows {
        if let Some(value) = value(seen) {
            let names = path.split('.').filter(|name| *name != "*");
            *names.fold(&mut told, |place, name| &mut place[name]) = value;
        }
    }
    told
}

/// Returns `object` with the members of `more`.
pub(super) fn joined(object: Value, more: Value) -> Value {
    match (object, more) {
        (Value::Object(mut object), Value::Object(more)) => {
            object.extend(more);
            Value::Object(object)
        }
        (_, more) => more,
    }
}

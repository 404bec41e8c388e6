//! The account of the step's end-user at the target.

use serde_json::{Value, json};

use super::section::{Look, MemberRow, Section, joined, kinds, told_of};
use super::seen::{OwnAccount, evidence_of};
use super::value::ValueKind::{self, Switch, Text};
use crate::immich::{ACCOUNT_MEMBERS, ACCOUNT_TEXT};

pub(super) static SECTION: Section = Section {
    name: "account",
    text: ACCOUNT_TEXT,
    look: Look::Account,
    names: &[],
    values: || {
        let told = ACCOUNT_MEMBERS.iter().map(|(name, kind)| (*name, ValueKind::of(*kind)));
        kinds(EXISTENCE).into_iter().chain(told).chain(kinds(IDENTITY)).collect()
    },
    lacks: |account, below| {
        let has_account = account.get("exists") == Some(&Value::Bool(true));
        (!has_account && !matches!(below, [] | ["exists"])).then_some("the end-user has no account")
    },
    evidence: |seen| {
        evidence_of(&seen.account, |own| {
            let told = own.account.as_ref().map_or_else(|| json!({}), |account| account.document.clone());
            joined(joined(told, told_of(EXISTENCE, own)), told_of(IDENTITY, own))
        })
    },
};

/// The members before those in the server's answer.
const EXISTENCE: &[MemberRow<OwnAccount>] = &[MemberRow("exists", Switch, |own| Some(own.account.is_some().into()))];

/// What stands after it.
const IDENTITY: &[MemberRow<OwnAccount>] = &[MemberRow("same-as", Text, |own| {
    own.account.as_ref().map(|_| own.same_as.iter().map(|id| Value::from(id.as_str())).collect())
})];

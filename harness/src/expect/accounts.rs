//! Accounts made or changed since the step began.

use super::account_change::AccountChange;
use super::section::{Look, MemberRow, Section, kinds, told_of};
use super::seen::evidence_of;
use super::value::ValueKind;

pub(super) static SECTION: Section = Section {
    name: "accounts",
    text: "How many accounts the target has created (`created`) or changed (`changed`) since the step began.",
    look: Look::Accounts,
    names: &[],
    values: || kinds(ROWS),
    lacks: |_, _| None,
    evidence: |seen| evidence_of(&seen.accounts, |change| told_of(ROWS, change)),
};

const ROWS: &[MemberRow<AccountChange>] = &[
    MemberRow("created", ValueKind::Number, |change| Some(change.created.into())),
    MemberRow("changed", ValueKind::Number, |change| Some(change.changed.into())),
];

//! Accounts made or changed since the step began.

use serde_json::{Value, json};

use super::evidence::Scene;
use super::list::Section;
use super::value::ValueKind;
use crate::target::Account;

pub(super) static SECTION: Section = Section {
    name: "accounts",
    text: "How many accounts were made (`created`) or changed (`changed`) at the target since the step began.",
    members: &["created", "changed"],
    values: &[("created", ValueKind::Number), ("changed", ValueKind::Number)],
    is_there: |_, _| true,
};

pub(super) async fn gather(scene: &mut Scene<'_>) -> Value {
    let Some(before) = &scene.before.accounts else { return Value::Null };
    let Ok(after) = scene.accounts().await else { return Value::Null };
    let (created, changed) = difference(before, &after);
    json!({ "created": created, "changed": changed })
}

/// Members that move by themselves and say nothing about identity.
const RESTLESS: &[&str] = &["updatedAt", "quotaUsageInBytes", "status", "deletedAt"];

/// How many accounts of `after` are new, and how many differ.
pub(super) fn difference(before: &[Account], after: &[Account]) -> (usize, usize) {
    let settled = |account: &Account| {
        let mut document = account.document.clone();
        if let Value::Object(members) = &mut document {
            members.retain(|name, _| !RESTLESS.contains(&name.as_str()));
        }
        document
    };
    let mut created = 0;
    let mut changed = 0;
    for account in after {
        match before.iter().find(|known| known.id == account.id) {
            None => created += 1,
            Some(known) if settled(known) != settled(account) => changed += 1,
            Some(_) => {}
        }
    }
    (created, changed)
}

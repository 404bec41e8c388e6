//! Accounts made or changed since the step began.

use serde_json::{Value, json};

use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::{Account, TargetError};

pub(super) static SECTION: Section = Section {
    name: "accounts",
    text: "How many accounts were made (`created`) or changed (`changed`) at the target since the step began.",
    members: &["created", "changed"],
    values: &[("created", ValueKind::Number), ("changed", ValueKind::Number)],
    is_there: |_, _| true,
};

pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    let Some(before) = &scene.before.accounts else { return Ok(Value::Null) };
    let after = scene.accounts().await?;
    let (created, changed) = difference(before, &after, &scene.run());
    Ok(json!({ "created": created, "changed": changed }))
}

/// How many accounts of `after` are new, and how many differ. Those of earlier
/// plays are on their way out; only of the play whose identities carry `run`
/// does it count that one was put into the bin, or taken out.
pub(super) fn difference(before: &[Account], after: &[Account], run: &str) -> (usize, usize) {
    let settled = |account: &Account| account.settled(account.carries(run));
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn account(email: &str, status: &str, at: &str) -> Account {
        let document = json!({"id": email, "email": email, "oauthId": "", "status": status, "updatedAt": at});
        let Ok(account) = Account::of(document) else { unreachable!("it has an id and an email") };
        account
    }

    #[rstest]
    #[case("abcdefgh-00002", "active", "active", (0, 0))]
    #[case("abcdefgh-00002", "deleted", "active", (0, 1))]
    #[case("abcdefgh-00002", "active", "deleted", (0, 1))]
    #[case::of_an_earlier_play("abcdefgh-00001", "deleted", "active", (0, 0))]
    fn being_taken_out_of_the_bin_is_a_change(
        #[case] email: &str,
        #[case] before: &str,
        #[case] after: &str,
        #[case] expected: (usize, usize),
    ) {
        let (before, after) = ([account(email, before, "1")], [account(email, after, "2")]);
        assert_eq!(difference(&before, &after, "abcdefgh-00002"), expected);
    }

    #[test]
    fn one_that_was_not_there_is_new() {
        assert_eq!(difference(&[], &[account("a", "active", "1")], "abcdefgh-00002"), (1, 0));
    }
}

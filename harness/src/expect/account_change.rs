//! The changes of accounts since a step began.

use crate::immich::Account;

/// How many accounts were made, and how many changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct AccountChange {
    /// How many are new.
    pub(super) created: usize,
    /// How many differ.
    pub(super) changed: usize,
}

impl AccountChange {
    /// Returns how `after` differs from `before`. A move to or from the trash
    /// counts only for accounts of the play `run`: the harness still deletes
    /// those of earlier plays.
    pub(super) fn between(before: &[Account], after: &[Account], run: &str) -> Self {
        let settled = |account: &Account| account.settled(account.carries(run));
        let mut change = Self::default();
        for account in after {
            match before.iter().find(|known| known.id == account.id) {
                None => change.created += 1,
                Some(known) if settled(known) != settled(account) => change.changed += 1,
                Some(_) => {}
            }
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

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
        let AccountChange { created, changed } = AccountChange::between(&before, &after, "abcdefgh-00002");
        assert_eq!((created, changed), expected);
    }

    #[test]
    fn one_that_was_not_there_is_new() {
        let change = AccountChange::between(&[], &[account("a", "active", "1")], "abcdefgh-00002");
        assert_eq!(change, AccountChange { created: 1, changed: 0 });
    }
}

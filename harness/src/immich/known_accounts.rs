//! Accounts that a list of accounts must hold: a list without them is not
//! whole, so that what it lacks is not gone.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::{Account, TargetError};

/// What is known of a server's accounts without its list. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownAccounts {
    /// The id of the owner of the key, if the server named it.
    pub(super) owner: Arc<OnceCell<Option<String>>>,
    /// The ids of those that were made here and not deleted here since.
    made: Arc<Mutex<BTreeSet<String>>>,
}

impl KnownAccounts {
    /// The server made an account with this id.
    pub(super) fn made(&self, id: &str) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
    }

    /// This account may be gone from here on.
    pub(super) fn deleting(&self, id: &str) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// The ids of accounts that were made and not deleted.
    pub(super) fn standing(&self) -> BTreeSet<String> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The list, if it holds the owner of the key and the accounts that were
/// `made`. If the server does not name the owner, who is an administrator,
/// it must hold any administrator.
pub(super) fn whole(
    list: Vec<Account>,
    owner: Option<&str>,
    made: &BTreeSet<String>,
) -> Result<Vec<Account>, TargetError> {
    let lacks = |found: String| Err(TargetError::Unreadable { what: "list of accounts", found });
    let holds = |id: &str| list.iter().any(|account| account.id == id);
    match owner {
        Some(owner) if !holds(owner) => return lacks("it does not contain the owner of the API key".to_owned()),
        None if !list.iter().any(Account::is_administrator) => {
            return lacks("it lists no administrator, although the API key belongs to one".to_owned());
        }
        _ => {}
    }
    match made.iter().find(|id| !holds(id)) {
        Some(id) => lacks(format!("it does not contain the account {id}, which the run created")),
        None => Ok(list),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn account(id: &str, admin: bool) -> Account {
        let document = json!({"id": id, "email": "a@b.test", "oauthId": "", "isAdmin": admin});
        Account { id: id.to_owned(), email: "a@b.test".to_owned(), oauth_id: String::new(), document }
    }

    #[rstest]
    #[case::empty(&[], None, &[], Some("it lists no administrator, although the API key belongs to one"))]
    #[case::without_the_owner(&[("2", true)], Some("1"), &[], Some("it does not contain the owner of the API key"))]
    #[case::without_administrators(
        &[("2", false)],
        None,
        &[],
        Some("it lists no administrator, although the API key belongs to one")
    )]
    #[case::cut_off(&[("1", true)], Some("1"), &["2"], Some("it does not contain the account 2, which the run created"))]
    #[case::whole(&[("1", true), ("2", false)], Some("1"), &["2"], None)]
    #[case::whole_as_far_as_is_known(&[("1", true)], None, &[], None)]
    fn a_list_without_accounts_that_there_are_is_not_whole(
        #[case] list: &[(&str, bool)],
        #[case] owner: Option<&str>,
        #[case] made: &[&str],
        #[case] expected: Option<&str>,
    ) {
        let list = list.iter().map(|(id, admin)| account(id, *admin)).collect();
        let made = made.iter().map(|id| (*id).to_owned()).collect();
        let error = whole(list, owner, &made).err().map(|error| error.to_string());
        assert_eq!(
            error,
            expected.map(|found| format!("the harness cannot read the server's list of accounts: {found}"))
        );
    }

    #[test]
    fn what_is_deleted_need_not_be_there() {
        let known = KnownAccounts::default();
        known.made("1");
        known.made("2");
        known.deleting("1");
        assert_eq!(known.standing(), BTreeSet::from(["2".to_owned()]));
    }
}

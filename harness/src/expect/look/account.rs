//! Looks for the account of the step's end-user.

use mock_idp::EndUser;
use serde_json::Value;

use super::scene::Scene;
use crate::expect::seen::{Looked, OwnAccount};
use crate::immich::Account;

/// Returns none for a step without an end-user, which is about no account.
pub(super) async fn account(scene: &mut Scene<'_>) -> Looked<OwnAccount> {
    let Some(name) = scene.observation.end_user.clone() else { return Ok(None) };
    let Ok(user) = scene.world.end_user(&name) else { return Ok(None) };
    let (sub, email) = (user.sub.clone(), email_of(user).map(ToOwned::to_owned));
    let accounts = scene.accounts().await?;
    let account = find(&accounts, &sub, email.as_deref()).cloned();
    let Some(account) = account else { return Ok(Some(OwnAccount { account: None, same_as: Vec::new() })) };
    let others = scene.world.memories.of_others();
    let same = others.filter(|(_, memory)| memory.account.as_ref().is_some_and(|known| known.id == account.id));
    let same_as = same.map(|(id, _)| id.to_owned()).collect();
    scene.world.memories.own().account = Some(account.clone());
    Ok(Some(OwnAccount { account: Some(account), same_as }))
}

/// The email of an end-user, as the provider says it.
pub(super) fn email_of(user: &EndUser) -> Option<&str> {
    user.claims.get("email").and_then(Value::as_str)
}

fn find<'a>(accounts: &'a [Account], sub: &str, email: Option<&str>) -> Option<&'a Account> {
    let by_sub = accounts.iter().find(|account| account.has_subject(sub));
    by_sub.or_else(|| {
        let email = email?;
        accounts.iter().find(|account| account.has_email(email))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("b", None, Some("2"))]
    #[case("b", Some("a@x"), Some("2"))]
    #[case("c", Some(" A@X "), Some("1"))]
    #[case("", None, None)]
    #[case("", Some("a@x"), Some("1"))]
    fn an_account_is_found_by_sub_else_by_email(
        #[case] sub: &str,
        #[case] email: Option<&str>,
        #[case] id: Option<&str>,
    ) {
        let account = |id: &str, email: &str, oauth_id: &str| Account {
            id: id.to_owned(),
            email: email.to_owned(),
            oauth_id: oauth_id.to_owned(),
            document: Value::Null,
        };
        let accounts = [account("1", "a@x", ""), account("2", "b@x", "b")];
        assert_eq!(find(&accounts, sub, email).map(|account| account.id.as_str()), id);
    }
}

//! The account of the step's end-user at the target.

use mock_idp::EndUser;
use serde_json::{Value, json};

use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::{ACCOUNT_MEMBERS, ACCOUNT_TEXT, Account, TargetError};

/// What is told of an account beside what the server says.
const OWN: [(&str, ValueKind); 2] = [("exists", ValueKind::Switch), ("same-as", ValueKind::Text)];

const VALUES: [(&str, ValueKind); ACCOUNT_MEMBERS.len() + 2] = {
    let mut all = [OWN[1]; ACCOUNT_MEMBERS.len() + 2];
    all[0] = OWN[0];
    let mut index = 0;
    while index < ACCOUNT_MEMBERS.len() {
        let (name, kind) = ACCOUNT_MEMBERS[index];
        all[index + 1] = (name, ValueKind::of(kind));
        index += 1;
    }
    all
};

const NAMES: [&str; VALUES.len()] = {
    let mut names = [""; VALUES.len()];
    let mut index = 0;
    while index < VALUES.len() {
        names[index] = VALUES[index].0;
        index += 1;
    }
    names
};

pub(super) static SECTION: Section = Section {
    name: "account",
    text: ACCOUNT_TEXT,
    members: &NAMES,
    values: &VALUES,
    is_there: |account, below| matches!(below, [] | ["exists"]) || account.get("exists") == Some(&Value::Bool(true)),
};

pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    // A step without an end-user is about no account.
    let Some(name) = scene.observation.end_user.clone() else { return Ok(Value::Null) };
    let Ok(user) = scene.world.end_user(&name) else { return Ok(Value::Null) };
    let (sub, email) = (user.sub.clone(), email_of(user).map(ToOwned::to_owned));
    let accounts = scene.accounts().await?;
    let Some(account) = find(&accounts, &sub, email.as_deref()) else { return Ok(json!({ "exists": false })) };
    let mut evidence = account.document.clone();
    evidence["exists"] = true.into();
    evidence["same-as"] = scene
        .world
        .memories
        .of_others()
        .filter(|(_, memory)| memory.account.as_ref().is_some_and(|known| known.id == account.id))
        .map(|(id, _)| Value::from(id))
        .collect();
    scene.world.memories.own().account = Some(account.clone());
    Ok(evidence)
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

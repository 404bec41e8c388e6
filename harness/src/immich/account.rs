//! Accounts as the admin API tells them, and which of them a run made. How they
//! are listed, made and deleted is for [`super::accounts`].

use serde_json::Value;

use super::Scalar;
use super::member::kind;

/// What scenarios may expect of an account, in words.
pub(crate) const ACCOUNT_TEXT: &str = "The account of the step's end-user, as the target's admin API returns it \
                                       (found by `sub`, else by email): \
     `exists`, `id`, `name`, `email`, `isAdmin`, `storageLabel`, `quotaSizeInBytes`, `oauthId`, `status`, \
     `profileImagePath`, `shouldChangePassword`; `same-as`: the earlier steps that saw the same account \
     and have an expectation of it. Without an account, only `exists` can hold.";

/// Members that no two accounts may share, beside those that identify an end-user:
/// what a server puts there may depend on the accounts of others.
pub(crate) const UNIQUE_MEMBERS: &[&str] = &["storageLabel"];

/// The members of an account that scenarios may expect.
pub const ACCOUNT_MEMBERS: [(&str, Scalar); 10] = [
    ("id", Scalar::Text),
    ("name", Scalar::Text),
    ("email", Scalar::Text),
    ("isAdmin", Scalar::Switch),
    ("storageLabel", Scalar::Text),
    ("quotaSizeInBytes", Scalar::Number),
    ("oauthId", Scalar::Text),
    ("status", Scalar::Text),
    ("profileImagePath", Scalar::Text),
    ("shouldChangePassword", Scalar::Switch),
];

/// Members that move by themselves and say nothing about identity.
const RESTLESS: &[&str] = &["updatedAt", "quotaUsageInBytes", "deletedAt"];

/// An account at the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The target's own id.
    pub id: String,
    /// Its email.
    pub email: String,
    /// The `sub` that it is linked to; empty if none.
    pub oauth_id: String,
    /// The whole document from the API.
    pub document: Value,
}

/// A local account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its email.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Its name.
    pub name: String,
}

impl Account {
    /// Reads one. A server says in two ways that an account is not linked: both
    /// are kept as an empty text.
    ///
    /// # Errors
    /// Why it cannot be distinguished from others, as a fragment.
    pub fn of(mut document: Value) -> Result<Self, String> {
        if let Some(oauth_id @ Value::Null) = document.get_mut("oauthId") {
            *oauth_id = "".into();
        }
        let id = document.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        let id = id.ok_or("an account has no `id`")?.to_owned();
        let text = |name: &str| match document.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            other => Err(format!("`{name}` of the account {id} is {}", kind(other))),
        };
        let (email, oauth_id) = (text("email")?, text("oauthId")?);
        Ok(Self { id, email, oauth_id, document })
    }

    /// Whether it is that of an end-user of the provider with this `sub` and
    /// email, by either.
    pub fn is_of(&self, sub: &str, email: Option<&str>) -> bool {
        self.has_subject(sub) || email.is_some_and(|email| self.has_email(email))
    }

    /// Whether it is linked to that `sub`. An end-user without a `sub` does not
    /// match an unlinked account.
    pub fn has_subject(&self, sub: &str) -> bool {
        !sub.is_empty() && self.oauth_id == sub
    }

    /// Whether its email is that one; blanks and case make no difference.
    pub fn has_email(&self, email: &str) -> bool {
        self.email.trim().eq_ignore_ascii_case(email.trim())
    }

    /// Returns the members that the server changes only on request.
    /// [`Self::status`] says whether the account is in the trash.
    pub(crate) fn settled(&self, with_status: bool) -> Value {
        let mut document = self.document.clone();
        if let Value::Object(members) = &mut document {
            members.retain(|name, _| !RESTLESS.contains(&name.as_str()) && (with_status || name != "status"));
        }
        document
    }

    /// Whether it is in the trash, where it cannot be deleted for good.
    pub(crate) fn is_in_the_bin(&self) -> bool {
        self.document.get("status").and_then(Value::as_str) == Some("deleted")
    }

    /// Whether it is an administrator's.
    pub(crate) fn is_administrator(&self) -> bool {
        self.document.get("isAdmin").and_then(Value::as_bool) == Some(true)
    }

    /// Whether the run with this mark made it. Every email and every `sub` that
    /// a run signs in with has its mark, which no account of others has; quirks
    /// may change case and surroundings.
    pub fn carries(&self, mark: &str) -> bool {
        let mark = mark.to_lowercase();
        mark.len() >= 8 && [&self.email, &self.oauth_id].iter().any(|text| text.to_lowercase().contains(&mark))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn null_is_no_link() {
        let account = Account::of(json!({"id": "1", "email": "a@b.test", "oauthId": null}));
        assert_eq!(account.map(|account| account.document["oauthId"].clone()), Ok(json!("")));
    }

    #[rstest]
    #[case(json!({"id": "1", "email": "alice-abcdefgh-1@harness.test", "oauthId": ""}), "abcdefgh", true)]
    #[case(json!({"id": "1", "email": "ALICE-ABCDEFGH-1@HARNESS.TEST", "oauthId": null}), "abcdefgh", true)]
    #[case(json!({"id": "1", "email": "x@y", "oauthId": " alice-abcdefgh-1 "}), "abcdefgh", true)]
    #[case(json!({"id": "1", "email": "alice@harness.test", "oauthId": ""}), "abcdefgh", false)]
    #[case(json!({"id": "1", "email": "alice@harness.test", "oauthId": ""}), "", false)]
    #[case(json!({"id": "1", "email": "alice@harness.test", "oauthId": ""}), "alice", false)]
    fn only_a_marked_account_is_ours(#[case] document: Value, #[case] mark: &str, #[case] ours: bool) {
        assert_eq!(Account::of(document).map(|account| account.carries(mark)), Ok(ours));
    }
}

//! Accounts as the admin API tells them, which of them a run made, and what a
//! run must be able to do with them.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::answer::{accounts_of, answered, json_of, kind, refusal};
use super::known_accounts::whole;
use super::{ApiRoute, Immich, Scalar, TargetError};
use crate::redaction::Kind;
use crate::user_agent::Body;

/// What scenarios may expect of an account, in words.
pub(crate) const ACCOUNT_TEXT: &str = "The account of the step's end-user, as the target's admin API tells it (found by `sub`, else by email): \
     `exists`, `id`, `name`, `email`, `isAdmin`, `storageLabel`, `quotaSizeInBytes`, `oauthId`, `status`, \
     `profileImagePath`, `shouldChangePassword`; `same-as`: the steps that saw the very same account, and that \
     expect something of it, too. Nothing but `exists` holds of an account that is not there.";

/// What the server tells of an account and scenarios may expect.
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
    /// Everything that the API tells.
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
    /// Reads one.
    ///
    /// # Errors
    /// What keeps it from being told from others, as a fragment.
    pub fn of(document: Value) -> Result<Self, String> {
        let id = document.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        let id = id.ok_or("an account has no `id`")?.to_owned();
        let text = |name: &str| match document.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            // How a server says that an account is not linked.
            Some(Value::Null) if name == "oauthId" => Ok(String::new()),
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

    /// Whether it is linked to that `sub`. Whoever has none is not for that
    /// reason an account that is not linked.
    pub fn has_subject(&self, sub: &str) -> bool {
        !sub.is_empty() && self.oauth_id == sub
    }

    /// Whether its email is that one; blanks and case make no difference.
    pub fn has_email(&self, email: &str) -> bool {
        self.email.trim().eq_ignore_ascii_case(email.trim())
    }

    /// What the server tells of it but what moves by itself; whether it is in
    /// the bin is told on demand.
    pub(crate) fn settled(&self, with_status: bool) -> Value {
        let mut document = self.document.clone();
        if let Value::Object(members) = &mut document {
            members.retain(|name, _| !RESTLESS.contains(&name.as_str()) && (with_status || name != "status"));
        }
        document
    }

    /// Whether it is in the bin, where it cannot be removed for good.
    pub(crate) fn is_in_the_bin(&self) -> bool {
        self.document.get("status").and_then(Value::as_str) == Some("deleted")
    }

    /// Whether it is an administrator's.
    pub(crate) fn is_administrator(&self) -> bool {
        self.document.get("isAdmin").and_then(Value::as_bool) == Some(true)
    }

    /// Whether the run with this mark made it. Every email and every `sub`
    /// that a run signs in with carries its mark, which nothing
    /// of anybody else's has; quirks may change case and surroundings.
    pub fn carries(&self, mark: &str) -> bool {
        let mark = mark.to_lowercase();
        mark.len() >= 8 && [&self.email, &self.oauth_id].iter().any(|text| text.to_lowercase().contains(&mark))
    }
}

/// An id that no account has.
const NO_ACCOUNT: &str = "00000000-0000-4000-8000-000000000000";

impl Immich {
    /// All accounts, those in the bin included. A list that lacks an account
    /// that there must be is an error: what it lacks is not gone.
    pub async fn accounts(&self) -> Result<Vec<Account>, TargetError> {
        let owner = self.known.owner.get_or_try_init(|| self.owner()).await?;
        let mut made = self.known.standing();
        let path = format!("{}?withDeleted=true", ApiRoute::ACCOUNTS.path());
        let list = accounts_of(self.call_at(ApiRoute::ACCOUNTS.method(), &path, Body::Empty).await?)?;
        // What was deleted in the meantime need not be there.
        let standing = self.known.standing();
        made.retain(|id| standing.contains(id));
        whole(list, owner.as_deref(), &made)
    }

    /// The id of the owner of the key; `None` where the server does not tell
    /// it, as to a key that may not read its own account.
    async fn owner(&self) -> Result<Option<String>, TargetError> {
        let exchange = self.ask(self.request(ApiRoute::OWN_ACCOUNT)?).await?;
        match answered(self.secrets(), &exchange)? {
            200 => Ok(json_of(self.secrets(), &exchange).ok().and_then(|me| Account::of(me).ok()).map(|me| me.id)),
            _ => Ok(None),
        }
    }

    /// Makes a local account.
    pub async fn create_account(&self, account: &NewAccount) -> Result<Account, TargetError> {
        self.secrets().add(Kind::Password, &account.password);
        let body = json!({ "email": account.email, "password": account.password, "name": account.name });
        let made = self.call(ApiRoute::CREATE_ACCOUNT, Body::Json(body)).await?;
        let made = Account::of(made).map_err(|found| TargetError::Unreadable { what: "new account", found })?;
        self.known.made(&made.id);
        Ok(made)
    }

    /// Puts an account into the bin, or (`force`) has it removed for good,
    /// which a job of the server does in its own time.
    pub async fn delete_account(&self, id: &str, force: bool) -> Result<(), TargetError> {
        self.known.deleting(id);
        let body = Body::Json(json!({ "force": force }));
        self.call_at("DELETE", &path_of_account(id), body).await.map(drop)
    }

    /// Takes an account out of the bin.
    pub async fn undelete_account(&self, id: &str) -> Result<(), TargetError> {
        self.call_at("POST", &(path_of_account(id) + "/restore"), Body::Empty).await.map(drop)
    }

    /// Tries to delete an account that does not exist, which a server that can
    /// delete accounts says.
    pub async fn try_deletion(&self) -> Result<(), TargetError> {
        let path = path_of_account(NO_ACCOUNT);
        let exchange = self.ask(self.request_at("DELETE", &path, Body::Json(json!({ "force": true })))?).await?;
        let status = answered(self.secrets(), &exchange)?;
        // A server without the route says so in these words.
        let lacks_route = exchange.complaint().contains("Cannot DELETE");
        match status {
            400 | 404 if !lacks_route => Ok(()),
            401 | 403 => Err(refusal(self.secrets(), &exchange, &path, status)),
            status => Err(TargetError::CannotDelete(status)),
        }
    }
}

/// The path of an account, whose id the server chose.
fn path_of_account(id: &str) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("{}/{id}", ApiRoute::ACCOUNTS.path())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

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

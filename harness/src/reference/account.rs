//! Accounts, and how claims become one (contract §3.2, §3.3).

use serde_json::{Map, Value, json};

use super::reply::Refusal;
use super::rules::Rules;
use super::state::Store;

/// An account.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) oauth_id: String,
    pub(super) is_admin: bool,
    pub(super) storage_label: Option<String>,
    pub(super) quota: Option<f64>,
    pub(super) password: Option<String>,
    pub(super) has_picture: bool,
    pub(super) deleted: bool,
}

impl Account {
    /// Where its picture is kept; empty if there is none.
    pub(super) fn picture(&self) -> String {
        if self.has_picture { format!("/data/profile/{}.png", self.id) } else { String::new() }
    }

    pub(super) fn document(&self) -> Value {
        json!({
            "id": self.id,
            "email": self.email,
            "name": self.name,
            "oauthId": self.oauth_id,
            "isAdmin": self.is_admin,
            "storageLabel": self.storage_label,
            "quotaSizeInBytes": self.quota,
            "profileImagePath": self.picture(),
            "shouldChangePassword": true,
            "status": if self.deleted { "deleted" } else { "active" },
        })
    }
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn key<'a>(settings: &'a Value, name: &str) -> &'a str {
    settings.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Finds, links or makes the account of an end-user. Returns its id.
pub(super) fn resolve(
    store: &mut Store,
    rules: &Rules,
    claims: &Map<String, Value>,
    settings: &Value,
) -> Result<String, Refusal> {
    let generic = || Refusal::bad("OAuth authentication failed");
    let Some(sub) = (rules.subject)(claims) else { return Err(Refusal(500, "Failed to finish oauth".into())) };
    let email = (rules.email_claim)(claims).map(|email| (rules.email)(&email));
    let role = (rules.role)(claims.get(key(settings, "roleClaim")));
    if let Some(account) = store.accounts.iter_mut().find(|account| (rules.same_subject)(account, &sub)) {
        if account.deleted {
            return Err(Refusal(500, "Failed to finish oauth".into()));
        }
        account.is_admin = role.filter(|_| rules.role_each_time).unwrap_or(account.is_admin);
        return Ok(account.id.clone());
    }
    if let Some(email) = &email
        && let Some(account) = store.accounts.iter_mut().find(|account| account.email == *email)
    {
        if (rules.in_the_bin)(account) || !(rules.may_link)(account, claims) {
            return Err(generic());
        }
        account.oauth_id = sub;
        account.is_admin = role.unwrap_or(account.is_admin);
        return Ok(account.id.clone());
    }
    if !(rules.may_register)(settings) {
        return Err(generic());
    }
    let Some(email) = email.or_else(|| (rules.email_of_nobody)()) else {
        return Err(Refusal::bad("OAuth profile does not have an email address"));
    };
    let label = text(claims, key(settings, "storageLabelClaim")).map(|label| (rules.label)(label));
    let label = label.filter(|label| !label.is_empty());
    let taken = |label: &String| store.accounts.iter().any(|account| account.storage_label.as_ref() == Some(label));
    let is_taken = label.as_ref().is_some_and(taken);
    if is_taken && rules.label_taken_ends {
        return Err(Refusal(500, "Failed to finish oauth".into()));
    }
    if ![text(claims, "name").unwrap_or_default(), &email].into_iter().all(|text| (rules.storable)(text)) {
        return Err(Refusal(500, "Failed to finish oauth".into()));
    }
    let account = Account {
        id: store.next_id(),
        name: (rules.name)(claims, &email),
        email,
        oauth_id: sub,
        is_admin: role.unwrap_or(false),
        storage_label: label.filter(|_| !is_taken),
        quota: (rules.quota)(claims.get(key(settings, "storageQuotaClaim")), settings.get("defaultStorageQuota")),
        password: None,
        has_picture: false,
        deleted: false,
    };
    let id = account.id.clone();
    store.accounts.push(account);
    Ok(id)
}

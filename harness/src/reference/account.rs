//! Accounts, and how claims become one (contract §3.2, §3.3).

use serde_json::{Map, Value, json};

use super::authorization_response::failed;
use super::callback::text as setting;
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

/// Finds, links or makes the account of an end-user. Returns its id.
pub(super) fn resolve(
    store: &mut Store,
    rules: &Rules,
    claims: &Map<String, Value>,
    settings: &Value,
) -> Result<String, Refusal> {
    let generic = || Refusal::bad("OAuth authentication failed");
    let Some(sub) = (rules.account.subject)(claims) else { return Err(failed()) };
    let email = (rules.account.email_claim)(claims).map(|email| (rules.account.email)(&email));
    let role = (rules.account.role)(claims.get(setting(settings, "roleClaim")));
    let by_subject = store.accounts.iter().position(|account| (rules.account.same_subject)(account, &sub));
    let by_email = email
        .as_ref()
        .and_then(|email| store.accounts.iter().position(|account| (rules.account.same_email)(account, email)));
    if let Some(account) = (rules.account.known)(by_subject, by_email).and_then(|at| store.accounts.get_mut(at)) {
        if (rules.account.known_in_the_bin)(account) {
            return Err(generic());
        }
        (rules.account.renew)(account, claims, settings);
        account.is_admin = role.filter(|_| rules.account.role_each_time).unwrap_or(account.is_admin);
        return Ok(account.id.clone());
    }
    if let Some(account) = by_email.and_then(|at| store.accounts.get_mut(at)) {
        if (rules.account.in_the_bin)(account) || !(rules.account.may_link)(account, claims) {
            return Err(generic());
        }
        account.oauth_id = sub;
        (rules.account.renew)(account, claims, settings);
        account.deleted &= !rules.account.undeletes;
        account.is_admin = role.unwrap_or(account.is_admin);
        return Ok(account.id.clone());
    }
    if !(rules.account.may_register)(settings, claims) {
        return Err(generic());
    }
    let Some(email) = email.or_else(|| (rules.account.email_of_nobody)()) else {
        return Err(Refusal::bad("OAuth profile does not have an email address"));
    };
    let label = (rules.account.label_claim)(claims.get(setting(settings, "storageLabelClaim")));
    let label = label.map(|label| (rules.account.label)(&label));
    let label = label.filter(|label| !label.is_empty());
    let taken = |label: &String| store.accounts.iter().any(|account| account.storage_label.as_ref() == Some(label));
    let is_taken = label.as_ref().is_some_and(taken);
    if is_taken && rules.account.label_taken_ends {
        return Err(failed());
    }
    if ![text(claims, "name").unwrap_or_default(), &email].into_iter().all(|text| (rules.account.storable)(text)) {
        return Err(failed());
    }
    let account = Account {
        id: store.next_id(),
        name: (rules.account.name)(claims, &email),
        email,
        oauth_id: sub,
        is_admin: role.unwrap_or(false),
        storage_label: label.filter(|_| !is_taken),
        quota: (rules.account.quota)(
            claims.get(setting(settings, "storageQuotaClaim")),
            settings.get("defaultStorageQuota"),
        ),
        password: None,
        has_picture: false,
        deleted: false,
    };
    let id = account.id.clone();
    store.accounts.push(account);
    Ok(id)
}

/// How claims become an account.
#[derive(Debug, Clone)]
pub(super) struct AccountRules {
    /// The subject that identifies the account.
    pub(super) subject: fn(&Map<String, Value>) -> Option<String>,
    /// Whether an account belongs to a subject.
    pub(super) same_subject: fn(&Account, &str) -> bool,
    /// Whether an account has an email.
    pub(super) same_email: fn(&Account, &str) -> bool,
    /// Which account is the end-user's own, given where that of the subject
    /// stands and where that of the email.
    pub(super) known: fn(Option<usize>, Option<usize>) -> Option<usize>,
    /// The email of an end-user, as the provider says it.
    pub(super) email_claim: fn(&Map<String, Value>) -> Option<String>,
    /// How an email is compared and kept.
    pub(super) email: fn(&str) -> String,
    /// Whether the database takes a text as it came.
    pub(super) storable: fn(&str) -> bool,
    /// An email for end-users without one.
    pub(super) email_of_nobody: fn() -> Option<String>,
    /// Whether an account of the same email may be linked.
    pub(super) may_link: fn(&Account, &Map<String, Value>) -> bool,
    /// Whether unknown end-users get an account.
    pub(super) may_register: fn(&Value, &Map<String, Value>) -> bool,
    /// The name of a new account.
    pub(super) name: fn(&Map<String, Value>, &str) -> String,
    /// The storage label of an end-user, as the provider says it.
    pub(super) label_claim: fn(Option<&Value>) -> Option<String>,
    /// The storage label of a new account.
    pub(super) label: fn(&str) -> String,
    /// Whether a label that is taken already ends the sign-in.
    pub(super) label_taken_ends: bool,
    /// The quota, in bytes, of a new account.
    pub(super) quota: fn(Option<&Value>, Option<&Value>) -> Option<f64>,
    /// Whether the role claim counts at later sign-ins, too.
    pub(super) role_each_time: bool,
    /// Whether the role claim makes an administrator.
    pub(super) role: fn(Option<&Value>) -> Option<bool>,
    /// Whether a sign-in takes an account out of the bin.
    pub(super) undeletes: bool,
    /// Whether an account of the same email is in the bin, and out of reach.
    pub(super) in_the_bin: fn(&Account) -> bool,
    /// The same of an account of the same subject.
    pub(super) known_in_the_bin: fn(&Account) -> bool,
    /// What claims change of an account that is there already, given the
    /// settings; the role apart.
    pub(super) renew: fn(&mut Account, &Map<String, Value>, &Value),
}

impl AccountRules {
    pub(super) fn honest() -> Self {
        Self {
            subject: |claims| {
                claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty()).map(ToOwned::to_owned)
            },
            same_subject: |account, sub| account.oauth_id == sub,
            same_email: |account, email| account.email == email,
            known: |by_subject, _| by_subject,
            email_claim: |claims| {
                claims
                    .get("email")
                    .and_then(Value::as_str)
                    .filter(|email| !email.trim().is_empty())
                    .map(ToOwned::to_owned)
            },
            email: |email| email.trim().to_lowercase(),
            storable: |_| true,
            email_of_nobody: || None,
            may_link: |account, claims| account.oauth_id.is_empty() && !is_unverified(claims),
            may_register: |settings, _| settings.get("autoRegister") == Some(&Value::Bool(true)),
            name,
            label_claim: |claim| claim.and_then(Value::as_str).filter(|label| !label.is_empty()).map(ToOwned::to_owned),
            label: |label| label.chars().filter(|c| c.is_alphanumeric() || "-_ @".contains(*c)).collect(),
            label_taken_ends: false,
            quota,
            role_each_time: true,
            role,
            undeletes: false,
            in_the_bin: |account| account.deleted,
            known_in_the_bin: |account| account.deleted,
            renew: |_, _, _| {},
        }
    }
}

/// Whether the provider says that nobody verified the email, be it in words.
fn is_unverified(claims: &Map<String, Value>) -> bool {
    match claims.get("email_verified") {
        Some(Value::Bool(verified)) => !verified,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Without characters that no database takes and no screen shows.
fn name(claims: &Map<String, Value>, email: &str) -> String {
    let text = |name: &str| {
        let text = claims.get(name).and_then(Value::as_str).unwrap_or_default();
        text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
    };
    let full = format!("{} {}", text("given_name"), text("family_name")).trim().to_owned();
    [text("name"), full, text("preferred_username")]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| email.to_owned())
}

const GIB: f64 = 1_073_741_824.0;

/// Gibibytes to bytes; what is no number falls back to the default.
pub(super) fn quota(claim: Option<&Value>, default: Option<&Value>) -> Option<f64> {
    let number = |value: &Value| match value {
        Value::String(text) => text.trim().parse::<f64>().ok(),
        value => value.as_f64(),
    };
    let claimed = claim.and_then(number).filter(|number| *number >= 0.0);
    claimed.or_else(|| default.and_then(Value::as_f64)).map(|number| (number * GIB).round())
}

/// `admin`, `user`, or a list that holds one of them; `admin` wins.
pub(super) fn role(claim: Option<&Value>) -> Option<bool> {
    let says = |role: &str| match claim {
        Some(Value::String(text)) => text == role,
        Some(Value::Array(list)) => list.iter().any(|item| item == role),
        _ => false,
    };
    says("admin").then_some(true).or_else(|| says("user").then_some(false))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(json!(2), Some(2.0))]
    #[case(json!("2"), Some(2.0))]
    #[case(json!(0), Some(0.0))]
    #[case(json!(-1), Some(7.0))]
    #[case(json!("abc"), Some(7.0))]
    fn reads_quotas_in_gibibytes(#[case] claim: Value, #[case] expected: Option<f64>) {
        assert_eq!(quota(Some(&claim), Some(&json!(7))), expected.map(|number| number * GIB));
    }

    #[rstest]
    #[case(json!("admin"), Some(true))]
    #[case(json!(["x", "admin"]), Some(true))]
    #[case(json!("user"), Some(false))]
    #[case(json!("Admin"), None)]
    fn reads_roles(#[case] claim: Value, #[case] expected: Option<bool>) {
        assert_eq!(role(Some(&claim)), expected);
    }
}

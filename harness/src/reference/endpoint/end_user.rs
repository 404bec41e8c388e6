//! Which account an end-user gets (contract §3.2, §3.3).

use serde_json::{Map, Value};

use crate::reference::reply::Refusal;
use crate::reference::rules::AccountRules;
use crate::reference::state::{EmailSource, Store, StoredAccount, text};

fn claim<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Finds, links or makes the account of an end-user. Returns its id.
pub(super) fn account(
    store: &mut Store,
    rules: &AccountRules,
    claims: &Map<String, Value>,
    settings: &Value,
) -> Result<String, Refusal> {
    let generic = || Refusal::bad("OAuth authentication failed");
    let Some(sub) = (rules.subject)(claims) else { return Err(Refusal::failed()) };
    let email = (rules.email_claim)(claims).map(|email| (rules.email)(&email));
    let role = (rules.role)(claims.get(text(settings, "roleClaim")));
    let by_subject = store.accounts.iter().position(|account| (rules.same_subject)(account, &sub));
    let by_email =
        email.as_ref().and_then(|email| store.accounts.iter().position(|account| (rules.same_email)(account, email)));
    if let Some(account) = (rules.known)(by_subject, by_email).and_then(|at| store.accounts.get_mut(at)) {
        if (rules.known_in_the_bin)(account) {
            return Err(generic());
        }
        (rules.renew)(account, claims, settings);
        account.is_admin = role.filter(|_| rules.role_each_time).unwrap_or(account.is_admin);
        return Ok(account.id.clone());
    }
    if let Some(account) = by_email.and_then(|at| store.accounts.get_mut(at)) {
        if (rules.in_the_bin)(account) || !(rules.may_link)(account, claims) {
            return Err(generic());
        }
        account.oauth_id = sub;
        (rules.renew)(account, claims, settings);
        account.deleted &= !rules.undeletes;
        account.is_admin = role.filter(|_| rules.role_at_link).unwrap_or(account.is_admin);
        return Ok(account.id.clone());
    }
    if !(rules.may_register)(settings, claims) {
        return Err(generic());
    }
    let Some(email) = email.or_else(|| (rules.email_without_owner)()) else {
        return Err(Refusal::bad("OAuth profile does not have an email address"));
    };
    let label = (rules.label_claim)(claims.get(text(settings, "storageLabelClaim")));
    let label = label.map(|label| (rules.label)(&label));
    let label = label.filter(|label| !label.is_empty());
    let taken = |label: &String| store.accounts.iter().any(|account| account.storage_label.as_ref() == Some(label));
    let is_taken = label.as_ref().is_some_and(taken);
    if is_taken && rules.label_taken_ends {
        return Err(Refusal::failed());
    }
    if ![claim(claims, "name").unwrap_or_default(), &email].into_iter().all(rules.storable) {
        return Err(Refusal::failed());
    }
    let account = StoredAccount {
        id: store.next_id(),
        name: (rules.name)(claims, &email),
        email,
        email_source: EmailSource::Authority,
        oauth_id: sub,
        is_admin: role.unwrap_or(false),
        storage_label: label.filter(|_| !is_taken),
        quota: (rules.quota)(claims.get(text(settings, "storageQuotaClaim")), settings.get("defaultStorageQuota")),
        password: None,
        has_picture: false,
        deleted: false,
    };
    let id = account.id.clone();
    store.accounts.push(account);
    Ok(id)
}

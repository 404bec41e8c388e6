//! What the provider says of the end-user who signed in, and what this server would
//! make of it.

use serde_json::Value;

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::{Account, SettingLabel};

pub(in crate::doctor) static CLAIMS: DoctorCheck = DoctorCheck {
    name: "claims",
    looks_at: "Checks whether the provider sends an email, and whether storage label, quota and role have the right types \
               (`--sign-in`).",
    causes: &[
        ("email-missing", "The provider sends no email."),
        ("email-unverified", "The provider says that the end-user's email is not verified."),
        ("label-type", "The storage label is not a string."),
        ("quota-type", "The storage quota is not a number."),
        ("role-value", "The role is neither `admin` nor `user`."),
    ],
    judge: claims,
    is_reach: false,
};

pub(in crate::doctor) static ACCOUNT: DoctorCheck = DoctorCheck {
    name: "account",
    looks_at: "Shows which account the server signs this end-user in to (`--sign-in` and an API key).",
    causes: &[
        ("account-in-trash", "The end-user's account is in the trash."),
        ("linked-elsewhere", "The account with this email is linked to another `sub`."),
        (
            "no-account",
            "The end-user has no account, and the server does not create one, because Auto Register is off.",
        ),
    ],
    judge: account,
    is_reach: false,
};

fn claims(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let claims = evidence.claims()?;
    let settings = &evidence.settings;
    if evidence.email().is_none() {
        let text = "The provider sends no email. Without it, the server neither links nor creates an account.";
        let change = "At the provider, enter an email for the end-user, and configure the scope `email` to add it to \
                      the ID token or to UserInfo.";
        let names = claims.keys().cloned().collect::<Vec<_>>().join(", ");
        return Some(CheckOutcome::problem("email-missing", text).seen(format!("claims: {names}")).change(change));
    }
    let named = |name: &Option<String>| {
        let name = name.as_deref().filter(|name| !name.is_empty())?;
        Some((name.to_owned(), claims.get(name)?))
    };
    let odd = |cause, what: &str, (name, value): (String, &Value), change: &str| {
        let text = format!("The claim `{name}` is not {what}, so the server ignores it.");
        CheckOutcome::warning(cause, text).seen(value.to_string()).change(change)
    };
    if let Some(found) = named(&settings.role_claim).filter(|(_, value)| !is_role(value)) {
        let change = "At the provider, map this claim to `admin` or `user`.";
        return Some(odd("role-value", "`admin` or `user`", found, change));
    }
    if let Some(found) = named(&settings.quota_claim).filter(|(_, value)| !is_quota(value)) {
        return Some(odd(
            "quota-type",
            "a number of GiB",
            found,
            "At the provider, map this claim to a number of GiB.",
        ));
    }
    if let Some(found) = named(&settings.label_claim).filter(|(_, value)| !value.is_string()) {
        return Some(odd("label-type", "a string", found, "At the provider, map this claim to a string."));
    }
    if matches!(claims.get("email_verified"), Some(Value::Bool(false))) {
        let text = "The provider says that the end-user's email is not verified. A server must not link accounts by an \
                    unverified email.";
        let change = "At the provider, verify the end-user's email.";
        return Some(CheckOutcome::warning("email-unverified", text).change(change));
    }
    Some(CheckOutcome::ok("The provider sends an email, and the claims that the server reads have the right types."))
}

/// Immich 3.0 and later read a role from a list, too.
fn is_role(value: &Value) -> bool {
    let is_one = |value: &Value| matches!(value.as_str(), Some("admin" | "user"));
    is_one(value) || value.as_array().is_some_and(|list| list.iter().any(is_one))
}

fn is_quota(value: &Value) -> bool {
    let number = value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    number.is_some_and(|number| number >= 0.0)
}

fn account(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let claims = evidence.claims()?;
    let server = evidence.server.as_ref().filter(|server| server.version.is_ok())?;
    let accounts = match &evidence.sign_in.as_ref()?.accounts {
        Some(Ok(accounts)) => accounts,
        Some(Err(error)) => {
            return Some(CheckOutcome::unknown(format!("The doctor cannot read the server's accounts: {error}.")));
        }
        None => {
            let text =
                "Only with --api-key-file FILE can the doctor see which account the server signs this end-user in to.";
            return Some(CheckOutcome::unknown(text));
        }
    };
    let sub = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let email = evidence.email();
    let by_email = || accounts.iter().find(|account| email.as_ref().is_some_and(|email| account.has_email(email)));
    let found = accounts.iter().find(|account| account.has_subject(sub));
    Some(match (found, found.or_else(by_email)) {
        (_, Some(account)) if account.is_in_the_bin() => {
            let text = format!("The account {} is in the trash, so sign-in fails.", account.email);
            let change = "In Immich: Administration → Users → restore the account, or delete it permanently.";
            CheckOutcome::problem("account-in-trash", text).change(change)
        }
        (Some(account), _) => {
            CheckOutcome::ok(format!("{} signs the end-user in to the account {}.", server.origin, account.email))
        }
        (None, Some(account)) if !account.oauth_id.is_empty() => linked_elsewhere(account),
        (None, Some(account)) => CheckOutcome::ok(format!(
            "{} links the account {} to the end-user, and signs the end-user in to it.",
            server.origin, account.email
        )),
        (None, None) if evidence.settings.auto_register == Some(false) => {
            let text = "No account has the end-user's email, and the server does not create one, because Auto Register \
                        is off.";
            let change =
                format!("{}\nOr create an account with the end-user's email.", SettingLabel::AUTO_REGISTER.to("on"));
            CheckOutcome::problem("no-account", text).seen(email.unwrap_or_default()).change(change)
        }
        (None, None) => CheckOutcome::ok(format!(
            "{} creates an account for the end-user: {}.",
            server.origin,
            new_account(evidence)?
        )),
    })
}

fn linked_elsewhere(account: &Account) -> CheckOutcome {
    let text = format!("The account {} is linked to another `sub`, so sign-in fails.", account.email);
    let change = "Sign in to this account with its password, and unlink OAuth in its settings. Check that the `sub` \
                  that the provider sends stays the same.";
    CheckOutcome::problem("linked-elsewhere", text).change(change)
}

/// Returns in words what a new account has.
fn new_account(evidence: &DoctorEvidence) -> Option<String> {
    let claims = evidence.claims()?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let full = format!("{} {}", text("given_name"), text("family_name")).trim().to_owned();
    let email = evidence.email()?;
    let names = [text("name"), full, text("preferred_username"), email.clone()];
    let name = names.into_iter().find(|name| !name.is_empty())?;
    let settings = &evidence.settings;
    let claimed = |name: &Option<String>| claims.get(name.as_deref()?).cloned();
    let mut parts = vec![format!("email {email}"), format!("name {name}")];
    if let Some(Value::String(label)) = claimed(&settings.label_claim) {
        parts.push(format!("storage label {label}"));
    }
    if let Some(quota) = claimed(&settings.quota_claim).filter(is_quota) {
        parts.push(format!("quota {quota} GiB"));
    }
    if let Some(role) = claimed(&settings.role_claim).filter(is_role) {
        parts.push(format!("role {role}"));
    }
    Some(parts.join(", "))
}

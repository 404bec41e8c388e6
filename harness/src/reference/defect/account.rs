//! Bugs in how an end-user becomes an account, or is linked to one.

use serde_json::{Map, Value};

use super::family::family;
use super::mistake;
use crate::reference::rules::{Override, Purpose, is_unverified, quota, role, role_as_text};
use crate::reference::state::text;

family! {
    "unverified-only-as-boolean", "Treats an email as verified if `email_verified` is the string \"false\".",
        |rules| rules.account.may_link = |account, claims| {
            account.oauth_id.is_empty() && claims.get("email_verified") != Some(&Value::Bool(false))
        };
    "short-columns", "Fails the sign-in with 500 if a claim has more than 255 characters.",
        |rules| rules.account.storable = |text| text.chars().count() <= 255;
    "control-characters-fail", "Fails the sign-in with 500 if the name contains a NUL character, which PostgreSQL \
                                cannot store.",
        |rules| rules.account.storable = |text| !text.contains('\0');
    "email-of-any-type", "Converts an `email` claim of another JSON type to a string.", |rules| rules.account.email_claim = |claims| {
        let email = claims.get("email").filter(|email| !email.is_null())?;
        Some(email.as_str().map_or_else(|| email.to_string(), ToOwned::to_owned))
    };
    "quota-in-whole-gibibytes", "Truncates fractional quotas to whole GiB.", |rules| rules.account.quota = |claim, default| {
        quota(claim, default).map(|bytes| (bytes / 1_073_741_824.0).floor() * 1_073_741_824.0)
    };
    "role-only-as-text", "Ignores the role claim if it is a list (Immich up to 3.0).",
        |rules| rules.account.role = role_as_text;
    "role-once", "Reads the role claim only at the first sign-in (Immich up to 3.0).",
        |rules| rules.account.role_each_time = false;
    "picture-failure-ends", "Fails the sign-in if it cannot fetch the picture.",
        |rules| rules.picture.failure_ends = true;
    "picture-each-time", "Overwrites the end-user's own picture at every sign-in.",
        |rules| rules.picture.again = true;
    "picture-unbounded", "Waits for the picture without a time limit (all versions of Immich).",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Picture;
    "picture-of-anything", "Stores any content as the picture, even if it is not an image (Immich up to 2.7).",
        |rules| rules.picture.is_image = |_| true;
    "picture-ends-worker", "Crashes if the picture is an SVG in a data URL; its proxy then answers 502 (Immich 3.1).",
        |rules| rules.picture.ends_server = |claim| text_value(claim).starts_with("data:image/svg+xml");
    "picture-ends-server", "Crashes if the picture has no http URL; it then closes every connection.", |rules| {
        rules.picture.ends_server = |claim| !text_value(claim).starts_with("http");
        rules.api.has_proxy = false;
    };
    "picture-ignored", "Ignores the `picture` claim (Immich up to 1.131).", |rules| rules.picture.at = |_| false;
    "picture-redirect-followed", "Follows a redirect of the picture's URL to any other URL (all versions of Immich).",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::Picture);
    "label-taken-fails", "Fails the sign-in with 500 if another account already has the storage label (all versions \
                          of Immich).",
        |rules| rules.account.label_taken_ends = true;
    "second-account", "Creates a new account at every sign-in, even for a returning end-user.", |rules| {
        rules.account.same_subject = |_, _| false;
        rules.account.same_email = |_, _| false;
    };
    "subject-not-kept", "Finds the account of a returning end-user only by email, not by `sub`.", |rules| {
        rules.account.same_subject = |_, _| false;
        rules.account.may_link = |_, _| true;
    };
    "email-before-subject", "Looks for an account by email before it looks by `sub`.",
        |rules| rules.account.known = |by_subject, by_email| by_subject.filter(|_| by_email.is_none() || by_email == by_subject);
    "email-case", "Treats emails in another case as different (Immich up to 2.7).",
        |rules| rules.account.email = ToOwned::to_owned;
    "email-tag-ignored", "Ignores the tag (`+tag`) in an email when it looks for the account.",
        |rules| rules.account.same_email = |account, email| mistake::without_tag(&account.email) == mistake::without_tag(email);
    "email-always-wanted", "Refuses a returning end-user whose claims have no email.",
        |rules| rules.account.known = |by_subject, by_email| by_subject.filter(|_| by_email.is_some());
    "own-email-links", "Links an account by an email that the account's owner entered, without verifying it (all \
                        versions of Immich).",
        |rules| rules.account.may_link = |account, claims| account.oauth_id.is_empty() && !is_unverified(claims);
    "role-not-at-link", "Ignores the role claim at the sign-in that links an existing account (Immich up to 3.0).",
        |rules| rules.account.role_at_link = false;
    "subjects-normalized", "Compares subjects after Unicode normalization, so two different ones can match.",
        |rules| rules.account.same_subject = |account, sub| {
            let composed = |text: &str| text.replace("e\u{301}", "\u{e9}");
            !account.oauth_id.is_empty() && composed(&account.oauth_id) == composed(sub)
        };
    "account-without-email", "Creates an account for an end-user without an email.",
        |rules| rules.account.email_without_owner = || Some("unknown@reference.test".to_owned());
    "takeover-by-email", "Links an account by email even if it is already linked to another `sub` (Immich up to \
                          1.105).",
        |rules| rules.account.may_link = |_, _| true;
    "unverified-email-links", "Links an account by an unverified email (all versions of Immich).",
        |rules| rules.account.may_link = |account, _| account.oauth_id.is_empty();
    "never-links", "Never links an existing account by email.", |rules| rules.account.may_link = |_, _| false;
    "always-registers", "Creates accounts even if auto-register is off.",
        |rules| rules.account.may_register = |_, _| true;
    "never-registers", "Creates no accounts even if auto-register is on.",
        |rules| rules.account.may_register = |_, _| false;
    "verified-email-demanded", "Creates an account only if `email_verified` is true.",
        |rules| rules.account.may_register = |settings, claims| {
            settings["autoRegister"] == Value::Bool(true) && claims.get("email_verified") == Some(&Value::Bool(true))
        };
    "name-is-email", "Ignores the `name` claim and uses the email as the account's name.",
        |rules| rules.account.name = |_, email| email.to_owned();
    "label-as-it-is", "Does not sanitize storage labels.", |rules| rules.account.label = ToOwned::to_owned;
    "label-of-any-type", "Converts a storage label of another JSON type to a string.", |rules| rules.account.label_claim = |claim| {
        let label = claim.filter(|label| !label.is_null())?;
        Some(label.as_str().map_or_else(|| label.to_string(), ToOwned::to_owned))
    };
    "label-made-up", "Uses `unnamed` as the storage label if the claim is missing or sanitizing removes all of it.", |rules| {
        rules.account.label_claim = |claim| Some(claim.and_then(Value::as_str).unwrap_or_default().to_owned());
        rules.account.label = |label| {
            let kept: String = label.chars().filter(|c| c.is_alphanumeric() || "-_ @".contains(*c)).collect();
            if kept.is_empty() { "unnamed".to_owned() } else { kept }
        };
    };
    "label-ignored", "Ignores the storage label claim.", |rules| rules.account.label = |_| String::new();
    "quota-in-bytes", "Reads the quota claim in bytes instead of GiB.",
        |rules| rules.account.quota = |claim, _| claim.and_then(Value::as_f64);
    "default-quota-ignored", "Ignores the default quota (`oauth.defaultStorageQuota`).",
        |rules| rules.account.quota = |claim, _| claim.and_then(Value::as_f64).map(|number| number * 1_073_741_824.0);
    "zero-quota-unlimited", "Treats a quota of zero as unlimited (Immich up to 1.134).",
        |rules| rules.account.quota = |claim, default| {
            quota(claim, default).filter(|bytes| *bytes > 0.0)
        };
    "quota-each-time", "Overwrites the administrator's quota at every sign-in.",
        |rules| rules.account.renew = |account, claims, settings| {
            let claim = claims.get(text(settings, "storageQuotaClaim"));
            account.quota = quota(claim, settings.get("defaultStorageQuota"));
        };
    "name-each-time", "Overwrites the end-user's own name at every sign-in.",
        |rules| rules.account.renew = |account, claims, _| {
            text_of(claims, "name").clone_into(&mut account.name);
        };
    "label-each-time", "Overwrites the storage label at every sign-in, which moves the end-user's photos.",
        |rules| rules.account.renew = |account, claims, settings| {
            account.storage_label = Some(text_of(claims, text(settings, "storageLabelClaim")).to_owned());
        };
    "email-each-time", "Overwrites the account's email at every sign-in.",
        |rules| rules.account.renew = |account, claims, _| {
            text_of(claims, "email").clone_into(&mut account.email);
        };
    "role-missing-demotes", "Demotes an administrator if the role claim is missing or unknown.",
        |rules| rules.account.role = |claim| Some(role(claim) == Some(true));
    "role-ignored", "Ignores the role claim.", |rules| rules.account.role = |_| None;
    "role-in-any-case", "Ignores case in the role claim, so `Admin` makes the end-user an administrator.", |rules| rules.account.role = mistake::role_in_any_case;
    "link-stolen", "Links a `sub` that is already linked to another account.", |rules| rules.link.steals = true;
    "override-forgotten-at-link", "Ignores the mobile redirect override when it links an account (Immich from 1.132).",
        |rules| rules.token_request.override_at_link = |setting| Override { enabled: false, ..setting };
    "link-without-session", "Links an account on a request without a session.", |rules| rules.link.unguarded = true;
    "email-taken-by-link", "Overwrites the account's email when it links the account.",
        |rules| rules.link.email = |claims| claims.get("email").and_then(Value::as_str).map(ToOwned::to_owned);
    "unlink-keeps-link", "Reports that it unlinked the account, but keeps the link.", |rules| rules.link.unlink_unlinks = false;
    "session-id-not-linked", "Does not store the provider's `sid` when it links an account (Immich up to 2.7).",
        |rules| rules.link.session_id = |_| None;
    "session-id-after-unlink", "Keeps the provider's `sid` after it unlinks the account.",
        |rules| rules.link.unlink_unties = false;
    "unlink-ends-session", "Ends the session when it unlinks the account.", |rules| rules.link.unlink_ends = true;
    "linked-for-good", "Refuses to link a linked account to another `sub`.", |rules| rules.link.again = false;
    "unlink-without-session", "Unlinks an account on a request without a session.",
        |rules| rules.link.unlink_unguarded = true;
    "unlink-only-linked", "Reports an error when it unlinks an account that is not linked.",
        |rules| rules.link.unlink_anyway = false;
    "empty-password-opens", "Accepts an empty password for an account without a password.",
        |rules| rules.session.password = mistake::no_password;
    "wrong-password-with-session", "Refuses a wrong password, but puts a valid session into the response.",
        |rules| rules.session.before_password = true;
    "sign-in-undeletes", "Restores an account from the trash at a sign-in.", |rules| {
        rules.account.in_the_bin = |_| false;
        rules.account.undeletes = true;
    };
    "bin-opens-by-subject", "Signs in to an account in the trash whose `sub` matches.",
        |rules| rules.account.known_in_the_bin = |_| false;
    "bin-keeps-sessions", "Keeps the sessions of an account after it moves to the trash.",
        |rules| rules.session.bin_ends = false;
    "bin-opens", "Signs in to an account in the trash whose email matches.",
        |rules| rules.account.in_the_bin = |_| false;
}

fn text_value(claim: &Value) -> &str {
    claim.as_str().unwrap_or_default()
}

fn text_of<'a>(claims: &'a Map<String, Value>, name: &str) -> &'a str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}

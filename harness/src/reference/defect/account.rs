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
    "short-columns", "Answers 500 to a sign-in if the name or the email has more than 255 characters.",
        |rules| rules.account.storable = |text| text.chars().count() <= 255;
    "control-characters-fail", "Answers 500 to a sign-in if the name contains a NUL character, which PostgreSQL cannot \
                                store.",
        |rules| rules.account.storable = |text| !text.contains('\0');
    "email-of-any-type", "Converts an `email` claim that is not a string to a string.",
        |rules| rules.account.email_claim = |claims| {
            let email = claims.get("email").filter(|email| !email.is_null())?;
            Some(email.as_str().map_or_else(|| email.to_string(), ToOwned::to_owned))
        };
    "quota-in-whole-gibibytes", "Rounds a quota that has a fraction down to whole GiB.",
        |rules| rules.account.quota = |claim, default| {
            quota(claim, default).map(|bytes| (bytes / 1_073_741_824.0).floor() * 1_073_741_824.0)
        };
    "role-only-as-text", "Ignores the role claim if it is a list (Immich up to 3.0).",
        |rules| rules.account.role = role_as_text;
    "role-once", "Reads the role claim only at the first sign-in (Immich up to 3.0).",
        |rules| rules.account.role_each_time = false;
    "picture-failure-ends", "Fails the sign-in if it cannot fetch the end-user's picture.",
        |rules| rules.picture.failure_ends = true;
    "picture-each-time", "Overwrites the end-user's picture with the one from the `picture` claim at every sign-in.",
        |rules| rules.picture.again = true;
    "picture-unbounded", "Waits for the picture without a timeout (all versions of Immich).",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Picture;
    "picture-of-anything", "Stores any content as the picture, even if it is not an image (Immich up to 2.7).",
        |rules| rules.picture.is_image = |_| true;
    "picture-ends-worker", "Crashes if the `picture` claim is an SVG in a `data:` URL, so its proxy answers 502 \
                            (Immich 3.1).",
        |rules| rules.picture.ends_server = |claim| text_value(claim).starts_with("data:image/svg+xml");
    "picture-ends-server", "Crashes if the `picture` claim is not an http or https URL, and then closes every \
                            connection.",
        |rules| {
            rules.picture.ends_server = |claim| !text_value(claim).starts_with("http");
            rules.api.has_proxy = false;
        };
    "picture-ignored", "Ignores the `picture` claim (Immich up to 1.131).", |rules| rules.picture.at = |_| false;
    "picture-redirect-followed", "Follows a redirect from the picture's URL to any other URL, even in the server's own \
                                  network (all versions of Immich).",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::Picture);
    "label-taken-fails", "Answers 500 to a sign-in if another account already has the storage label (all versions of \
                          Immich).",
        |rules| rules.account.label_taken_ends = true;
    "second-account", "Creates a new account at every sign-in, even for a returning end-user.", |rules| {
        rules.account.same_subject = |_, _| false;
        rules.account.same_email = |_, _| false;
    };
    "subject-not-kept", "Finds the account of a returning end-user only by email, not by `sub`.", |rules| {
        rules.account.same_subject = |_, _| false;
        rules.account.may_link = |_, _| true;
    };
    "email-before-subject", "Prefers the account with the end-user's email to the account with the end-user's `sub`.",
        |rules| rules.account.known = |by_subject, by_email| by_subject.filter(|_| by_email.is_none() || by_email == by_subject);
    "email-case", "Treats two emails that differ only in case as different (Immich up to 2.7).",
        |rules| rules.account.email = ToOwned::to_owned;
    "email-tag-ignored", "Ignores the tag (`+tag`) in an email when it looks for the account.",
        |rules| rules.account.same_email = |account, email| mistake::without_tag(&account.email) == mistake::without_tag(email);
    "email-always-wanted", "Refuses a returning end-user whose claims have no `email`.",
        |rules| rules.account.known = |by_subject, by_email| by_subject.filter(|_| by_email.is_some());
    "own-email-links", "Links an account by an email that the account's owner set but never confirmed (all versions of \
                        Immich).",
        |rules| rules.account.may_link = |account, claims| account.oauth_id.is_empty() && !is_unverified(claims);
    "role-not-at-link", "Ignores the role claim at the sign-in that links an existing account (Immich up to 3.0).",
        |rules| rules.account.role_at_link = false;
    "subjects-normalized", "Compares `sub` after Unicode normalization, so two different subjects can match.",
        |rules| rules.account.same_subject = |account, sub| {
            let composed = |text: &str| text.replace("e\u{301}", "\u{e9}");
            !account.oauth_id.is_empty() && composed(&account.oauth_id) == composed(sub)
        };
    "account-without-email", "Creates an account for an end-user without an email.",
        |rules| rules.account.email_without_owner = || Some("unknown@reference.test".to_owned());
    "takeover-by-email", "Links an account by email even if the account is already linked to another `sub` (Immich up \
                          to 1.105).",
        |rules| rules.account.may_link = |_, _| true;
    "unverified-email-links", "Links an account by email even if `email_verified` is false (all versions of Immich).",
        |rules| rules.account.may_link = |account, _| account.oauth_id.is_empty();
    "never-links", "Never links an existing account by email.", |rules| rules.account.may_link = |_, _| false;
    "always-registers", "Creates an account even if `oauth.autoRegister` is off.",
        |rules| rules.account.may_register = |_, _| true;
    "never-registers", "Creates no account even if `oauth.autoRegister` is on.",
        |rules| rules.account.may_register = |_, _| false;
    "verified-email-demanded", "Creates an account only if `email_verified` is true.",
        |rules| rules.account.may_register = |settings, claims| {
            settings["autoRegister"] == Value::Bool(true) && claims.get("email_verified") == Some(&Value::Bool(true))
        };
    "name-is-email", "Ignores the `name` claim and uses the email as the account's name.",
        |rules| rules.account.name = |_, email| email.to_owned();
    "label-as-it-is", "Does not remove forbidden characters, such as slashes, from a storage label.",
        |rules| rules.account.label = ToOwned::to_owned;
    "label-of-any-type", "Converts a storage label claim that is not a string to a string.",
        |rules| rules.account.label_claim = |claim| {
            let label = claim.filter(|label| !label.is_null())?;
            Some(label.as_str().map_or_else(|| label.to_string(), ToOwned::to_owned))
        };
    "label-made-up", "Uses `unnamed` as the storage label if the claim is missing or has only forbidden characters.",
        |rules| {
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
    "quota-each-time", "Overwrites the account's quota with the quota claim at every sign-in, even if an administrator \
                        changed the quota.",
        |rules| rules.account.renew = |account, claims, settings| {
            let claim = claims.get(text(settings, "storageQuotaClaim"));
            account.quota = quota(claim, settings.get("defaultStorageQuota"));
        };
    "name-each-time", "Overwrites the account's name with the `name` claim at every sign-in.",
        |rules| rules.account.renew = |account, claims, _| {
            text_of(claims, "name").clone_into(&mut account.name);
        };
    "label-each-time", "Overwrites the account's storage label at every sign-in, which moves the end-user's photos.",
        |rules| rules.account.renew = |account, claims, settings| {
            account.storage_label = Some(text_of(claims, text(settings, "storageLabelClaim")).to_owned());
        };
    "email-each-time", "Overwrites the account's email with the `email` claim at every sign-in.",
        |rules| rules.account.renew = |account, claims, _| {
            text_of(claims, "email").clone_into(&mut account.email);
        };
    "role-missing-demotes", "Demotes an administrator if the role claim is missing or has an unknown value.",
        |rules| rules.account.role = |claim| Some(role(claim) == Some(true));
    "role-ignored", "Ignores the role claim.", |rules| rules.account.role = |_| None;
    "role-in-any-case", "Ignores case in the role claim, so `Admin` makes the end-user an administrator.", |rules| rules.account.role = mistake::role_in_any_case;
    "link-stolen", "Links an account to a `sub` that is already linked to another account.",
        |rules| rules.link.steals = true;
    "override-forgotten-at-link", "Ignores the mobile redirect override when it links an account (Immich from 1.132).",
        |rules| rules.token_request.override_at_link = |setting| Override { enabled: false, ..setting };
    "link-without-session", "Links an account even if the request has no session.", |rules| rules.link.unguarded = true;
    "email-taken-by-link", "Overwrites the account's email with the `email` claim when it links the account.",
        |rules| rules.link.email = |claims| claims.get("email").and_then(Value::as_str).map(ToOwned::to_owned);
    "unlink-keeps-link", "Reports that it unlinked the account, but keeps the link.", |rules| rules.link.unlink_unlinks = false;
    "session-id-not-linked", "Does not store the provider's `sid` when it links an account (Immich up to 2.7).",
        |rules| rules.link.session_id = |_| None;
    "session-id-after-unlink", "Keeps the provider's `sid` in the session after it unlinks the account.",
        |rules| rules.link.unlink_unties = false;
    "unlink-ends-session", "Ends the session when it unlinks the account.", |rules| rules.link.unlink_ends = true;
    "linked-for-good", "Refuses to link an account that is already linked to another `sub`.",
        |rules| rules.link.again = false;
    "unlink-without-session", "Unlinks an account even if the request has no session.",
        |rules| rules.link.unlink_unguarded = true;
    "unlink-only-linked", "Answers with an error if the account that it should unlink is not linked.",
        |rules| rules.link.unlink_anyway = false;
    "empty-password-opens", "Accepts an empty password for an account without a password.",
        |rules| rules.session.password = mistake::no_password;
    "wrong-password-with-session", "Refuses a wrong password, but puts a valid session into the response.",
        |rules| rules.session.before_password = true;
    "sign-in-undeletes", "Restores an account from the trash when the end-user signs in.", |rules| {
        rules.account.in_the_bin = |_| false;
        rules.account.undeletes = true;
    };
    "bin-opens-by-subject", "Signs an end-user in to the account with their `sub`, even if the account is in the \
                             trash.",
        |rules| rules.account.known_in_the_bin = |_| false;
    "bin-keeps-sessions", "Does not end the sessions of an account that moves to the trash.",
        |rules| rules.session.bin_ends = false;
    "bin-opens", "Signs an end-user in to the account with their email, even if the account is in the trash.",
        |rules| rules.account.in_the_bin = |_| false;
}

fn text_value(claim: &Value) -> &str {
    claim.as_str().unwrap_or_default()
}

fn text_of<'a>(claims: &'a Map<String, Value>, name: &str) -> &'a str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}

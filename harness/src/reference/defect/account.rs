//! Bugs in how an end-user becomes an account, or is linked to one.

use serde_json::{Map, Value};

use super::family::family;
use super::mistake;
use crate::reference::message::{Override, Purpose};
use crate::reference::rules::{quota, role};
use crate::reference::state::text;

family! {
    "unverified-only-as-boolean", "An `email_verified` of \"false\", in quotes, is taken for verified.",
        |rules| rules.account.may_link = |account, claims| {
            account.oauth_id.is_empty() && claims.get("email_verified") != Some(&Value::Bool(false))
        };
    "short-columns", "Texts of more than 255 characters fail the sign-in with 500.",
        |rules| rules.account.storable = |text| text.chars().count() <= 255;
    "control-characters-fail", "A name with a NUL in it fails the sign-in with 500, as PostgreSQL does.",
        |rules| rules.account.storable = |text| !text.contains('\0');
    "email-of-any-type", "An email that is no text is made one.", |rules| rules.account.email_claim = |claims| {
        let email = claims.get("email").filter(|email| !email.is_null())?;
        Some(email.as_str().map_or_else(|| email.to_string(), ToOwned::to_owned))
    };
    "quota-in-whole-gibibytes", "Quotas are cut to whole GiB.", |rules| rules.account.quota = |claim, default| {
        quota(claim, default).map(|bytes| (bytes / 1_073_741_824.0).floor() * 1_073_741_824.0)
    };
    "role-only-as-text", "A list of roles is ignored (Immich up to 3.0).", |rules| rules.account.role = |claim| {
        claim.and_then(Value::as_str).filter(|role| ["admin", "user"].contains(role)).map(|role| role == "admin")
    };
    "role-once", "The role claim counts at the first sign-in only (Immich up to 3.0).",
        |rules| rules.account.role_each_time = false;
    "picture-failure-ends", "A picture that cannot be had fails the sign-in.",
        |rules| rules.picture.failure_ends = true;
    "picture-each-time", "The picture is taken at every sign-in, in place of one that the person chose.",
        |rules| rules.picture.again = true;
    "picture-unbounded", "The picture is waited for without an end (all versions of Immich).",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Picture;
    "picture-of-anything", "Whatever comes is kept as the picture (Immich up to 2.7).",
        |rules| rules.picture.is_image = |_| true;
    "picture-ignored", "The picture claim is ignored (Immich up to 1.131).", |rules| rules.picture.at = |_| false;
    "picture-redirect-followed", "The address of the picture may lead the server anywhere (all versions of Immich).",
        |rules| rules.picture.follows = true;
    "label-taken-fails", "A storage label that is taken fails the sign-in with 500 (all versions of Immich).",
        |rules| rules.account.label_taken_ends = true;
    "second-account", "Every sign-in makes an account of its own.", |rules| {
        rules.account.same_subject = |_, _| false;
        rules.account.same_email = |_, _| false;
    };
    "subject-not-kept", "Who signed in is known again by their email alone.", |rules| {
        rules.account.same_subject = |_, _| false;
        rules.account.may_link = |_, _| true;
    };
    "email-before-subject", "An account of the same email is looked for before that of the subject.",
        |rules| rules.account.known = |by_subject, by_email| by_subject.filter(|_| by_email.is_none() || by_email == by_subject);
    "email-case", "Emails are compared case by case (Immich up to 2.7).", |rules| rules.account.email = ToOwned::to_owned;
    "account-without-email", "End-users without an email get an account.",
        |rules| rules.account.email_of_nobody = || Some("nobody@reference.test".to_owned());
    "takeover-by-email", "An account that is linked already is linked anew (Immich up to 1.105).",
        |rules| rules.account.may_link = |_, _| true;
    "unverified-email-links", "An email that nobody verified links an account (all versions of Immich).",
        |rules| rules.account.may_link = |account, _| account.oauth_id.is_empty();
    "never-links", "Accounts are never linked by email.", |rules| rules.account.may_link = |_, _| false;
    "always-registers", "Auto-register off is ignored.", |rules| rules.account.may_register = |_, _| true;
    "never-registers", "Auto-register on is ignored.", |rules| rules.account.may_register = |_, _| false;
    "verified-email-demanded", "Nobody gets an account whose email the provider does not call verified.",
        |rules| rules.account.may_register = |settings, claims| {
            settings["autoRegister"] == Value::Bool(true) && claims.get("email_verified") == Some(&Value::Bool(true))
        };
    "name-is-email", "The name claim is ignored.", |rules| rules.account.name = |_, email| email.to_owned();
    "label-as-it-is", "Storage labels are not cleaned.", |rules| rules.account.label = ToOwned::to_owned;
    "label-of-any-type", "A storage label that is no text is made one.", |rules| rules.account.label_claim = |claim| {
        let label = claim.filter(|label| !label.is_null())?;
        Some(label.as_str().map_or_else(|| label.to_string(), ToOwned::to_owned))
    };
    "label-made-up", "Where there is no storage label, or nothing is left of it, one is made up.", |rules| {
        rules.account.label_claim = |claim| Some(claim.and_then(Value::as_str).unwrap_or_default().to_owned());
        rules.account.label = |label| {
            let kept: String = label.chars().filter(|c| c.is_alphanumeric() || "-_ @".contains(*c)).collect();
            if kept.is_empty() { "unnamed".to_owned() } else { kept }
        };
    };
    "label-ignored", "Storage labels are ignored.", |rules| rules.account.label = |_| String::new();
    "quota-in-bytes", "The quota is taken for bytes.",
        |rules| rules.account.quota = |claim, _| claim.and_then(Value::as_f64);
    "default-quota-ignored", "The default quota is ignored.",
        |rules| rules.account.quota = |claim, _| claim.and_then(Value::as_f64).map(|number| number * 1_073_741_824.0);
    "zero-quota-unlimited", "A quota of nothing is taken for none (Immich up to 1.134).",
        |rules| rules.account.quota = |claim, default| {
            quota(claim, default).filter(|bytes| *bytes > 0.0)
        };
    "quota-each-time", "The quota is taken at every sign-in, over what an administrator has set.",
        |rules| rules.account.renew = |account, claims, settings| {
            let claim = claims.get(text(settings, "storageQuotaClaim"));
            account.quota = quota(claim, settings.get("defaultStorageQuota"));
        };
    "name-each-time", "The name is taken at every sign-in, in place of one that the person chose.",
        |rules| rules.account.renew = |account, claims, _| {
            text_of(claims, "name").clone_into(&mut account.name);
        };
    "label-each-time", "The storage label is taken at every sign-in, and the person's photos are moved.",
        |rules| rules.account.renew = |account, claims, settings| {
            account.storage_label = Some(text_of(claims, text(settings, "storageLabelClaim")).to_owned());
        };
    "email-each-time", "The email is taken at every sign-in.",
        |rules| rules.account.renew = |account, claims, _| {
            text_of(claims, "email").clone_into(&mut account.email);
        };
    "role-missing-demotes", "An administrator without the role claim, or with a role that nobody knows, is one no more.",
        |rules| rules.account.role = |claim| Some(role(claim) == Some(true));
    "role-ignored", "The role claim is ignored.", |rules| rules.account.role = |_| None;
    "role-in-any-case", "`Admin` makes an administrator, too.", |rules| rules.account.role = mistake::role_in_any_case;
    "link-stolen", "A subject can be linked to a second account.", |rules| rules.link.steals = true;
    "override-forgotten-at-link", "The mobile override is forgotten when an account is linked (Immich from 1.132).",
        |rules| rules.token_request.override_at_link = |setting| Override { enabled: false, ..setting };
    "link-without-session", "Accounts are linked without a session.", |rules| rules.link.unguarded = true;
    "email-taken-by-link", "Linking overwrites the email of the account.",
        |rules| rules.link.email = |claims| claims.get("email").and_then(Value::as_str).map(ToOwned::to_owned);
    "unlink-keeps-link", "Unlinking says that it is done, and the link stays.", |rules| rules.link.unlink_unlinks = false;
    "session-id-not-linked", "Linking does not note the session at the provider (Immich up to 2.7).",
        |rules| rules.link.session_id = |_| None;
    "session-id-after-unlink", "Unlinking leaves the session tied to that at the provider.",
        |rules| rules.link.unlink_unties = false;
    "unlink-ends-session", "Who unlinks is signed out.", |rules| rules.link.unlink_ends = true;
    "linked-for-good", "Who is linked cannot be linked to anything else.", |rules| rules.link.again = false;
    "unlink-without-session", "Accounts are unlinked without a session.", |rules| rules.link.unlink_unguarded = true;
    "unlink-only-linked", "Who is not linked is told that it failed.", |rules| rules.link.unlink_anyway = false;
    "empty-password-opens", "An empty password opens accounts without one.", |rules| rules.session.password = mistake::no_password;
    "wrong-password-with-session", "A wrong password is refused, and the answer brings a session that works.",
        |rules| rules.session.before_password = true;
    "sign-in-undeletes", "A sign-in takes an account out of the bin.", |rules| {
        rules.account.in_the_bin = |_| false;
        rules.account.undeletes = true;
    };
    "bin-opens-by-subject", "The subject of an account in the bin opens it.",
        |rules| rules.account.known_in_the_bin = |_| false;
    "bin-keeps-sessions", "Whoever's account is put into the bin stays signed in.", |rules| rules.session.bin_ends = false;
    "bin-opens", "The email of an account in the bin opens it.", |rules| rules.account.in_the_bin = |_| false;
}

fn text_of<'a>(claims: &'a Map<String, Value>, name: &str) -> &'a str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}

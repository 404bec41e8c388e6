//! Bugs in asking for UserInfo and believing it.

use serde_json::Value;

use super::family::family;
use super::mistake;
use crate::reference::rules::{Form, Purpose, TokenChecks};
use crate::reference::state::text;

family! {
    "userinfo-status-ignored", "Ignores the status of the UserInfo response.",
        |rules| rules.userinfo.status = |_| true;
    "userinfo-redirect-followed", "Follows a redirect of the UserInfo endpoint and sends the access token there.",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::UserInfo);
    "userinfo-unbounded", "Waits for UserInfo without a time limit.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::UserInfo;
    "userinfo-skipped", "Does not request UserInfo if the ID token has an email, and so loses the other claims \
                         (Immich from 2.6).",
        |rules| rules.userinfo.completes = false;
    "userinfo-wins", "Prefers claims of UserInfo to those of the ID token (Immich up to 2.5).",
        |rules| rules.userinfo.adds = |claims, userinfo| claims.extend(userinfo);
    "role-of-userinfo-wins", "Prefers the role claim of UserInfo to that of the ID token.",
        |rules| rules.userinfo.adds = |claims, userinfo| {
            for (name, value) in userinfo {
                if name.ends_with("role") { _ = claims.insert(name, value) } else { _ = claims.entry(name).or_insert(value) }
            }
        };
    "userinfo-first-duplicate-counts", "Takes the account from the first of two `sub` in UserInfo, but compares the last one with the ID token.", |rules| {
        rules.userinfo.plain = mistake::first_of_each_member;
        rules.userinfo.subject = |_, _| true;
    };
    "userinfo-failure-ignored", "Signs a returning end-user in by the ID token alone if UserInfo fails.",
        |rules| rules.userinfo.failure_ends = false;
    "subjects-in-any-case", "Ignores case when it compares subjects.",
        |rules| rules.account.same_subject = |account, sub| account.oauth_id.eq_ignore_ascii_case(sub);
    "subjects-trimmed", "Ignores spaces around `sub` when it compares subjects.",
        |rules| rules.account.same_subject = |account, sub| {
            !account.oauth_id.is_empty() && account.oauth_id.trim() == sub.trim()
        };
    "userinfo-subject-ignored", "Accepts a UserInfo response about another end-user (all versions of Immich).",
        |rules| rules.userinfo.subject = |_, _| true;
    "userinfo-subject-in-any-case", "Ignores case when it compares `sub` of UserInfo with `sub` of the ID token.",
        |rules| rules.userinfo.subject = |id_token, userinfo| {
            let text = |claims: &serde_json::Map<String, Value>| {
                claims.get("sub").and_then(Value::as_str).unwrap_or_default().trim().to_lowercase()
            };
            text(id_token) == text(userinfo)
        };
    "access-token-in-two-places", "Also sends the access token in the URL of the UserInfo request.",
        |rules| rules.userinfo.query = |token, _| vec![("access_token", token.to_owned())];
    "secret-shown-to-userinfo", "Sends the client secret in the URL of the UserInfo request.",
        |rules| rules.userinfo.query = |_, settings| vec![("client_secret", text(settings, "clientSecret").to_owned())];
    "userinfo-signature-ignored", "Does not verify signatures of UserInfo responses (Immich from 1.132).",
        |rules| rules.userinfo.checks.signature = false;
    "userinfo-algorithm-ignored", "Accepts a UserInfo JWT with any signing algorithm, or without a signature.", |rules| {
        rules.userinfo.checks.leave_out("algorithm");
        rules.userinfo.checks.signature = false;
    };
    "userinfo-issuer-ignored", "Ignores `iss` of a signed UserInfo response.",
        |rules| rules.userinfo.checks.leave_out("issuer");
    "userinfo-audience-ignored", "Ignores `aud` of a signed UserInfo response.",
        |rules| rules.userinfo.checks.leave_out("audience");
    "userinfo-plain-accepted", "Accepts plain UserInfo even if the setting requires signed UserInfo.",
        |rules| rules.userinfo.besides = Some(Form::Plain);
    "userinfo-token-unasked", "Accepts a JWT as UserInfo even if the setting does not require one, and does not verify it.", |rules| {
        rules.userinfo.besides = Some(Form::Token);
        rules.userinfo.checks = TokenChecks::default();
    };
}

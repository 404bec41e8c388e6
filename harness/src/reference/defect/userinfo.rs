//! Bugs in asking for UserInfo and believing it.

use serde_json::Value;

use super::family::family;
use super::mistake;
use crate::reference::rules::{Form, Purpose, TokenChecks};
use crate::reference::state::text;

family! {
    "userinfo-status-ignored", "Ignores the status of the UserInfo answer.",
        |rules| rules.userinfo.status = |_| true;
    "userinfo-redirect-followed", "Follows any redirect of UserInfo with the access token.",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::UserInfo);
    "userinfo-unbounded", "Waits for UserInfo without a limit.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::UserInfo;
    "userinfo-skipped", "Does not ask UserInfo if the ID token has an email, and so loses all other claims (Immich \
                         from 2.6).", |rules| rules.userinfo.completes = false;
    "userinfo-wins", "Prefers claims of UserInfo to those of the ID token (Immich up to 2.5).",
        |rules| rules.userinfo.adds = |claims, userinfo| claims.extend(userinfo);
    "role-of-userinfo-wins", "Prefers the role of UserInfo to that of the ID token.",
        |rules| rules.userinfo.adds = |claims, userinfo| {
            for (name, value) in userinfo {
                if name.ends_with("role") { _ = claims.insert(name, value) } else { _ = claims.entry(name).or_insert(value) }
            }
        };
    "userinfo-first-duplicate-counts", "Takes the account from the first `sub` of UserInfo, and compares the last one.", |rules| {
        rules.userinfo.plain = mistake::first_of_each_member;
        rules.userinfo.subject = |_, _| true;
    };
    "userinfo-failure-ignored", "Signs known end-users in by the ID token alone when UserInfo fails.",
        |rules| rules.userinfo.failure_ends = false;
    "subjects-in-any-case", "Compares subjects without regard to case.",
        |rules| rules.account.same_subject = |account, sub| account.oauth_id.eq_ignore_ascii_case(sub);
    "subjects-trimmed", "Ignores spaces around a subject.",
        |rules| rules.account.same_subject = |account, sub| {
            !account.oauth_id.is_empty() && account.oauth_id.trim() == sub.trim()
        };
    "userinfo-subject-ignored", "Accepts a UserInfo answer about another end-user (all versions of Immich).",
        |rules| rules.userinfo.subject = |_, _| true;
    "userinfo-subject-in-any-case", "Compares the subject of UserInfo without regard to case.",
        |rules| rules.userinfo.subject = |id_token, userinfo| {
            let text = |claims: &serde_json::Map<String, Value>| {
                claims.get("sub").and_then(Value::as_str).unwrap_or_default().trim().to_lowercase()
            };
            text(id_token) == text(userinfo)
        };
    "access-token-in-two-places", "Also sends the access token to UserInfo in the address.",
        |rules| rules.userinfo.query = |token, _| vec![("access_token", token.to_owned())];
    "secret-shown-to-userinfo", "Sends the client secret to UserInfo in the address.",
        |rules| rules.userinfo.query = |_, settings| vec![("client_secret", text(settings, "clientSecret").to_owned())];
    "userinfo-signature-ignored", "Does not verify signatures of UserInfo (Immich from 1.132).",
        |rules| rules.userinfo.checks.signature = false;
    "userinfo-algorithm-ignored", "Accepts any algorithm of signed UserInfo, and unsigned JWTs.", |rules| {
        rules.userinfo.checks.leave_out("algorithm");
        rules.userinfo.checks.signature = false;
    };
    "userinfo-issuer-ignored", "Ignores the issuer of signed UserInfo.",
        |rules| rules.userinfo.checks.leave_out("issuer");
    "userinfo-audience-ignored", "Ignores the audience of signed UserInfo.",
        |rules| rules.userinfo.checks.leave_out("audience");
    "userinfo-plain-accepted", "Accepts plain UserInfo although the setting requires a signature.",
        |rules| rules.userinfo.besides = Some(Form::Plain);
    "userinfo-token-unasked", "Accepts a JWT as UserInfo although no setting asks for it, and does not verify it.", |rules| {
        rules.userinfo.besides = Some(Form::Token);
        rules.userinfo.checks = TokenChecks::default();
    };
}

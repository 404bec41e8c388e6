//! Bugs in asking for UserInfo and believing it.

use serde_json::Value;

use super::family::family;
use super::mistake;
use crate::reference::rules::{Form, Purpose, TokenChecks};
use crate::reference::state::text;

family! {
    "userinfo-status-ignored", "Accepts a UserInfo response with any HTTP status, even an error.",
        |rules| rules.userinfo.status = |_| true;
    "userinfo-redirect-followed", "Follows a redirect from the UserInfo endpoint, and so sends the access token to \
                                   another URL.",
        |rules| rules.fetch.redirects = |purpose| usize::from(purpose == Purpose::UserInfo);
    "userinfo-unbounded", "Waits for UserInfo without a timeout.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::UserInfo;
    "userinfo-skipped", "Does not request UserInfo if the ID token has an email, and so misses claims that only \
                         UserInfo has (Immich from 2.6).",
        |rules| rules.userinfo.completes = false;
    "userinfo-wins", "Uses the value from UserInfo if the ID token has the same claim with another value (Immich up to \
                      2.5).",
        |rules| rules.userinfo.adds = |claims, userinfo| claims.extend(userinfo);
    "role-of-userinfo-wins", "Uses the role claim of UserInfo if the ID token has another role.",
        |rules| rules.userinfo.adds = |claims, userinfo| {
            for (name, value) in userinfo {
                if name.ends_with("role") { _ = claims.insert(name, value) } else { _ = claims.entry(name).or_insert(value) }
            }
        };
    "userinfo-first-duplicate-counts", "Uses the first `sub` of a UserInfo response that has two, and does not compare \
                                        it with the ID token.",
        |rules| {
            rules.userinfo.plain = mistake::first_of_each_member;
            rules.userinfo.subject = |_, _| true;
        };
    "userinfo-failure-ignored", "Signs a returning end-user in by the ID token alone if the UserInfo request fails.",
        |rules| rules.userinfo.failure_ends = false;
    "subjects-in-any-case", "Ignores case when it looks for the account with the end-user's `sub`.",
        |rules| rules.account.same_subject = |account, sub| account.oauth_id.eq_ignore_ascii_case(sub);
    "subjects-trimmed", "Ignores spaces around `sub` when it looks for the account with the end-user's `sub`.",
        |rules| rules.account.same_subject = |account, sub| {
            !account.oauth_id.is_empty() && account.oauth_id.trim() == sub.trim()
        };
    "userinfo-subject-ignored", "Accepts a UserInfo response about another end-user (all versions of Immich).",
        |rules| rules.userinfo.subject = |_, _| true;
    "userinfo-subject-in-any-case", "Ignores case and spaces when it compares `sub` of UserInfo with `sub` of the ID \
                                     token.",
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
    "userinfo-signature-ignored", "Does not verify the signature of a UserInfo response (Immich from 1.132).",
        |rules| rules.userinfo.checks.signature = false;
    "userinfo-algorithm-ignored", "Accepts a UserInfo JWT with any signing algorithm, or without a signature.", |rules| {
        rules.userinfo.checks.leave_out("algorithm");
        rules.userinfo.checks.signature = false;
    };
    "userinfo-issuer-ignored", "Accepts a signed UserInfo response with any `iss`.",
        |rules| rules.userinfo.checks.leave_out("issuer");
    "userinfo-audience-ignored", "Accepts a signed UserInfo response with any `aud`.",
        |rules| rules.userinfo.checks.leave_out("audience");
    "userinfo-plain-accepted", "Accepts UserInfo as unsigned JSON, even if `oauth.profileSigningAlgorithm` requires a \
                                signature.",
        |rules| rules.userinfo.besides = Some(Form::Plain);
    "userinfo-token-unasked", "Accepts UserInfo as a JWT, even if `oauth.profileSigningAlgorithm` is `none`, and does \
                               not verify the JWT.",
        |rules| {
            rules.userinfo.besides = Some(Form::Token);
            rules.userinfo.checks = TokenChecks::default();
        };
}

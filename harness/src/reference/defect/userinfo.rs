//! Bugs in asking for UserInfo and believing it.

use serde_json::Value;

use super::family::family;
use crate::reference::message::{Purpose, TokenChecks};
use crate::reference::rules::Form;
use crate::reference::state::text;

family! {
    "userinfo-status-ignored", "The status of a UserInfo answer is not looked at.",
        |rules| rules.userinfo.status = |_| true;
    "userinfo-redirect-followed", "The access token goes wherever UserInfo sends the server.",
        |rules| rules.userinfo.redirect_followed = true;
    "userinfo-unbounded", "UserInfo is waited for without an end.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::UserInfo;
    "userinfo-skipped", "UserInfo is not asked where the ID token has an email, and all other claims are lost \
        (Immich from 2.6).", |rules| rules.userinfo.completes = false;
    "userinfo-wins", "What UserInfo says counts more than what the ID token says (Immich up to 2.5).",
        |rules| rules.userinfo.adds = |claims, userinfo| claims.extend(userinfo);
    "subjects-in-any-case", "Subjects are compared without regard to case.",
        |rules| rules.account.same_subject = |account, sub| account.oauth_id.eq_ignore_ascii_case(sub);
    "subjects-trimmed", "Blanks around a subject make no difference.",
        |rules| rules.account.same_subject = |account, sub| {
            !account.oauth_id.is_empty() && account.oauth_id.trim() == sub.trim()
        };
    "userinfo-subject-ignored", "UserInfo may be about somebody else (all versions of Immich).",
        |rules| rules.userinfo.subject = |_, _| true;
    "userinfo-subject-in-any-case", "The subject of UserInfo may be in another case.",
        |rules| rules.userinfo.subject = |id_token, userinfo| {
            let text = |claims: &serde_json::Map<String, Value>| {
                claims.get("sub").and_then(Value::as_str).unwrap_or_default().trim().to_lowercase()
            };
            text(id_token) == text(userinfo)
        };
    "access-token-in-two-places", "The access token goes to UserInfo in the address, too.",
        |rules| rules.userinfo.ask = |request, token, _| request.bearer_auth(token).query(&[("access_token", token)]);
    "secret-shown-to-userinfo", "The client secret goes to UserInfo, too, in the address.",
        |rules| rules.userinfo.ask = |request, token, settings| {
            request.bearer_auth(token).query(&[("client_secret", text(settings, "clientSecret"))])
        };
    "userinfo-signature-ignored", "Signatures of UserInfo are not verified (Immich from 1.132).",
        |rules| rules.userinfo.checks.signature = false;
    "userinfo-algorithm-ignored", "Any algorithm of signed UserInfo is accepted, and none.", |rules| {
        rules.userinfo.checks.leave_out("algorithm");
        rules.userinfo.checks.signature = false;
    };
    "userinfo-issuer-ignored", "The issuer of signed UserInfo is not looked at.",
        |rules| rules.userinfo.checks.leave_out("issuer");
    "userinfo-audience-ignored", "The audience of signed UserInfo is not looked at.",
        |rules| rules.userinfo.checks.leave_out("audience");
    "userinfo-plain-accepted", "Plain UserInfo counts where a signature was agreed on.",
        |rules| rules.userinfo.besides = Some(Form::Plain);
    "userinfo-token-unasked", "UserInfo may be a JWT where none was agreed on, and nobody verifies it.", |rules| {
        rules.userinfo.besides = Some(Form::Token);
        rules.userinfo.checks = TokenChecks::default();
    };
}

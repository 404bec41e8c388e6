//! Ways in which a server does better than Immich, or otherwise, where the
//! specifications permit it. None is a bug: every `must` of the catalogue holds
//! with them.

use axum::http::StatusCode;
use serde_json::Value;

use super::family::family;
use crate::reference::rules::is_unverified;
use crate::reference::state::flag;

family! {
    "nonce-always", "Sends a `nonce` at every sign-in, and verifies it (immich-app/immich#30760).",
        |rules| rules.authorization.nonce = |_| true;
    "password-before-link", "Links an account by email only after the end-user enters the account's password \
                             (immich-app/immich#27871).",
        |rules| rules.account.may_link = |_, _| false;
    "unverified-email-refused", "Creates no account if `email_verified` is false.",
        |rules| rules.account.may_register = |settings, claims| flag(settings, "autoRegister") && !is_unverified(claims);
    "page-before-app", "Shows a page with a link to the app instead of redirecting to the app, which some browsers \
                        block.",
        |rules| rules.authorization.mobile_page = true;
    "refusals-in-own-words", "Answers 422 with one fixed message where Immich answers 400.",
        |rules| rules.api.refusal = Some((422, r#"{"message":"refused"}"#));
    "logout-token-no-content", "Answers 204 instead of 200 to a logout token (OIDC Back-Channel Logout §2.8).",
        |rules| rules.logout_token.status = StatusCode::NO_CONTENT;
    "cookies-strict", "Sets cookies with `SameSite=Strict` instead of `SameSite=Lax`.",
        |rules| rules.cookies.same_site = "; SameSite=Strict";
    "unlinked-as-null", "Returns null instead of an empty string as `oauthId` of an unlinked account.",
        |rules| rules.link.unlinked = || Value::Null;
}

//! Ways in which a server does better than Immich, or otherwise, where the
//! specifications permit it. None is a bug: every `must` of the catalogue holds
//! with them.

use serde_json::Value;

use super::family::family;
use crate::reference::rules::is_unverified;
use crate::reference::state::flag;

family! {
    "nonce-always", "Sends a nonce at every sign-in, and verifies it (immich-app/immich#30760).",
        |rules| rules.authorization.nonce = |_| true;
    "password-before-link", "Links an account by its email only after its password (immich-app/immich#27871).",
        |rules| rules.account.may_link = |_, _| false;
    "unverified-email-refused", "Creates no accounts for emails that the provider calls unverified.",
        |rules| rules.account.may_register = |settings, claims| flag(settings, "autoRegister") && !is_unverified(claims);
    "page-before-app", "Shows a page with a link to the app in place of a redirect, which browsers block.",
        |rules| rules.authorization.mobile_page = true;
    "unlinked-as-null", "Reports the subject of an account without a link as null.",
        |rules| rules.link.unlinked = || Value::Null;
}

//! The cases of Immich's own end-to-end suite of its OAuth sign-in.

use super::row::{Row, row};

/// All of them.
pub static END_TO_END: &[Row] = &[
    row("E01", "authorize: an error if the redirect URI is missing"),
    row("E02", "authorize: the URL has the client ID, the response type, the redirect URI and `state`"),
    row("E03", "authorize: no `prompt` if the setting is empty"),
    row("E04", "authorize: `prompt` has the configured value"),
    row("E05", "callback: an error if `url` is missing"),
    row("E06", "callback: an error if `url` is empty"),
    row("E07", "callback: an error if `state` is missing"),
    row("E08", "callback: an error if `state` does not match"),
    row("E09", "callback: an error if the code verifier is missing"),
    row("E10", "callback: an error if the code verifier does not match the code challenge"),
    row("E11", "callback: creates an account by default, with name, email and role"),
    row("E12", "callback: takes `state` and the code verifier from cookies"),
    row("E13", "callback: an error for an end-user without an email"),
    row("E14", "callback: takes the quota from its claim"),
    row("E15", "callback: takes the storage label from its claim"),
    row("E16", "callback: makes an administrator by the role claim"),
    row("E17", "callback: accepts ID tokens signed with RS256"),
    row("E18", "callback: accepts UserInfo signed with RS256"),
    row("E19", "callback: refuses another algorithm than the configured one"),
    row("E20", "auto-register off: refuses an unknown end-user"),
    row("E21", "auto-register off: links an existing account by its email"),
    row("E22", "back-channel logout: an error if the token is missing"),
    row("E23", "back-channel logout: an error for an invalid token"),
    row("E24", "back-channel logout: a valid token ends the sessions"),
    row("E25", "mobile override: the URL has the mobile redirect URI"),
    row("E26", "mobile override: creates an account"),
    row("E27", "ID token: the server prefers its claims"),
    row("E28", "insecure: refuses an http provider"),
];

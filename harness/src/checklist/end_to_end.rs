//! The cases of Immich's own end-to-end suite of its OAuth sign-in.

use super::row::{Row, row};

/// All of them.
pub static END_TO_END: &[Row] = &[
    row("E01", "authorize: an error if the redirect URI is missing"),
    row("E02", "authorize: the address has client id, response type, redirect URI and state"),
    row("E03", "authorize: no prompt when unset"),
    row("E04", "authorize: the configured prompt"),
    row("E05", "callback: an error if the url is missing"),
    row("E06", "callback: an error if the url is empty"),
    row("E07", "callback: an error if the state is not provided"),
    row("E08", "callback: an error if the state does not match"),
    row("E09", "callback: an error if the code verifier is not provided"),
    row("E10", "callback: an error if the verifier does not match the challenge"),
    row("E11", "callback: auto-registers by default, with name, email and role"),
    row("E12", "callback: state and verifier by cookies"),
    row("E13", "callback: an end-user without an email"),
    row("E14", "callback: the quota from its claim"),
    row("E15", "callback: the storage label from its claim"),
    row("E16", "callback: an administrator by the role claim"),
    row("E17", "callback: RS256 tokens"),
    row("E18", "callback: an RS256-signed profile"),
    row("E19", "callback: a different algorithm than the configured one"),
    row("E20", "auto-register off: no account for an unknown end-user"),
    row("E21", "auto-register off: an existing account is linked by its email"),
    row("E22", "back-channel logout: an error if the token is missing"),
    row("E23", "back-channel logout: an error for an invalid token"),
    row("E24", "back-channel logout: a valid token ends the sessions"),
    row("E25", "mobile override: the address has the mobile redirect URI"),
    row("E26", "mobile override: auto-registers"),
    row("E27", "ID token: its claims are preferred"),
    row("E28", "insecure: an http provider is refused"),
];

//! Bugs in settings, in what the sign-in page is told, and in sessions.

use super::list::family;

family! {
    "password-needs-provider", "Nobody signs in with a password while the provider is down.",
        |rules| rules.password_needs_provider = true;
    "cookies-readable", "Scripts can read the session cookie.", |rules| rules.http_only = false;
    "session-of-somebody-else", "A sign-in opens a session of the account that was made first.",
        |rules| rules.session_holder = |accounts, id| accounts.first().map_or(id, |first| &first.id).to_owned();
    "refusal-opens-session", "A callback that is refused leaves a session in a cookie, beside an empty one in its body.",
        |rules| rules.refusal_opens = true;
    "settings-unchecked", "Settings that make no sense are taken.", |rules| rules.nonsense = |_| None;
    "settings-for-everybody", "Whoever signs in reads the settings.", |rules| rules.settings_guarded = false;
    "page-says-on", "The sign-in page is always told that OAuth is on.", |rules| rules.features = |_| (true, false);
    "button-fixed", "The text on the button cannot be changed.",
        |rules| rules.button = |_| "Login with OAuth".into();
    "page-needs-provider", "The sign-in page waits for the provider (Immich up to 1.42).",
        |rules| rules.page_needs_provider = true;
}

//! Bugs in settings, in what the sign-in page is told, and in sessions.

use serde_json::Value;

use super::family::family;

family! {
    "password-needs-provider", "Nobody signs in with a password while the provider is down.",
        |rules| rules.session.password_needs_provider = true;
    "cookies-readable", "Scripts can read the session cookie.", |rules| rules.cookies.session_hidden = false;
    "cookies-for-other-sites", "Cookies go along with requests that other sites make.",
        |rules| rules.cookies.same_site = "; SameSite=None";
    "cookies-without-tls", "Cookies that were set over TLS go over http, too.", |rules| rules.cookies.secure = |_| false;
    "cookies-only-over-tls", "Cookies go over TLS only, although nobody came by TLS.", |rules| rules.cookies.secure = |_| true;
    "session-of-the-browser", "A browser that has a session keeps it, whoever signs in.",
        |rules| rules.session.kept = true;
    "answer-cut-short", "A sign-in answers with the token, and with nothing else that the app reads.",
        |rules| rules.session.answer = |answer| {
            let told = ["accessToken", "userEmail", "name", "isAdmin"];
            told.into_iter().map(|name| (name.to_owned(), answer[name].clone())).collect()
        };
    "session-of-somebody-else", "A sign-in opens a session of the account that was made first.",
        |rules| rules.session.holder = |accounts, id| accounts.first().map_or(id, |first| &first.id).to_owned();
    "session-of-the-latest", "A sign-in opens a session of the account that was made last.",
        |rules| rules.session.holder = |accounts, id| accounts.last().map_or(id, |last| &last.id).to_owned();
    "sign-in-ends-others", "Who signs in is signed out everywhere else.", |rules| rules.session.ends_others = true;
    "refusal-ends-session", "A callback that is refused ends the session that the browser has.",
        |rules| rules.session.refusal_ends = |own, token| own == Some(token);
    "refusal-ends-all", "A callback that is refused ends everybody's sessions.", |rules| rules.session.refusal_ends = |_, _| true;
    "password-off-with-oauth", "Nobody signs in by password while OAuth is on.",
        |rules| rules.session.passwords_enabled = |settings| settings["oauth"]["enabled"] != Value::Bool(true);
    "refusal-opens-session", "A callback that is refused leaves a session in a cookie, beside an empty one in its body.",
        |rules| rules.session.refusal_opens = true;
    "settings-unchecked", "Settings that make no sense are taken.", |rules| rules.settings.nonsense = |_| None;
    "settings-for-everybody", "Whoever signs in reads the settings.", |rules| rules.settings.guarded = false;
    "page-says-on", "The sign-in page is always told that OAuth is on.", |rules| rules.settings.features = |_| (true, false);
    "button-fixed", "The text on the button cannot be changed.",
        |rules| rules.settings.button = |_| "Login with OAuth".into();
    "page-needs-provider", "The sign-in page waits for the provider (Immich up to 1.42).",
        |rules| rules.settings.page_needs_provider = true;
}

//! Bugs in sessions and their cookies, and in what a refusal reveals.

use super::family::family;
use crate::reference::reply::Refusal;

family! {
    "cookies-readable", "Omits `HttpOnly` from the session cookie, so scripts can read it.",
        |rules| rules.cookies.session_hidden = false;
    "cookies-for-other-sites", "Sets cookies with `SameSite=None`, so browsers send them with requests from other \
                                sites.",
        |rules| rules.cookies.same_site = "; SameSite=None";
    "cookies-without-tls", "Omits `Secure` from cookies set over HTTPS, so browsers also send them over HTTP.",
        |rules| rules.cookies.secure = |_| false;
    "cookies-only-over-tls", "Sets cookies with `Secure` even over HTTP, so browsers do not send them back.",
        |rules| rules.cookies.secure = |_| true;
    "session-of-the-browser", "Keeps the browser's session when another end-user signs in.",
        |rules| rules.session.kept = true;
    "answer-cut-short", "Omits members that the app reads from the response to a sign-in.",
        |rules| rules.session.answer = |answer| {
            let told = ["accessToken", "userEmail", "name", "isAdmin"];
            told.into_iter().map(|name| (name.to_owned(), answer[name].clone())).collect()
        };
    "session-of-first-account", "Signs the end-user in to the account that was created first.",
        |rules| rules.session.holder = |accounts, id| accounts.first().map_or(id, |first| &first.id).to_owned();
    "session-of-the-latest", "Signs the end-user in to the account that was created last.",
        |rules| rules.session.holder = |accounts, id| accounts.last().map_or(id, |last| &last.id).to_owned();
    "sessions-doubled", "Creates a second session at each sign-in.", |rules| rules.session.doubled = true;
    "sign-in-ends-others", "Ends the end-user's other sessions at a sign-in.", |rules| rules.session.ends_others = true;
    "refusal-ends-session", "Ends the browser's session when it refuses a callback.",
        |rules| rules.session.refusal_ends = |own, token| own == Some(token);
    "refusal-ends-all", "Ends all sessions of all end-users when it refuses a callback.",
        |rules| rules.session.refusal_ends = |_, _| true;
    "refusal-opens-session", "Creates a session and sets its cookie when it refuses a callback, although the token in \
                              the body is empty.",
        |rules| rules.session.refusal_opens = Some(|token| ("set-cookie", format!("immich_access_token={token}; Path=/; HttpOnly")));
    "refusal-opens-session-elsewhere", "Creates a session when it refuses a callback, and sets it in a cookie with \
                                        another name.",
        |rules| rules.session.refusal_opens = Some(|token| ("set-cookie", format!("connect.sid={token}; Path=/; HttpOnly")));
    "refusal-opens-session-in-address", "Creates a session when it refuses a callback, and sets its token in the query of \
                                         `Location`.",
        |rules| rules.session.refusal_opens = Some(|token| ("location", format!("/auth/login?token={token}")));
    "refusal-sets-cookie", "Sets the cookie `immich_is_authenticated` when it refuses a callback.",
        |rules| rules.session.refusal_header = |_| Some(("set-cookie", "immich_is_authenticated=true; Path=/".to_owned()));
    "refusal-tells-secret", "Reveals the client secret in the error message when it refuses a callback.",
        |rules| rules.session.refusal = |Refusal(status, message), settings| {
            Refusal(status, format!("{message} (client_secret={})", settings["clientSecret"]))
        };
    "refusal-tells-session", "Reveals the token of another session in a header when it refuses a callback.",
        |rules| rules.session.refusal_header = |token| Some(("x-immich-user-token", token.to_owned()));
    "flow-without-owner", "Refuses a callback from another browser, but gives its session to the browser that started the \
                           sign-in.",
        |rules| rules.session.flows_without_owner = true;
    "json-called-html", "Sends JSON as `text/html`, so a browser runs scripts in the names of end-users.",
        |rules| rules.session.content_type = Some("text/html");
}

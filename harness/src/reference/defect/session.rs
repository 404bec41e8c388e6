//! Bugs in sessions and their cookies, and in what a refusal reveals.

use super::family::family;
use crate::reference::reply::Refusal;

family! {
    "cookies-readable", "Sets the session cookie without `HttpOnly`, so scripts can read it.",
        |rules| rules.cookies.session_hidden = false;
    "cookies-for-other-sites", "Sets cookies with `SameSite=None`, so browsers send them with requests from other \
                                sites, too.",
        |rules| rules.cookies.same_site = "; SameSite=None";
    "cookies-without-tls", "Sets cookies without `Secure` even over HTTPS, so browsers also send them over HTTP.",
        |rules| rules.cookies.secure = |_| false;
    "cookies-only-over-tls", "Sets cookies with `Secure` even over HTTP, so browsers do not send them back.",
        |rules| rules.cookies.secure = |_| true;
    "session-of-the-browser", "Keeps the previous end-user signed in when another end-user signs in with the same \
                               browser.",
        |rules| rules.session.kept = true;
    "answer-cut-short", "Returns a sign-in response without some members that the app needs, such as `userId`.",
        |rules| rules.session.answer = |answer| {
            let told = ["accessToken", "userEmail", "name", "isAdmin"];
            told.into_iter().map(|name| (name.to_owned(), answer[name].clone())).collect()
        };
    "session-of-first-account", "Signs every end-user in to the account that was created first.",
        |rules| rules.session.holder = |accounts, id| accounts.first().map_or(id, |first| &first.id).to_owned();
    "session-of-the-latest", "Signs every end-user in to the account that was created last.",
        |rules| rules.session.holder = |accounts, id| accounts.last().map_or(id, |last| &last.id).to_owned();
    "sessions-doubled", "Creates two sessions instead of one at each sign-in.", |rules| rules.session.doubled = true;
    "sign-in-ends-others", "Ends the end-user's other sessions at each sign-in.",
        |rules| rules.session.ends_others = true;
    "refusal-ends-session", "Ends the browser's current session when it refuses a callback.",
        |rules| rules.session.refusal_ends = |own, token| own == Some(token);
    "refusal-ends-all", "Ends all sessions of all end-users when it refuses a callback.",
        |rules| rules.session.refusal_ends = |_, _| true;
    "refusal-opens-session", "Creates a session when it refuses a callback, and sets it in the session cookie. \
                              `accessToken` in the response is empty.",
        |rules| rules.session.refusal_opens = Some(|token| ("set-cookie", format!("immich_access_token={token}; Path=/; HttpOnly")));
    "refusal-opens-session-elsewhere", "Creates a session when it refuses a callback, and sets it in another cookie, \
                                        `connect.sid`.",
        |rules| rules.session.refusal_opens = Some(|token| ("set-cookie", format!("connect.sid={token}; Path=/; HttpOnly")));
    "refusal-opens-session-in-address", "Creates a session when it refuses a callback, and puts the session's token \
                                         into the URL in the `Location` header.",
        |rules| rules.session.refusal_opens = Some(|token| ("location", format!("/auth/login?token={token}")));
    "refusal-redirects", "Refuses a callback with a redirect to its sign-in page, so the app gets no error.",
        |rules| rules.api.refusal_redirects = true;
    "redirect-opens-session", "Creates a session when it refuses a callback with a redirect, and sets it in the \
                               session cookie.",
        |rules| {
            rules.api.refusal_redirects = true;
            rules.session.refusal_opens = Some(|token| ("set-cookie", format!("immich_access_token={token}; Path=/; HttpOnly")));
        };
    "redirect-opens-session-in-address", "Creates a session when it refuses a callback with a redirect, and puts \
                                          its token into the redirect's URL.",
        |rules| {
            rules.api.refusal_redirects = true;
            rules.session.refusal_opens = Some(|token| ("location", format!("/auth/login?token={token}")));
        };
    "redirect-opens-session-in-body", "Creates a session when it refuses a callback with a redirect, and puts its \
                                       token into the body.",
        |rules| {
            rules.api.refusal_redirects = true;
            rules.session.refusal_opens = Some(|token| ("body", token.to_owned()));
        };
    "ended-session-not-found", "Answers 404 at `GET /api/users/me` to a session that has ended.",
        |rules| rules.session.unknown = |refusal| refused_token(refusal, 404, "User not found");
    "ended-session-fails", "Answers 500 at `GET /api/users/me` to a session that has ended.",
        |rules| rules.session.unknown = |refusal| refused_token(refusal, 500, "Internal server error");
    "refusal-sets-cookie", "Sets the cookie `immich_is_authenticated` when it refuses a callback, as if the end-user \
                            were signed in.",
        |rules| rules.session.refusal_header = Some(|_| ("set-cookie", "immich_is_authenticated=true; Path=/".to_owned()));
    "refusal-tells-secret", "Reveals the client secret in the error message when it refuses a callback.",
        |rules| rules.session.refusal = |Refusal(status, message), settings| {
            Refusal(status, format!("{message} (client_secret={})", settings["clientSecret"]))
        };
    "refusal-tells-session", "Reveals the token of the administrator's session in the header `x-immich-user-token` \
                              when it refuses a callback.",
        |rules| rules.session.refusal_header = Some(|token| ("x-immich-user-token", token.to_owned()));
    "flow-without-owner", "Refuses a callback from a browser that did not start the sign-in, but then signs in the \
                           browser that did.",
        |rules| rules.session.flows_without_owner = true;
    "json-called-html", "Sends JSON with the content type `text/html`, so a browser runs scripts that an end-user puts \
                         into their name.",
        |rules| rules.session.content_type = Some("text/html");
}

/// Another answer to a token that opens no session.
fn refused_token(refusal: Refusal, status: u16, message: &str) -> Refusal {
    if refusal.1 == "Invalid user token" { Refusal(status, message.to_owned()) } else { refusal }
}

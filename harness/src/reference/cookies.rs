//! Cookies that the server sets, takes back and reads (contract: session
//! cookies).

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// How long a session's cookies stay, in seconds: 400 days.
pub(super) const OF_A_SESSION: u32 = 34_560_000;

/// What is decided about cookies.
#[derive(Debug, Clone, Copy)]
pub(super) struct CookieRules {
    /// Whether session cookies are hidden from scripts.
    pub(super) session_hidden: bool,
    /// What keeps them from requests that other sites make.
    pub(super) same_site: &'static str,
    /// Whether they go over TLS only, given what a browser asked with.
    pub(super) secure: fn(&HeaderMap) -> bool,
}

impl CookieRules {
    pub(super) fn honest() -> Self {
        Self { session_hidden: true, same_site: "; SameSite=Lax", secure: came_over_tls }
    }

    /// The cookies of an answer to a request with these headers.
    pub(super) fn of(self, headers: &HeaderMap) -> Cookies {
        Cookies { rules: self, secure: (self.secure)(headers) }
    }
}

/// Whether the proxy before the server says so; without one there is no TLS
/// here.
fn came_over_tls(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https")
}

/// Sets cookies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cookies {
    rules: CookieRules,
    secure: bool,
}

impl Cookies {
    /// Sets the token of a session.
    pub(super) fn session(self, response: &mut Response, token: &str) {
        self.set(response, "immich_access_token", token, OF_A_SESSION, self.rules.session_hidden);
    }

    /// Adds a cookie that stays for so many seconds.
    pub(super) fn set(self, response: &mut Response, name: &str, value: &str, seconds: u32, hidden: bool) {
        let hidden = if hidden { "; HttpOnly" } else { "" };
        let secure = if self.secure { "; Secure" } else { "" };
        let same_site = self.rules.same_site;
        append(response, &format!("{name}={value}; Max-Age={seconds}; Path=/{same_site}{hidden}{secure}"));
    }
}

/// Takes a cookie back.
pub(super) fn clear(response: &mut Response, name: &str) {
    append(response, &format!("{name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
}

fn append(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// A cookie of a request.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs =
        headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split("; "));
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

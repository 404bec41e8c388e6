//! Cookies that the server sets, takes back and reads (contract: session
//! cookies).

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::rules::{COOKIE_LIFETIME, CookieRules};

/// What ties a sign-in to the browser that started it.
pub const STATE: &str = "immich_oauth_state";
/// The code verifier of a sign-in.
pub const VERIFIER: &str = "immich_oauth_code_verifier";
/// The token of a session.
pub const TOKEN: &str = "immich_access_token";
/// How a session was opened: `oauth` or `password`.
pub const KIND: &str = "immich_auth_type";

/// Sets cookies.
#[derive(Debug, Clone, Copy)]
pub struct Cookies<'a> {
    rules: &'a CookieRules,
    secure: bool,
}

impl<'a> Cookies<'a> {
    /// The cookies of an answer to a request with these headers.
    pub fn new(rules: &'a CookieRules, headers: &HeaderMap) -> Self {
        Self { rules, secure: (rules.secure)(headers) }
    }

    /// Sets the token of a session.
    pub fn session(self, response: &mut Response, token: &str) {
        self.set(response, TOKEN, token, COOKIE_LIFETIME, self.rules.session_hidden);
    }

    /// Adds a cookie that stays for so many seconds.
    pub fn set(self, response: &mut Response, name: &str, value: &str, seconds: u32, hidden: bool) {
        let hidden = if hidden { "; HttpOnly" } else { "" };
        let secure = if self.secure { "; Secure" } else { "" };
        let same_site = self.rules.same_site;
        let lifetime = (self.rules.lifetime)(name, seconds);
        let stays = lifetime.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        append(response, &format!("{name}={value}{stays}; Path=/{same_site}{hidden}{secure}"));
    }
}

/// Takes a cookie back.
pub fn clear(response: &mut Response, name: &str) {
    append(response, &format!("{name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
}

fn append(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// A cookie of a request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs =
        headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split("; "));
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

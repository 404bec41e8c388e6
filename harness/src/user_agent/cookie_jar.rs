//! The cookies of a browser, by the origin that set them (RFC 6265). Reading a
//! `Set-Cookie` header for judging is for [`crate::set_cookie`].

use std::collections::HashMap;

use cookie_store::{CookieStore, RawCookie};
use url::{Origin, Url};

/// The cookies by origin. A browser also sends them to other ports of the host
/// (RFC 6265 §8.5); this one does not.
#[derive(Debug, Default)]
pub(super) struct CookieJar(HashMap<Origin, CookieStore>);

impl CookieJar {
    /// The value of a cookie that would be sent to `url`.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        let jar = self.0.get(&url.origin())?;
        jar.get_request_values(url).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// The header `Cookie` of a request to `url`; `None` without cookies.
    pub(super) fn header(&self, url: &Url) -> Option<String> {
        let pairs = self.0.get(&url.origin())?.get_request_values(url);
        let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps what an answer from `url` sets: the values of its headers
    /// `Set-Cookie`.
    pub(super) fn store<'a>(&mut self, url: &Url, set: impl Iterator<Item = &'a str>) {
        let parsed = set.filter_map(|text| RawCookie::parse(text.to_owned()).ok());
        self.0.entry(url.origin()).or_default().store_response_cookies(parsed, url);
    }

    /// Drops the cookies without a lifetime.
    pub(super) fn drop_session_cookies(&mut self) {
        for jar in self.0.values_mut() {
            let gone: Vec<_> = jar.iter_any().filter(|cookie| !cookie.is_persistent()).cloned().collect();
            for cookie in gone {
                let domain = cookie.domain.as_cow().unwrap_or_default();
                jar.remove(&domain, cookie.path.as_ref(), cookie.name());
            }
        }
    }

    /// Changes the value of a cookie that would be sent to `url`. Returns
    /// whether there is one.
    pub(super) fn change(&mut self, url: &Url, name: &str, change: impl Fn(&str) -> String) -> bool {
        let Some(jar) = self.0.get_mut(&url.origin()) else { return false };
        let cookie = jar.matches(url).into_iter().find(|cookie| cookie.name() == name).cloned();
        let Some(mut cookie) = cookie.map(RawCookie::from) else { return false };
        cookie.set_value(change(cookie.value()));
        jar.insert_raw(&cookie, url).is_ok()
    }
}

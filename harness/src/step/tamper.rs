//! Changes to a callback on its way through the user agent.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::placeholder::texts;

/// Changes of the callback by an attacker. Left out in the control.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tamper {
    /// Query parameters to replace or add.
    #[serde(default)]
    pub set: IndexMap<String, String>,
    /// Query parameters to remove.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Query parameters to append a second time, with another value.
    #[serde(default)]
    pub append: IndexMap<String, String>,
    /// A URL that replaces the callback URL.
    pub url: Option<String>,
    /// Members of the request body beside `url`, such as `state` and
    /// `codeVerifier`.
    #[serde(default)]
    pub body: Map<String, Value>,
    /// Members of the request body to remove.
    #[serde(default)]
    pub body_remove: Vec<String>,
    /// Cookies of the target whose values the browser replaces before it sends
    /// the callback.
    #[serde(default)]
    pub cookies: IndexMap<String, String>,
    /// Cookies of the target whose values the browser changes to upper case.
    #[serde(default)]
    pub upper_case_cookies: Vec<String>,
}

/// One change on the way through the user agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackChange {
    /// The parameter, member or cookie that changes.
    pub member: String,
    /// What the change is, without the callback as its subject.
    pub clause: String,
}

texts!(Tamper { set, remove, append, url, body, body_remove, cookies, upper_case_cookies } but not {});

impl Tamper {
    /// A parameter that is to be removed, or to come once more, and is not
    /// there: the scenario would prove nothing.
    pub fn missing(&self, callback: &str) -> Option<String> {
        let Ok(url) = Url::parse(callback) else { return None };
        let there = |name: &String| url.query_pairs().any(|(key, _)| key == *name);
        self.remove.iter().chain(self.append.keys()).find(|name| !there(name)).cloned()
    }

    /// Returns each change as a clause, such as "`state` replaced by `x`", with the
    /// name of what changes.
    pub(super) fn changes(&self) -> Vec<CallbackChange> {
        let change = |member: &String, clause: String| CallbackChange { member: member.clone(), clause };
        let pairs = |verb: &str, pairs: &IndexMap<String, String>| -> Vec<CallbackChange> {
            pairs.iter().map(|(name, value)| change(name, format!("`{name}` {verb} `{value}`"))).collect()
        };
        let mut changes = pairs("replaced by", &self.set);
        changes.extend(pairs("repeated with the value", &self.append));
        changes.extend(self.remove.iter().map(|name| change(name, format!("`{name}` removed"))));
        changes.extend(self.url.iter().map(|url| change(&"url".to_owned(), format!("the URL replaced by `{url}`"))));
        let in_body = self.body.iter();
        changes.extend(in_body.map(|(name, value)| change(name, format!("`{name}` of the body set to {value}"))));
        changes.extend(self.body_remove.iter().map(|name| change(name, format!("`{name}` of the body removed"))));
        let cookies = self.cookies.iter();
        changes.extend(cookies.map(|(name, value)| change(name, format!("the cookie `{name}` set to \"{value}\""))));
        let upper_case = self.upper_case_cookies.iter();
        changes.extend(upper_case.map(|name| change(name, format!("the cookie `{name}` in upper case"))));
        changes
    }

    /// The callback URL after the changes.
    pub fn url(&self, callback: &str) -> String {
        if let Some(url) = &self.url {
            return url.clone();
        }
        if self.set.is_empty() && self.remove.is_empty() && self.append.is_empty() {
            return callback.to_owned();
        }
        let Ok(mut url) = Url::parse(callback) else { return callback.to_owned() };
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !self.remove.iter().any(|removed| removed == name))
            .filter(|(name, _)| !self.set.contains_key(name.as_ref()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(&self.set).extend_pairs(&self.append);
        url.into()
    }

    /// The same of the request body.
    pub fn missing_beside(&self, body: &Map<String, Value>) -> Option<String> {
        self.body_remove.iter().find(|name| !body.contains_key(*name)).cloned()
    }

    /// The cookies that change.
    pub fn changed_cookies(&self) -> impl Iterator<Item = &String> {
        self.cookies.keys().chain(&self.upper_case_cookies)
    }

    /// Returns the value of a cookie after the change.
    pub fn cookie(&self, name: &str, value: &str) -> String {
        self.cookies.get(name).cloned().unwrap_or_else(|| value.to_uppercase())
    }

    /// Applies the changes to the request body.
    pub fn body(&self, body: &mut Map<String, Value>) {
        for name in &self.body_remove {
            body.shift_remove(name);
        }
        body.extend(self.body.clone());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("remove = ['state']", "http://t/cb?code=c")]
    #[case("set.state = 'x'", "http://t/cb?code=c&state=x")]
    #[case("append.code = 'd'", "http://t/cb?code=c&state=s&code=d")]
    #[case("url = 'junk'", "junk")]
    fn changes_the_query(#[case] text: &str, #[case] expected: &str) {
        let tamper: Tamper = toml::from_str(text).unwrap();
        assert_eq!(tamper.url("http://t/cb?code=c&state=s"), expected);
    }

    #[test]
    fn replaces_a_cookie_or_writes_it_in_upper_case() {
        let tamper: Tamper = toml::from_str("cookies.a = ''\nupper-case-cookies = ['b']").unwrap();
        assert_eq!(tamper.changed_cookies().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((tamper.cookie("a", "x"), tamper.cookie("b", "x")), (String::new(), "X".to_owned()));
    }

    #[test]
    fn what_is_not_there_cannot_be_left_out() {
        let tamper: Tamper = toml::from_str("remove = ['state']\nbody-remove = ['state']").unwrap();
        assert_eq!(tamper.missing("http://t/cb?code=c"), Some("state".to_owned()));
        assert_eq!(tamper.missing("http://t/cb?state=s"), None);
        let body = Map::from_iter([("url".to_owned(), Value::Null)]);
        assert_eq!(tamper.missing_beside(&body), Some("state".to_owned()));
    }
}

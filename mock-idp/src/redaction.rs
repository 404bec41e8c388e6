//! Hides secrets in a journal entry before a page or answer shows it: the
//! client's secret, credentials in headers, cookies, and our own secret. Codes
//! and tokens stay: they are what one wants to look at.

use std::borrow::Cow;

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::end_user::SECRET;
use crate::journal_entry::Entry;
use crate::protocol::Parameters;

const HIDDEN: &str = "(hidden)";
/// By hand, the secret is typed into a form.
const PARAMETERS: &[&str] = &["client_secret", SECRET];
const HEADERS: &[&str] = &["authorization", "cookie", SECRET, "proxy-authorization", "set-cookie"];

impl Entry {
    /// The entry without its secrets.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.raw_query = pairs(&self.raw_query);
        self.body = members(&self.body).unwrap_or_else(|| pairs(&self.body));
        self.parameters = Parameters::parse(&self.raw_query).and(&self.body).to_pairs();
        for (name, value) in self.headers.iter_mut().chain(&mut self.response_headers) {
            if HEADERS.contains(&name.as_str()) {
                // The scheme shows how the client authenticates.
                let scheme =
                    value.split_once(' ').filter(|_| name.ends_with("authorization")).map(|(scheme, _)| scheme);
                *value = scheme.map_or_else(|| HIDDEN.to_owned(), |scheme| format!("{scheme} {HIDDEN}"));
            }
        }
        self
    }
}

/// Raw form text, left byte for byte except for the secrets in it.
fn pairs(text: &str) -> String {
    let hide = |pair: &str| {
        let name = form_urlencoded::parse(pair.as_bytes()).next().map_or(Cow::Borrowed(""), |(name, _)| name);
        match pair.split_once('=') {
            Some((raw, _)) if PARAMETERS.contains(&&*name) => format!("{raw}={HIDDEN}"),
            _ => pair.to_owned(),
        }
    };
    text.split('&').map(hide).collect::<Vec<_>>().join("&")
}

/// The same for a JSON object with secrets in it, which no client should send,
/// but which the journal should show.
fn members(text: &str) -> Option<String> {
    let mut members: Map<String, Value> = serde_json::from_str(text).ok()?;
    let mut is_changed = false;
    for (_, value) in members.iter_mut().filter(|(name, _)| PARAMETERS.contains(&name.as_str())) {
        (*value, is_changed) = (HIDDEN.into(), true);
    }
    is_changed.then(|| Value::Object(members).to_string())
}

#[cfg(test)]
pub(crate) mod tests {
    use rstest::rstest;

    use super::*;
    use crate::protocol::Endpoint;

    pub(crate) fn entry() -> Entry {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Entry {
            sequence: 3,
            at: 1_800_000_000,
            instant: std::time::Instant::now(),
            endpoint: Endpoint::Token,
            method: "POST".into(),
            path: "/token".into(),
            raw_query: String::new(),
            headers: vec![pair("authorization", "Basic aGlkZGVuOnNlY3JldA=="), pair("cookie", "a=geheim")],
            body: "code=c&client_secret=geheim&state=%20".into(),
            parameters: vec![pair("code", "c"), pair("client_secret", "geheim"), pair("state", " ")],
            status: 200,
            response_headers: vec![pair("set-cookie", "a=geheim"), pair("content-type", "application/json")],
            response_body: "{}".into(),
            altered_by: Vec::new(),
            overlay_error: None,
            panic: None,
        }
    }

    #[test]
    fn no_secret_is_left_and_the_rest_is() {
        let text = format!("{:?}", entry().redacted());
        assert!(!text.contains("geheim") && !text.contains("aGlkZGVu"), "{text}");
        for left in ["code=c&", "state=%20", "Basic (hidden)", "application/json"] {
            assert!(text.contains(left), "{left} is missing in {text}");
        }
    }

    #[test]
    fn a_secret_in_json_is_one_too() {
        let mut odd = entry();
        odd.body = r#"{"code":"c","client_secret":"geheim"}"#.into();
        odd.parameters = Parameters::parse(&odd.body).to_pairs();
        let text = format!("{:?}", odd.redacted());
        assert!(!text.contains("geheim") && text.contains("(hidden)") && text.contains("code"), "{text}");
    }

    #[rstest]
    #[case("", "")]
    #[case("a&b=&client_secret", "a&b=&client_secret")]
    #[case("client%5Fsecret=x&c=1", "client%5Fsecret=(hidden)&c=1")]
    #[case("mock-idp-secret=x", "mock-idp-secret=(hidden)")]
    #[case("{\"json\": \"a=b\"}", "{\"json\": \"a=b\"}")]
    fn raw_text_stays_as_it_was(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(pairs(text), expected);
    }
}

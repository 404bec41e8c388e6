//! The body of a request that finishes a sign-in, for a server that wants the
//! parameters of the callback as members. Pure.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::file_keys::CallbackMembers;
use crate::immich::flow::{CALLBACK_STATE, CALLBACK_URL};

impl CallbackMembers {
    /// The body with the parameters in place of the URL. A parameter that comes
    /// several times becomes a list. What is not text stays.
    pub(super) fn body(&self, mut body: Map<String, Value>) -> Map<String, Value> {
        let state = body.shift_remove(CALLBACK_STATE);
        if let Some((name, state)) = self.app_state.as_ref().zip(state) {
            body.insert(name.clone(), state);
        }
        let Some(Value::String(url)) = body.get(CALLBACK_URL) else { return body };
        let url = url.clone();
        body.shift_remove(CALLBACK_URL);
        let url = url.split('#').next().unwrap_or_default();
        let (redirect_uri, query) = url.split_once('?').unwrap_or((url, ""));
        body.insert(self.redirect_uri.clone(), redirect_uri.into());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = Value::from(value.into_owned());
            match body.get_mut(name.as_ref()) {
                Some(Value::Array(values)) => values.push(value),
                Some(earlier) => *earlier = Value::Array(vec![earlier.take(), value]),
                None => _ = body.insert(name.into_owned(), value),
            }
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::web(
        json!({"url": "http://t/auth/login?code=a%20b&state=s"}),
        json!({"back": "http://t/auth/login", "code": "a b", "state": "s"}),
    )]
    #[case::app(
        json!({"url": "app:///x?code=c&state=s", "state": "own", "codeVerifier": "v"}),
        json!({"back": "app:///x", "code": "c", "state": "s", "begun": "own", "codeVerifier": "v"}),
    )]
    #[case::twice(json!({"url": "http://t/?code=a&code=b"}), json!({"back": "http://t/", "code": ["a", "b"]}))]
    #[case::without_parameters(json!({"url": "not an address"}), json!({"back": "not an address"}))]
    #[case::without_a_url(json!({"url": 7}), json!({"url": 7}))]
    fn parameters_stand_in_place_of_the_url(#[case] body: Value, #[case] expected: Value) {
        let members = CallbackMembers { redirect_uri: "back".to_owned(), app_state: Some("begun".to_owned()) };
        let Value::Object(body) = body else { unreachable!("an object") };
        assert_eq!(Value::Object(members.body(body)), expected);
    }

    #[test]
    fn a_server_that_does_not_take_the_state_of_the_app_does_not_get_it() {
        let members = CallbackMembers { redirect_uri: "back".to_owned(), app_state: None };
        let body = Map::from_iter([("state".to_owned(), json!("own"))]);
        assert_eq!(members.body(body), Map::new());
    }
}

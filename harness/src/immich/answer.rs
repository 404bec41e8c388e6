//! What the answers of the administrator's API mean: that none came, that
//! another program gave it, or why the server refuses. What to ask is for
//! [`super::Immich`]. Secrets that the server says again are labelled here,
//! before an error takes them along.

use serde_json::Value;
use url::Url;

use super::member::{kind, member};
use super::settings_document::CHANGED;
use super::{Account, ApiRoute, NoAnswer, TargetError};
use crate::exchange::Exchange;
use crate::redaction::Secrets;

/// The status, if an answer came at all.
pub(super) fn answered(secrets: &Secrets, exchange: &Exchange) -> Result<u16, TargetError> {
    exchange.status.ok_or_else(|| {
        let url = secrets.text(&exchange.url);
        if exchange.timed_out() {
            return TargetError::TimedOut(url);
        }
        let reason = exchange.error.as_deref().map_or_else(|| "no answer".to_owned(), |error| secrets.text(error));
        match reason.split_once("invalid peer certificate: ") {
            Some((_, reason)) => TargetError::Certificate { url, reason: reason.to_owned() },
            None if reason.contains("InvalidContentType") => TargetError::NoTls(url),
            None => {
                let reason = NoAnswer::of(&reason);
                let origin = Url::parse(&url).ok().filter(|_| reason.is_of_the_server());
                let url = origin.map_or(url, |url| url.origin().ascii_serialization());
                TargetError::Unreachable { url, reason }
            }
        }
    })
}

/// The document of an answer.
pub(super) fn json_of(secrets: &Secrets, exchange: &Exchange) -> Result<Value, TargetError> {
    // An empty answer is one, too.
    if exchange.response_body.is_empty() {
        return Ok(Value::Null);
    }
    exchange.json().ok_or_else(|| {
        let found = match exchange.header("content-type") {
            Some(kind) if kind.contains("json") => format!("{kind} that the harness cannot read"),
            Some(kind) => kind.to_owned(),
            None => "something that is not JSON".to_owned(),
        };
        TargetError::NotImmich { url: exchange.url.clone(), found: secrets.text(&found) }
    })
}

/// A settings document, if it has the sections that a run changes.
pub(super) fn settings_of(document: Value, what: &'static str) -> Result<Value, TargetError> {
    for section in CHANGED {
        member(&document, what, section, Value::as_object)?;
    }
    Ok(document)
}

/// Accounts, if each can be distinguished from the others.
pub(super) fn accounts_of(list: Value) -> Result<Vec<Account>, TargetError> {
    let unreadable = |found: String| TargetError::Unreadable { what: "list of accounts", found };
    let Value::Array(list) = list else { return Err(unreadable(format!("it is {}", kind(Some(&list))))) };
    list.into_iter().map(|document| Account::of(document).map_err(unreadable)).collect()
}

/// The permissions of a key; `None` from servers whose keys have none.
pub(super) fn permissions_of(key: &Value) -> Result<Option<Vec<String>>, TargetError> {
    let texts = |list: &Value| -> Option<Vec<String>> {
        list.as_array()?.iter().map(|one| one.as_str().map(ToOwned::to_owned)).collect()
    };
    match key.get("permissions") {
        None if key.is_object() => Ok(None),
        _ => member(key, "API key", "permissions", texts).map(Some),
    }
}

/// Whether a route is there, by the answer to a request that it would refuse, or
/// that leads to the app; an error where something in front of the server
/// answered in its place.
pub(super) fn has_route(secrets: &Secrets, exchange: &Exchange, path: &str) -> Result<bool, TargetError> {
    match answered(secrets, exchange)? {
        404 | 405 | 501 => Ok(false),
        // It hands the browser over to the app, wherever that is.
        300..400 if path == ApiRoute::MOBILE_REDIRECT.path() => Ok(true),
        // It refuses by a redirect to a page of its own.
        300..400 if FINISHING.iter().any(|route| route.path() == path) && leads_to_own_page(exchange) => Ok(true),
        status @ (300..400 | 429 | 502..=504) => Err(refusal(secrets, exchange, path, status)),
        _ => Ok(true),
    }
}

/// The routes that end a sign-in: browsers may be what asks for them.
const FINISHING: &[ApiRoute] = &[ApiRoute::CALLBACK, ApiRoute::LINK, ApiRoute::PASSWORD_SIGN_IN];

/// Whether a redirect leads to another page of the same server. One to the same
/// page, or to another server, is a proxy's.
fn leads_to_own_page(exchange: &Exchange) -> bool {
    let Ok(asked) = Url::parse(&exchange.url) else { return false };
    let location = exchange.header("location").and_then(|location| asked.join(location).ok());
    location.is_some_and(|location| location.origin() == asked.origin() && location.path() != asked.path())
}

/// The server's time, in seconds since 1970; `None` where the answer has no
/// `Date` (RFC 9110 §6.6.1).
pub(super) fn time_of(exchange: &Exchange) -> Result<Option<i64>, TargetError> {
    let Some(date) = exchange.header("date") else { return Ok(None) };
    let unreadable =
        |_| TargetError::Unreadable { what: "time", found: "its `Date` header is not an HTTP date".to_owned() };
    jiff::fmt::rfc2822::parse(date).map(|date| Some(date.timestamp().as_second())).map_err(unreadable)
}

/// What the server says of a request that it does not grant.
pub(super) fn refusal(secrets: &Secrets, exchange: &Exchange, path: &str, status: u16) -> TargetError {
    let message = exchange.json().and_then(|body| {
        let message = body.get("message")?;
        Some(secrets.text(&message.as_str().map_or_else(|| message.to_string(), ToOwned::to_owned)))
    });
    let Some(message) = message else {
        return TargetError::NotImmich {
            url: exchange.url.clone(),
            found: format!("status {status} without a message"),
        };
    };
    let permission = message.strip_prefix("Missing required permission: ");
    match (status, permission) {
        (401, _) => TargetError::KeyRefused,
        (403, Some(permission)) => TargetError::Permission(vec![permission.to_owned()]),
        (403, None) if message == "Forbidden" => TargetError::NotAdministrator,
        (400, _) if message.contains("IMMICH_CONFIG_FILE") => TargetError::ConfigurationFile,
        _ => TargetError::Unexpected { method: exchange.method.clone(), path: path.to_owned(), status, message },
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({}), "it is an object")]
    #[case(json!({"users": []}), "it is an object")]
    #[case(Value::Null, "it is null")]
    #[case(json!("[]"), "it is text")]
    #[case(json!([1]), "an account has no `id`")]
    #[case(json!([{"id": 1, "email": "a@b", "oauthId": ""}]), "an account has no `id`")]
    #[case(json!([{"id": "1", "oauthId": ""}]), "`email` of the account 1 is missing")]
    #[case(json!([{"id": "1", "email": "a@b"}]), "`oauthId` of the account 1 is missing")]
    #[case(json!([{"id": "1", "email": "a@b", "oauthId": 7}]), "`oauthId` of the account 1 is a number")]
    fn a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(#[case] list: Value, #[case] found: &str) {
        let error = accounts_of(list).err().map(|error| error.to_string());
        assert_eq!(error, Some(format!("the harness cannot read the server's list of accounts: {found}")));
    }

    #[rstest]
    #[case(json!([]), 0)]
    #[case(json!([{"id": "1", "email": "a@b", "oauthId": "x"}, {"id": "2", "email": "c@d", "oauthId": null}]), 2)]
    fn a_list_that_can_be_read_is_whole(#[case] list: Value, #[case] count: usize) {
        assert_eq!(accounts_of(list).map(|accounts| accounts.len()), Ok(count));
    }

    #[rstest]
    #[case(json!({}), "`oauth` is missing")]
    #[case(Value::Null, "`oauth` is missing")]
    #[case(json!({"oauth": "x", "passwordLogin": {}}), "`oauth` is text")]
    #[case(json!({"oauth": {}, "passwordLogin": []}), "`passwordLogin` is a list")]
    fn settings_without_their_sections_cannot_be_read(#[case] document: Value, #[case] found: &str) {
        let error = TargetError::Unreadable { what: "settings", found: found.to_owned() };
        assert_eq!(settings_of(document, "settings"), Err(error));
    }

    #[rstest]
    #[case(json!({"permissions": ["all"]}), "Ok(Some([\"all\"]))")]
    #[case(json!({"name": "of an old server"}), "Ok(None)")]
    #[case(json!({"permissions": "all"}), "Err")]
    #[case(json!({"permissions": ["all", 1]}), "Err")]
    #[case(json!([]), "Err")]
    fn permissions_are_listed_missing_or_unknown(#[case] key: Value, #[case] expected: &str) {
        let found = format!("{:?}", permissions_of(&key));
        assert!(found.starts_with(expected), "{found}");
    }

    #[rstest]
    #[case(404, Some(false))]
    #[case(405, Some(false))]
    #[case(501, Some(false))]
    #[case(400, Some(true))]
    #[case(401, Some(true))]
    #[case(500, Some(true))]
    #[case(301, None)]
    #[case(429, None)]
    #[case(502, None)]
    #[case(503, None)]
    fn a_proxy_does_not_say_whether_there_is_a_route(#[case] status: u16, #[case] expected: Option<bool>) {
        let exchange = Exchange { status: Some(status), ..Exchange::default() };
        assert_eq!(has_route(&Secrets::default(), &exchange, "/").ok(), expected);
    }

    #[test]
    fn the_route_to_the_app_redirects() {
        let exchange = Exchange { status: Some(307), ..Exchange::default() };
        let path = ApiRoute::MOBILE_REDIRECT.path();
        assert_eq!(has_route(&Secrets::default(), &exchange, path), Ok(true));
        assert!(has_route(&Secrets::default(), &exchange, ApiRoute::LINK.path()).is_err());
    }

    #[rstest]
    #[case::own_page(ApiRoute::CALLBACK, "/auth/login?error=state", Some(true))]
    #[case::own_address(ApiRoute::LINK, "http://photos.test/auth/login", Some(true))]
    #[case::a_proxy(ApiRoute::CALLBACK, "https://sso.test/login", None)]
    #[case::tls(ApiRoute::CALLBACK, "https://photos.test/api/oauth/callback", None)]
    #[case::the_same(ApiRoute::CALLBACK, "/api/oauth/callback?again", None)]
    #[case::another_route(ApiRoute::USER_CONFIG, "/auth/login", None)]
    fn a_server_may_refuse_by_a_redirect(#[case] route: ApiRoute, #[case] to: &str, #[case] expected: Option<bool>) {
        let exchange = Exchange {
            status: Some(302),
            url: format!("http://photos.test{}", route.path()),
            response_headers: vec![("location".to_owned(), to.to_owned())],
            ..Exchange::default()
        };
        assert_eq!(has_route(&Secrets::default(), &exchange, route.path()).ok(), expected);
    }

    #[rstest]
    #[case(Some("application/json"), "application/json that the harness cannot read")]
    #[case(Some("text/html"), "text/html")]
    #[case(None, "something that is not JSON")]
    fn a_body_that_is_no_json_is_called_what_it_is(#[case] kind: Option<&str>, #[case] found: &str) {
        let response_headers = kind.map(|kind| ("content-type".to_owned(), kind.to_owned())).into_iter().collect();
        let exchange = Exchange { response_headers, response_body: r#"{"oauth": {"#.into(), ..Exchange::default() };
        let error = TargetError::NotImmich { url: String::new(), found: found.to_owned() };
        assert_eq!(json_of(&Secrets::default(), &exchange), Err(error));
    }

    #[rstest]
    #[case(Some("Thu, 26 Nov 2026 04:00:00 GMT"), "Ok(Some(1795665600))")]
    #[case(Some("soon"), "Err")]
    #[case(None, "Ok(None)")]
    fn a_date_that_is_none_is_no_silence(#[case] date: Option<&str>, #[case] expected: &str) {
        let response_headers = date.map(|date| ("date".to_owned(), date.to_owned())).into_iter().collect();
        let found = format!("{:?}", time_of(&Exchange { response_headers, ..Exchange::default() }));
        assert!(found.starts_with(expected), "{found}");
    }

    #[rstest]
    #[case(401, r#"{"message":"Invalid API key"}"#, TargetError::KeyRefused)]
    #[case(403, r#"{"message":"Forbidden"}"#, TargetError::NotAdministrator)]
    #[case(403, r#"{"message":"Missing required permission: a.b"}"#, TargetError::Permission(vec!["a.b".into()]))]
    #[case(
        400,
        r#"{"message":"Cannot update configuration while IMMICH_CONFIG_FILE is in use"}"#,
        TargetError::ConfigurationFile
    )]
    #[case(502, "<html>", TargetError::NotImmich { url: String::new(), found: "status 502 without a message".into() })]
    fn refusals_are_distinguished(#[case] status: u16, #[case] body: &str, #[case] expected: TargetError) {
        let exchange = Exchange { response_body: body.to_owned(), ..Exchange::default() };
        assert_eq!(refusal(&Secrets::default(), &exchange, "/", status), expected);
    }
}

//! What Immich calls its secrets, for the gate before every way out
//! ([`crate::redaction`]), and where its contract puts them into answers.
//! Whether one stands anywhere else is for the runner to judge. Pure.

use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{ApiRoute, SettingsRoutes};
use crate::exchange::Exchange;
use crate::redaction::{SecretKind, ServerNames};

/// The cookie that holds the token of a session.
pub(crate) const SESSION_COOKIE: &str = "immich_access_token";

/// The cookies of a session: its token, how it began, and that there is one.
pub(super) const SESSION_COOKIES: &[&str] = &[SESSION_COOKIE, "immich_auth_type", "immich_is_authenticated"];

/// The member that holds a new API key.
pub(super) const NEW_API_KEY: &str = "secret";

/// The header that shows an API key.
pub(super) const API_KEY_HEADER: &str = "x-api-key";

/// The cookies that hold state and PKCE verifier of a sign-in.
pub(super) const STATE_COOKIE: &str = "immich_oauth_state";
pub(super) const VERIFIER_COOKIE: &str = "immich_oauth_code_verifier";

/// What Immich calls its secrets.
pub const SECRET_NAMES: ServerNames = ServerNames {
    fields: &[
        ("accessToken", SecretKind::Session),
        ("apiKey", SecretKind::ApiKey),
        ("clientSecret", SecretKind::ClientSecret),
        ("codeVerifier", SecretKind::Verifier),
        (SESSION_COOKIE, SecretKind::Session),
        (VERIFIER_COOKIE, SecretKind::Verifier),
        ("newPassword", SecretKind::Password),
        (API_KEY_HEADER, SecretKind::ApiKey),
        ("x-immich-session-token", SecretKind::Session),
        ("x-immich-user-token", SecretKind::Session),
    ],
    open_cookies: &["immich_auth_type", "immich_is_authenticated", STATE_COOKIE],
    settings_section: "oauth",
    settings_keys: &["clientSecret", "issuerUrl"],
};

/// The headers and the body of an answer, without the secrets that the contract
/// puts there. Only an administrator may read those of the settings.
pub(crate) fn beside_permitted(exchange: &Exchange, is_administrators: bool) -> Vec<String> {
    let is_success = exchange.status.is_some_and(|status| status < 400);
    let asks = |routes: &[ApiRoute]| is_success && routes.iter().any(|route| route.is_of(exchange));
    let mut body = exchange.json();
    let mut cookies: &[&str] = &[];
    let mut echoed = None;
    if asks(&[ApiRoute::CALLBACK, ApiRoute::PASSWORD_SIGN_IN]) {
        cookies = &[SESSION_COOKIE];
        without(body.as_mut(), &|name| name == "accessToken");
    } else if asks(&[ApiRoute::AUTHORIZE]) {
        cookies = &[STATE_COOKIE, VERIFIER_COOKIE];
    } else if asks(&[ApiRoute::LOGOUT]) {
        if let Some(address) = body.as_mut().and_then(|body| body.get_mut("redirectUri")) {
            *address = without_hint(address);
        }
    } else if asks(&[ApiRoute::CREATE_API_KEY]) {
        without(body.as_mut(), &|name| name == NEW_API_KEY);
    } else if is_administrators && SettingsRoutes::ALL.iter().any(|routes| asks(&[routes.get, routes.put])) {
        without(body.as_mut(), &|name| SECRET_NAMES.of_setting(name).is_some());
    } else if asks(&[ApiRoute::MOBILE_REDIRECT]) {
        echoed = exchange.url.split_once('?').map(|(_, query)| query);
    }
    let is_permitted = |text: &str| cookies.iter().any(|name| text.trim_start().starts_with(&format!("{name}=")));
    let headers = exchange.response_headers.iter().map(|(name, value)| match value.split_once(';') {
        _ if name != "set-cookie" || !is_permitted(value) => format!("{name}: {value}"),
        Some((_, attributes)) => attributes.to_owned(),
        None => String::new(),
    });
    let body = body.map_or_else(|| exchange.response_body.clone(), |body| body.to_string());
    headers.chain([body]).map(|text| without_echo(text, echoed)).collect()
}

/// Takes the texts with such names out of a document.
fn without(document: Option<&mut Value>, is_meant: &impl Fn(&str) -> bool) {
    match document {
        Some(Value::Object(members)) => {
            members.retain(|name, value| !(value.is_string() && is_meant(name)));
            members.values_mut().for_each(|value| without(Some(value), is_meant));
        }
        Some(Value::Array(list)) => list.iter_mut().for_each(|value| without(Some(value), is_meant)),
        _ => {}
    }
}

/// The address of the end session without its hint (OIDC RP-Initiated Logout
/// §2).
fn without_hint(address: &Value) -> Value {
    let Some(Ok(mut url)) = address.as_str().map(Url::parse) else { return address.clone() };
    let pairs: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| name != "id_token_hint").map(|(n, v)| (n.into(), v.into())).collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.to_string().into()
}

/// A text without the query that a redirect hands on, as it came or written
/// anew.
fn without_echo(text: String, query: Option<&str>) -> String {
    let Some(query) = query.filter(|query| !query.is_empty()) else { return text };
    let anew =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(query.as_bytes())).finish();
    [query, &anew].iter().fold(text, |text, form| text.replace(form, "").replace(&form.replace('&', "&amp;"), ""))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn exchange(request: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
        let (method, path) = request.split_once(' ').unwrap_or_default();
        Exchange {
            method: method.to_owned(),
            url: format!("http://photos.test{path}"),
            status: Some(status),
            response_headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            response_body: body.to_owned(),
            ..Exchange::default()
        }
    }

    const CALLBACK: &str = "POST /api/oauth/callback";
    const SETTINGS: &str = "GET /api/system-config";
    const NEW_SETTINGS: &str = "PUT /api/admin/config";

    #[rstest]
    #[case::session_in_the_body(CALLBACK, 201, "", r#"{"accessToken":"S3"}"#, false, false)]
    #[case::session_in_the_cookie(CALLBACK, 201, "immich_access_token=S3; Path=/", "", false, false)]
    #[case::session_in_another_cookie(CALLBACK, 201, "immich_session=S3; Path=/", "", false, true)]
    #[case::session_in_another_member(CALLBACK, 201, "", r#"{"token":"S3"}"#, false, true)]
    #[case::session_after_a_refusal(CALLBACK, 400, "", r#"{"accessToken":"S3"}"#, false, true)]
    #[case::verifier("POST /api/oauth/authorize", 201, "immich_oauth_code_verifier=S3", "", false, false)]
    #[case::verifier_in_the_body("POST /api/oauth/authorize", 201, "", r#"{"url":"http://i/?v=S3"}"#, false, true)]
    #[case::hint("POST /api/auth/logout", 200, "", r#"{"redirectUri":"http://i/?id_token_hint=S3"}"#, false, false)]
    #[case::no_hint("POST /api/auth/logout", 200, "", r#"{"redirectUri":"http://i/?secret=S3"}"#, false, true)]
    #[case::new_api_key("POST /api/api-keys", 201, "", r#"{"secret":"S3"}"#, false, false)]
    #[case::api_key_elsewhere("GET /api/api-keys", 200, "", r#"{"secret":"S3"}"#, false, true)]
    #[case::settings(SETTINGS, 200, "", r#"{"oauth":{"clientSecret":"S3"}}"#, true, false)]
    #[case::settings_since_3_2(NEW_SETTINGS, 200, "", r#"{"oauth":{"clientSecret":"S3"}}"#, true, false)]
    #[case::settings_since_3_2_for_a_user(NEW_SETTINGS, 200, "", r#"{"oauth":{"clientSecret":"S3"}}"#, false, true)]
    #[case::public_settings("GET /api/public/config", 200, "", r#"{"oauth":{"clientSecret":"S3"}}"#, true, true)]
    #[case::settings_elsewhere_in_them(SETTINGS, 200, "", r#"{"oauth":{"buttonText":"S3"}}"#, true, true)]
    #[case::public_settings(SETTINGS, 200, "", r#"{"oauth":{"clientSecret":"S3"}}"#, false, true)]
    #[case::handed_on("GET /api/oauth/mobile-redirect?code=S3", 307, "", "to app:?code=S3", false, false)]
    #[case::more_than_that("GET /api/oauth/mobile-redirect?code=x", 307, "", "to app:?code=x&S3", false, true)]
    fn what_the_contract_puts_there_is_left_out(
        #[case] request: &str,
        #[case] status: u16,
        #[case] cookie: &str,
        #[case] body: &str,
        #[case] is_administrators: bool,
        #[case] is_left: bool,
    ) {
        let texts = beside_permitted(&exchange(request, status, &[("set-cookie", cookie)], body), is_administrators);
        assert_eq!(texts.iter().any(|text| text.contains("S3")), is_left, "{texts:?}");
    }
}

//! Whether an authorization request is right, and who signs in by it (RFC 6749
//! §4.1.1, OIDC Core §3.1.2.1). The answer is for [`super::authorization`].
//!
//! The user agent of a run says in headers who signs in, and proves by the
//! secret of the run that it may. A person is asked, where one is served.

use serde_json::Value;

use super::exchange::{Answer, Exchange};
#[cfg(feature = "by-hand")]
use super::interactive_authorization;
use crate::end_user::{DENY, END_USER, SECRET};
use crate::protocol::{CodeChallengeMethod, is_challenge, is_same_secret, is_scope_list};
use crate::settings::Pkce;

/// A request whose client and redirect URI are right.
pub(super) struct AuthorizationRequest {
    pub(super) redirect_uri: String,
    pub(super) end_user: String,
    /// The error by which the user agent goes back, with its description.
    pub(super) error: Option<(String, String)>,
    /// A cookie for the user agent.
    pub(super) cookie: Option<String>,
}

/// The status and the text of a page at which the user agent stays.
pub(super) type Refusal = (u16, String);

/// Reads the request.
///
/// # Errors
/// A page: the request lacks something without which the provider must not
/// redirect (RFC 6749 §4.1.2.1).
pub(super) fn read(exchange: &Exchange<'_>) -> Result<AuthorizationRequest, Box<Answer>> {
    #[cfg(feature = "by-hand")]
    if let Some(interactive) = interactive_authorization::interactive(exchange) {
        return interactive_authorization::read(exchange, interactive);
    }
    by_headers(exchange).map_err(|(status, text)| Box::new(Answer::page(status, &text)))
}

/// The redirect URI, if the client is known and may be sent back there.
pub(super) fn redirect_uri(exchange: &Exchange<'_>) -> Result<String, Refusal> {
    if exchange.parameters.get("client_id") != Some(&exchange.issuer.client.id) {
        return Err((400, "there is no such client".to_owned()));
    }
    let redirect_uri = exchange.parameters.get("redirect_uri").unwrap_or_default();
    if !exchange.issuer.is_redirect_uri(redirect_uri) {
        return Err((400, format!("the redirect URI `{redirect_uri}` is not registered")));
    }
    Ok(redirect_uri.to_owned())
}

fn by_headers(exchange: &Exchange<'_>) -> Result<AuthorizationRequest, Refusal> {
    let issuer = exchange.issuer;
    let page = |status, text: &str| Err((status, text.to_owned()));
    if !exchange.header(SECRET).is_some_and(|given| is_same_secret(given, &issuer.secret)) {
        return page(403, "only the user agent of this run may sign in here");
    }
    let redirect_uri = redirect_uri(exchange)?;
    let Some(end_user) = exchange.header(END_USER) else {
        return page(400, "the user agent does not name an end-user");
    };
    if issuer.end_user(end_user).is_none() {
        return page(400, &format!("there is no end-user `{end_user}`"));
    }
    let denied = exchange.header(DENY).map(|code| (code.to_owned(), "the end-user said no".to_owned()));
    let error = denied.or_else(|| mistake(exchange));
    Ok(AuthorizationRequest { redirect_uri, end_user: end_user.to_owned(), error, cookie: None })
}

/// What is wrong with a request whose client and redirect URI are right.
pub(super) fn mistake(exchange: &Exchange<'_>) -> Option<(String, String)> {
    let parameters = &exchange.parameters;
    let error = |code: &str, text: &str| Some((code.to_owned(), text.to_owned()));
    if parameters.repeated().is_some() {
        return error("invalid_request", "a parameter comes twice");
    }
    if parameters.get("response_type") != Some("code") {
        return error("unsupported_response_type", "only `code` is supported");
    }
    let publication = exchange.issuer.publication();
    let offers = |name: &str| publication.metadata.get(name) == Some(&Value::Bool(true));
    if parameters.get("request").is_some() && !offers("request_parameter_supported") {
        return error("request_not_supported", "request objects are not supported");
    }
    if parameters.get("request_uri").is_some() && !offers("request_uri_parameter_supported") {
        return error("request_uri_not_supported", "request objects are not supported");
    }
    if parameters.get("scope").is_some_and(|scope| !is_scope_list(scope)) {
        return error("invalid_scope", "the scope has characters that are not allowed");
    }
    if parameters.get("max_age").is_some_and(|age| !age.bytes().all(|byte| byte.is_ascii_digit())) {
        return error("invalid_request", "max_age is not a number of seconds");
    }
    let settings = &publication.settings;
    match (settings.pkce, parameters.get("code_challenge")) {
        (Pkce::NotSupported, _) | (Pkce::Supported, None) => None,
        (Pkce::Required, None) => error("invalid_request", "a code challenge is required"),
        (_, Some(_)) if method(exchange).is_none() => {
            let known: Vec<&str> = settings.code_challenge_methods.iter().map(|method| method.name()).collect();
            error("invalid_request", &format!("the code challenge method must be {}", known.join(" or ")))
        }
        (_, Some(challenge)) if !is_challenge(challenge) => {
            error("invalid_request", "a code challenge has 43 to 128 characters, none of them reserved")
        }
        _ => None,
    }
}

/// How the code challenge was made, if that way is known here; `plain` where
/// the request does not say (RFC 7636 §4.3).
pub(super) fn method(exchange: &Exchange<'_>) -> Option<CodeChallengeMethod> {
    let name = exchange.parameters.get("code_challenge_method").unwrap_or("plain");
    let publication = exchange.issuer.publication();
    publication.settings.code_challenge_methods.iter().copied().find(|method| method.name() == name)
}

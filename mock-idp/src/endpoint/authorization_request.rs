//! Whether an authorization request is right, and who signs in by it (RFC 6749
//! §4.1.1, OIDC Core §3.1.2.1). The answer is for [`super::authorization`].
//!
//! The user agent of a run says in headers who signs in, and proves by the
//! secret of the run that it may. [`super::prompt`] decides what a request with
//! `prompt`, `max_age` or `id_token_hint` gets.

use serde_json::Value;

use super::exchange::Exchange;
use super::id_token_hint::hinted;
use super::prompt::{PROMPTS, is_silent, prompts, session};
use crate::end_user::{DENY, END_USER, SECRET};
use crate::message::Delivery;
use crate::protocol::{CodeChallengeMethod, is_challenge, is_same_secret, is_scope_list};
use crate::settings::Pkce;
use crate::store::Session;

/// A request whose client and redirect URI are right.
pub(super) struct AuthorizationRequest {
    pub(super) redirect_uri: String,
    pub(super) end_user: String,
    /// The error by which the user agent goes back, with its description.
    pub(super) error: Option<(String, String)>,
    /// The session of the end-user, if the user agent was not asked to sign in
    /// again.
    pub(super) session: Option<Session>,
    /// A cookie for the user agent.
    pub(super) cookie: Option<String>,
}

/// The status and the text of a page at which the user agent stays.
pub(super) type Refusal = (u16, String);

/// The redirect URI, if the client is known and may be sent back there.
pub(super) fn redirect_uri(exchange: &Exchange<'_>) -> Result<String, Refusal> {
    if exchange.parameters.get("client_id") != Some(&exchange.issuer.publication().client.id) {
        return Err((400, "there is no such client".to_owned()));
    }
    let redirect_uri = exchange.parameters.get("redirect_uri").unwrap_or_default();
    if !exchange.issuer.is_redirect_uri(redirect_uri) {
        return Err((400, format!("the redirect URI `{redirect_uri}` is not registered")));
    }
    Ok(redirect_uri.to_owned())
}

/// Reads the request of a program, whose user agent says in headers who signs
/// in.
///
/// # Errors
/// A page: the request lacks something without which the provider must not
/// redirect (RFC 6749 §4.1.2.1).
pub(super) fn by_headers(exchange: &Exchange<'_>) -> Result<AuthorizationRequest, Refusal> {
    let issuer = exchange.issuer;
    let page = |status, text: &str| Err((status, text.to_owned()));
    if !exchange.header(SECRET).is_some_and(|given| is_same_secret(given, &issuer.secret)) {
        return page(403, &format!("the header `{SECRET}` is missing or wrong"));
    }
    let redirect_uri = redirect_uri(exchange)?;
    let Some(end_user) = exchange.header(END_USER) else {
        return page(400, &format!("the header `{END_USER}` is missing"));
    };
    if issuer.end_user(end_user).is_none() {
        return page(400, &format!("there is no end-user `{end_user}`"));
    }
    let denied = exchange.header(DENY).map(|code| (code.to_owned(), "the end-user refused the sign-in".to_owned()));
    let request = AuthorizationRequest {
        redirect_uri,
        end_user: end_user.to_owned(),
        error: denied.or_else(|| mistake(exchange)),
        session: None,
        cookie: None,
    };
    Ok(request.resumed(exchange))
}

impl AuthorizationRequest {
    /// Returns the request with the session of its end-user, or with the error
    /// if the client wants no sign-in where one is needed.
    pub(super) fn resumed(self, exchange: &Exchange<'_>) -> Self {
        if self.error.is_some() {
            return self;
        }
        match session(exchange, &self.end_user) {
            Ok(session) => Self { session, ..self },
            Err(reason) => Self { error: Some(("login_required".to_owned(), reason.to_owned())), ..self },
        }
    }
}

/// How the client wants the response, if that way is known here.
pub(super) fn response_mode(exchange: &Exchange<'_>) -> Option<Delivery> {
    match exchange.parameters.get("response_mode") {
        None | Some("query") => Some(Delivery::Query),
        Some("form_post") => Some(Delivery::FormPost),
        Some(_) => None,
    }
}

/// What is wrong with a request whose client and redirect URI are right.
pub(super) fn mistake(exchange: &Exchange<'_>) -> Option<(String, String)> {
    let parameters = &exchange.parameters;
    let error = |code: &str, text: &str| Some((code.to_owned(), text.to_owned()));
    if parameters.repeated().is_some() {
        return error("invalid_request", "a parameter occurs more than once");
    }
    if parameters.get("response_type") != Some("code") {
        return error("unsupported_response_type", "the only supported response_type is `code`");
    }
    let publication = exchange.issuer.publication();
    let offers = |name: &str| publication.metadata.get(name) == Some(&Value::Bool(true));
    if parameters.get("request").is_some() && !offers("request_parameter_supported") {
        return error("request_not_supported", "the parameter request is not supported");
    }
    if parameters.get("request_uri").is_some() && !offers("request_uri_parameter_supported") {
        return error("request_uri_not_supported", "the parameter request_uri is not supported");
    }
    if parameters.get("scope").is_some_and(|scope| !is_scope_list(scope)) {
        return error("invalid_scope", "the scope has characters that are not allowed");
    }
    if parameters.get("max_age").is_some_and(|age| !age.bytes().all(|byte| byte.is_ascii_digit())) {
        return error("invalid_request", "max_age must be a number of seconds");
    }
    if parameters.get("registration").is_some() {
        return error("registration_not_supported", "the parameter registration is not supported");
    }
    if response_mode(exchange).is_none() {
        return error("invalid_request", "the supported response modes are `query` and `form_post`");
    }
    if prompts(exchange).any(|prompt| !PROMPTS.contains(&prompt)) {
        return error("invalid_request", "prompt has an unknown value");
    }
    if is_silent(exchange) && prompts(exchange).count() > 1 {
        return error("invalid_request", "prompt cannot have `none` and another value");
    }
    if parameters.get("id_token_hint").is_some_and(|hint| hinted(exchange.issuer, hint).is_none()) {
        return error(
            "invalid_request",
            "the id_token_hint is not an ID token that this provider issued to this client",
        );
    }
    let settings = &publication.settings;
    match (settings.pkce, parameters.get("code_challenge")) {
        (Pkce::NotSupported, _) | (Pkce::Supported, None) => None,
        (Pkce::Required, None) => error("invalid_request", "a code challenge is required"),
        (_, Some(_)) if method(exchange).is_none() => {
            let known: Vec<&str> = settings.code_challenge_methods.iter().map(|method| method.name()).collect();
            error("invalid_request", &format!("code_challenge_method must be {}", known.join(" or ")))
        }
        (_, Some(challenge)) if !is_challenge(challenge) => {
            error("invalid_request", "a code challenge must have 43 to 128 unreserved characters")
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

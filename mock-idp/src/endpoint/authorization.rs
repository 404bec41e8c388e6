//! The authorization endpoint (RFC 6749 §4.1.1, OIDC Core §3.1.2).
//!
//! The user agent of a run says in headers who signs in, and proves by the
//! secret of the run that it may. A person is asked, where one is served.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::exchange::{Answer, Exchange};
use super::interactive_authorization;
use crate::end_user::{DENY, END_USER, SECRET};
use crate::message::{Decision, Delivery, Draft, End, Message, Verdict};
use crate::protocol::{
    CodeChallengeMethod, hashed_challenge, is_challenge, is_same_secret, is_scope_list, scopes, text_of,
};
use crate::settings::Pkce;
use crate::store::{Code, Grant};

pub(super) fn answer(exchange: &mut Exchange<'_>) -> Answer {
    match request(exchange) {
        Ok(request) => {
            let answer = respond(exchange, &request);
            request.cookie.into_iter().fold(answer, |answer, cookie| answer.header("set-cookie", cookie))
        }
        Err(page) => *page,
    }
}

struct AuthorizationRequest {
    redirect_uri: String,
    end_user: String,
    state: Option<String>,
    error: Option<(String, String)>,
    cookie: Option<String>,
}

/// What must be right before anybody is sent back (RFC 6749 §4.1.2.1).
fn request(exchange: &Exchange<'_>) -> Result<AuthorizationRequest, Box<Answer>> {
    let issuer = exchange.issuer;
    let get = |name: &str| exchange.parameters.get(name).map(ToOwned::to_owned);
    let interactive = interactive_authorization::interactive(exchange);
    let page = |status, text: &str| Err(Box::new(interactive_authorization::refusal(interactive, status, text)));
    let has_secret = exchange.header(SECRET).is_some_and(|given| is_same_secret(given, &issuer.secret));
    if interactive.is_none() && !has_secret {
        return page(403, "only the user agent of this run may sign in here");
    }
    if get("client_id").as_ref() != Some(&issuer.client.id) {
        return page(400, "there is no such client");
    }
    let redirect_uri = get("redirect_uri").unwrap_or_default();
    if !issuer.is_redirect_uri(&redirect_uri) {
        return page(400, &format!("the redirect URI `{redirect_uri}` is not registered"));
    }
    if let Some(interactive) = interactive {
        let interactive_authorization::SignIn { end_user, error, cookie } =
            interactive_authorization::decide(exchange, interactive, mistake(exchange))?;
        return Ok(AuthorizationRequest { redirect_uri, end_user, state: get("state"), error, cookie });
    }
    let Some(end_user) = exchange.header(END_USER) else {
        return page(400, "the user agent does not say who signs in");
    };
    if issuer.end_user(end_user).is_none() {
        return page(400, &format!("there is no end-user `{end_user}`"));
    }
    let denied = exchange.header(DENY).map(|code| (code.to_owned(), "the end-user said no".to_owned()));
    let error = denied.or_else(|| mistake(exchange));
    Ok(AuthorizationRequest { redirect_uri, end_user: end_user.to_owned(), state: get("state"), error, cookie: None })
}

/// What is wrong with a request whose client and redirect URI are right.
fn mistake(exchange: &Exchange<'_>) -> Option<(String, String)> {
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
        return error("request_not_supported", "there are no request objects here");
    }
    if parameters.get("request_uri").is_some() && !offers("request_uri_parameter_supported") {
        return error("request_uri_not_supported", "there are no request objects here");
    }
    if parameters.get("scope").is_some_and(|scope| !is_scope_list(scope)) {
        return error("invalid_scope", "the scope has characters that no scope has");
    }
    if parameters.get("max_age").is_some_and(|age| !age.bytes().all(|byte| byte.is_ascii_digit())) {
        return error("invalid_request", "max_age is no number of seconds");
    }
    let settings = &publication.settings;
    match (settings.pkce, parameters.get("code_challenge")) {
        (Pkce::NotSupported, _) | (Pkce::Supported, None) => None,
        (Pkce::Required, None) => error("invalid_request", "a code challenge is required"),
        (_, Some(_)) if method(exchange).is_none() => {
            let known: Vec<&str> = settings.code_challenge_methods.iter().map(|method| method.name()).collect();
            error("invalid_request", &format!("the code challenge is made by {}", known.join(" or ")))
        }
        (_, Some(challenge)) if !is_challenge(challenge) => {
            error("invalid_request", "a code challenge has 43 to 128 characters, none of them reserved")
        }
        _ => None,
    }
}

/// How the code challenge was made, if that way is known here; `plain` where
/// the request does not say (RFC 7636 §4.3).
fn method(exchange: &Exchange<'_>) -> Option<CodeChallengeMethod> {
    let name = exchange.parameters.get("code_challenge_method").unwrap_or("plain");
    let publication = exchange.issuer.publication();
    publication.settings.code_challenge_methods.iter().copied().find(|method| method.name() == name)
}

fn respond(exchange: &mut Exchange<'_>, request: &AuthorizationRequest) -> Answer {
    let end = match &request.error {
        None => End::Accept,
        Some((error, description)) => End::Refuse { error: error.clone(), description: description.clone() },
    };
    let mut draft = Draft::verdict(Verdict { code: exchange.issuer.random_text(32), end });
    exchange.pass(&mut draft);
    let Decision::Authorization(Verdict { code, end }) = draft.decision else { return Answer::default() };
    let accepted = end == End::Accept;
    let mut members = Map::new();
    match end {
        End::Stay { status, page } => return Answer::page(status, page),
        End::Accept => {
            grant(exchange, request, &code);
            members.insert("code".into(), code.into());
        }
        End::Refuse { error, description } => {
            members.insert("error".into(), error.into());
            members.insert("error_description".into(), description.into());
        }
    }
    let publication = exchange.issuer.publication();
    members.extend(request.state.clone().map(|state| ("state".to_owned(), state.into())));
    if publication.settings.authorization_response_iss {
        members.insert("iss".into(), exchange.issuer.url.clone().into());
    }
    if accepted {
        let more = publication.settings.callback_parameters.iter();
        members.extend(more.map(|(name, value)| (name.clone(), value.clone().into())));
    }
    let mut draft = Draft::new(Message::AuthorizationResponse, members);
    draft.transport.status = 302;
    draft.transport.content_type = "text/plain".into();
    draft.transport.location = Some(request.redirect_uri.clone());
    exchange.pass(&mut draft);
    deliver(draft)
}

/// Sends the user agent back, in the way that the draft says.
fn deliver(draft: Draft) -> Answer {
    let Draft { members, mut transport, .. } = draft;
    let mut body = transport.body.take().unwrap_or_default();
    // Without an address the user agent stays.
    if let Some(uri) = transport.location.take() {
        let response = encode(&members);
        let joined = |mark: char| {
            let mark = if uri.contains(mark) { '&' } else { mark };
            Some(format!("{uri}{mark}{response}"))
        };
        match transport.delivery {
            Delivery::Query => transport.location = joined('?'),
            Delivery::Fragment => transport.location = joined('#'),
            Delivery::FormPost => {
                transport.status = 200;
                transport.content_type = "text/html; charset=utf-8".into();
                body = form(&uri, &members);
            }
        }
    }
    Answer { transport, body: body.into(), headers: Vec::new() }
}

/// A page that posts itself (OAuth 2.0 Form Post Response Mode §2).
fn form(redirect_uri: &str, members: &Map<String, Value>) -> String {
    let escape =
        |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    let inputs = pairs(members)
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(&value)));
    format!(
        "<!doctype html><title>Sending you back</title><body onload=\"document.forms[0].submit()\">\
         <form method=\"post\" action=\"{}\">{}<button>Go on</button></form>",
        escape(redirect_uri),
        inputs.collect::<String>()
    )
}

/// Lets `code` stand for what the end-user grants.
fn grant(exchange: &Exchange<'_>, request: &AuthorizationRequest, code: &str) {
    let issuer = exchange.issuer;
    let publication = issuer.publication();
    let settings = &publication.settings;
    let scopes = scopes(exchange.parameters.get("scope").unwrap_or_default());
    let asked = || scopes.map(ToOwned::to_owned).collect();
    let challenge = exchange.parameters.get("code_challenge").filter(|_| settings.pkce != Pkce::NotSupported);
    let now = issuer.clock.now();
    let grant = Grant {
        end_user: request.end_user.clone(),
        scopes: settings.scopes_granted.clone().unwrap_or_else(asked),
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: challenge.map(|challenge| hashed_challenge(challenge, method(exchange))),
        auth_time: exchange.parameters.get("max_age").map(|_| now),
        nonce: exchange.parameters.get("nonce").map(ToOwned::to_owned),
        expires_at: now + i64::from(settings.code_lifetime),
        sid: issuer.random_text(22),
    };
    let mut store = issuer.store();
    store.sids.insert(grant.end_user.clone(), grant.sid.clone());
    store.codes.insert(code.to_owned(), Code { grant, uses: 0, access_token: None });
}

/// Parameters of a response; a list is one that comes several times.
fn pairs(members: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    members.iter().flat_map(|(name, value)| {
        let values = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        values.iter().map(move |value| (name.as_str(), text_of(value)))
    })
}

fn encode(members: &Map<String, Value>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs(members)).finish()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::arbitrary;

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn whatever_is_answered_arrives(
            redirect_uri in "(https://rp\\.example|app\\.immich://)/[a-z/]{0,8}(\\?([a-z]{1,3}=[a-z0-9]{0,4}&?){0,3})?",
            members in arbitrary::object(),
        ) {
            let before = Url::parse(&redirect_uri).unwrap();
            let expected: Vec<(String, String)> = before
                .query_pairs()
                .into_owned()
                .chain(pairs(&members).map(|(name, value)| (name.to_owned(), value)))
                .collect();
            let mut draft = Draft::new(Message::AuthorizationResponse, members);
            draft.transport.location = Some(redirect_uri.clone());
            let location = deliver(draft).transport.location.unwrap();
            let arrived = Url::parse(&location).unwrap();
            prop_assert_eq!(arrived.query_pairs().into_owned().collect::<Vec<_>>(), expected);
            prop_assert!(location.starts_with(&redirect_uri) && arrived.fragment().is_none());
        }
    }
}

//! The authorization code flow, from the server's side (contract §1.2, §1.3).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use url::Url;

use super::end_user;
use crate::reference::cookies::{Cookies, STATE, VERIFIER, clear, cookie};
use crate::reference::instance::{Instance, Shared};
use crate::reference::oauth_client::{Arrival, OAuthClient};
use crate::reference::reply::{Refusal, Reply, json_reply};
use crate::reference::rules::ResponseRules;
use crate::reference::state::{BrowserSession, StartedFlow};

pub(super) async fn authorize(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let provider = OAuthClient::new(&server);
    let rules = &server.rules.authorization;
    let redirect_uri = (rules.given_redirect_uri)(body.get("redirectUri").and_then(Value::as_str))
        .ok_or_else(|| Refusal::bad("[redirectUri] Invalid input: expected string, received undefined"))?;
    if !(server.rules.settings.enabled_at_authorize)(&provider.settings) {
        return Err(Refusal::bad("OAuth is not enabled"));
    }
    let metadata = provider.discover().await?;
    let given = |name: &str| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let state = given("state").unwrap_or_else(|| (rules.state_made)(server.random_text(43)));
    let verifier = server.random_text(rules.verifier_length);
    let url = provider.authorization_url(&metadata, redirect_uri, &state, &verifier, given("codeChallenge"))?;
    let started = StartedFlow {
        redirect_uri: redirect_uri.to_owned(),
        verifier: verifier.clone(),
        issuer: metadata.text("issuer").to_owned(),
    };
    server.store().started.insert(state.clone(), started);
    let mut response = json_reply(201, &(rules.answer)(json!({ "url": url.as_str() }), &verifier));
    if rules.state_renewed || cookie(&headers, STATE).is_none() {
        let cookies = Cookies::new(&server.rules.cookies, &headers);
        cookies.set(&mut response, STATE, &state, rules.state_lifetime, true);
        cookies.set(&mut response, VERIFIER, &verifier, rules.state_lifetime, true);
    }
    Ok(response)
}

/// The client of the provider, if OAuth is on.
pub(super) fn enabled(server: &Instance) -> Result<OAuthClient<'_>, Refusal> {
    let provider = OAuthClient::new(server);
    let enabled = (server.rules.settings.enabled)(&provider.settings);
    if enabled { Ok(provider) } else { Err(Refusal::bad("OAuth is not enabled")) }
}

/// What a callback brings along; state and verifier come in the body, else in
/// cookies.
pub(super) fn arrival(
    body: &Value,
    headers: &HeaderMap,
    rules: &ResponseRules,
    is_link: bool,
) -> Result<Arrival, Refusal> {
    let url = body.get("url").and_then(Value::as_str);
    if let Some(problem) = (rules.address)(url) {
        return Err(Refusal::bad(problem));
    }
    let given = |name: &str, fallback: &str| {
        let own = body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        (rules.given)(own.or_else(|| cookie(headers, fallback)))
    };
    Ok(Arrival {
        url: url.unwrap_or_default().to_owned(),
        state: given("state", STATE).ok_or_else(|| Refusal::bad("OAuth state is missing"))?,
        verifier: given("codeVerifier", VERIFIER).ok_or_else(|| Refusal::bad("OAuth code verifier is missing"))?,
        is_link,
    })
}

pub(super) async fn callback(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let answer = match sign_in(&server, &headers, &body).await {
        Err(refusal) if server.rules.session.flows_without_owner => anybody(&server, &headers, &body, refusal).await,
        answer => answer,
    };
    if answer.is_err() {
        let own = Instance::token(&headers);
        server.store().sessions.retain(|token, _| !(server.rules.session.refusal_ends)(own.as_deref(), token));
    }
    match answer {
        Err(refusal) => {
            let rules = &server.rules.session;
            if let Some(header) = rules.refusal_opens {
                return Ok(server.refuse_with_session(&refusal, header));
            }
            let mut response = (rules.refusal)(refusal, &server.oauth()).into_response();
            if let Some(header) = rules.refusal_header
                && let (name, value) = header(&server.session_of_administrator())
                && let Ok(value) = HeaderValue::from_str(&value)
            {
                response.headers_mut().insert(name, value);
            }
            Ok(response)
        }
        answer => answer,
    }
}

/// Finishes the sign-in of a state that another browser started, and leaves its
/// session to the browser that did.
async fn anybody(server: &Instance, headers: &HeaderMap, body: &Value, refusal: Refusal) -> Reply {
    let url = body.get("url").and_then(Value::as_str).unwrap_or_default();
    let state =
        Url::parse(url).ok().and_then(|url| Some(url.query_pairs().find(|(name, _)| name == "state")?.1.into_owned()));
    let Some(state) = state else { return Err(refusal) };
    let is_owner = cookie(headers, STATE).as_ref() == Some(&state);
    let waiting = server.store().waiting.get(&state).cloned();
    if let Some(id) = waiting.filter(|_| is_owner) {
        let account = server.store().account(&id).cloned().ok_or_else(Refusal::failed)?;
        let session = BrowserSession { account: id, ..BrowserSession::default() };
        return Ok(server.sign_in(headers, &account, "oauth", session));
    }
    let started = server.store().started.get(&state).cloned();
    if let Some(StartedFlow { verifier, .. }) = started.filter(|_| !is_owner) {
        let provider = enabled(server)?;
        let arrival = Arrival { url: url.to_owned(), state: state.clone(), verifier, is_link: false };
        let profile = provider.profile(&arrival).await?;
        let mut store = server.store();
        let id = end_user::account(&mut store, &server.rules.account, &profile.claims, &provider.settings)?;
        store.waiting.insert(state, id);
    }
    Err(refusal)
}

async fn sign_in(server: &Instance, headers: &HeaderMap, body: &Value) -> Reply {
    let provider = enabled(server)?;
    let arrival = arrival(body, headers, &server.rules.response, false)?;
    let profile = provider.profile(&arrival).await?;
    let mut account = {
        let mut store = server.store();
        store.started.remove(&arrival.state);
        let id = end_user::account(&mut store, &server.rules.account, &profile.claims, &provider.settings)?;
        store.account(&id).cloned().ok_or_else(Refusal::failed)?
    };
    if profile.claims.get("picture").is_some_and(server.rules.picture.ends_server) {
        server.restart.begin(server.now());
    }
    // Only once: a user's own picture stays.
    if (!account.has_picture || server.rules.picture.again) && profile.claims.contains_key("picture") {
        let has_picture = provider.has_picture(&profile.claims).await;
        if !has_picture && server.rules.picture.failure_ends {
            return Err(Refusal::failed());
        }
        server.store().accounts.iter_mut().filter(|other| other.id == account.id).for_each(|account| {
            account.has_picture = has_picture;
        });
    }
    if server.rules.session.kept
        && let Ok((_, id)) = server.signed_in(headers)
    {
        account = server.store().account(&id).cloned().unwrap_or(account);
    }
    let holder = (server.rules.session.holder)(&server.store().accounts, &account.id);
    let session = BrowserSession { account: holder, sid: profile.sid, id_token: profile.id_token };
    let mut response = server.sign_in(headers, &account, "oauth", session);
    if server.rules.authorization.state_cleared {
        clear(&mut response, STATE);
        clear(&mut response, VERIFIER);
    }
    Ok(response)
}

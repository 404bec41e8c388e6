//! The authorization code flow, from the server's side (contract §1.2–1.4).

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::account;
use super::authorization_response::{Arrival, AuthorizationResponse, STATE, VERIFIER, failed};
use super::cookies::{clear, cookie};
use super::discovery::Metadata;
use super::id_token::Expectation;
use super::mobile_override::Override;
use super::reply::{Refusal, Reply, json_reply};
use super::server::Server;
use super::state::Session;

type Shared = State<Arc<Server>>;

/// The PKCE challenge of a verifier (RFC 7636 §4.2); where it travels as the
/// nonce, the same text ties the ID token to the verifier.
fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn mobile(settings: &Value) -> Override<'_> {
    let enabled = settings.get("mobileOverrideEnabled") == Some(&Value::Bool(true));
    Override { enabled, uri: text(settings, "mobileRedirectUri") }
}

pub(super) async fn authorize(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let settings = server.oauth();
    let redirect_uri = (server.rules.redirect_uri)(body.get("redirectUri").and_then(Value::as_str))
        .ok_or_else(|| Refusal::bad("[redirectUri] Invalid input: expected string, received undefined"))?;
    if !(server.rules.enabled_at_authorize)(&settings) {
        return Err(Refusal::bad("OAuth is not enabled"));
    }
    let metadata = server.discover(&settings).await?;
    let given = |name: &str| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let state = given("state").unwrap_or_else(|| (server.rules.state_made)(server.random_text(43)));
    let verifier = server.random_text(server.rules.verifier_length);
    let challenge = given("codeChallenge").unwrap_or_else(|| challenge(&verifier));
    let endpoint = server.permitted(metadata.text("authorization_endpoint"), &metadata, &settings);
    let Some(mut url) = endpoint.and_then(server.rules.metadata.authorization_url) else {
        return Err(Refusal(500, "Failed to start oauth".into()));
    };
    {
        let mut query = url.query_pairs_mut();
        let redirect_uri = (server.rules.redirect_at_authorize)(redirect_uri, mobile(&settings));
        query.append_pair("redirect_uri", &redirect_uri);
        query.append_pair("scope", &(server.rules.scope)(text(&settings, "scope")));
        query.append_pair("state", &(server.rules.state_sent)(&state));
        query.extend_pairs((server.rules.authorization_parameters)(&settings));
        let pkce = (server.rules.pkce)(&metadata);
        if pkce || server.rules.challenge_unasked {
            query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
        }
        if !pkce && server.rules.nonce {
            // Without PKCE it is the nonce that ties the code to who started.
            query.append_pair("nonce", &challenge);
        }
        query.append_pair("client_id", text(&settings, "clientId")).append_pair("response_type", "code");
    }
    server.store().started.insert(state.clone(), redirect_uri.to_owned());
    let mut response = json_reply(201, &json!({ "url": url.as_str() }));
    if server.rules.state_renewed || cookie(&headers, STATE).is_none() {
        let cookies = server.rules.cookies.of(&headers);
        cookies.set(&mut response, STATE, &state, server.rules.state_lifetime, true);
        cookies.set(&mut response, VERIFIER, &verifier, server.rules.state_lifetime, true);
    }
    Ok(response)
}

/// Who signed in at the provider.
struct Profile {
    claims: Map<String, Value>,
    sid: Option<String>,
    id_token: Option<String>,
}

pub(super) async fn callback(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let answer = sign_in(&server, &headers, &body).await;
    if answer.is_err() {
        let own = Server::token(&headers);
        server.store().sessions.retain(|token, _| !(server.rules.refusal_ends)(own.as_deref(), token));
    }
    match answer {
        Err(refusal) if server.rules.refusal_opens => Ok(server.refuse_with_session(&headers, &refusal)),
        answer => answer,
    }
}

async fn sign_in(server: &Server, headers: &HeaderMap, body: &Value) -> Reply {
    let settings = server.oauth();
    if !(server.rules.enabled)(&settings) {
        return Err(Refusal::bad("OAuth is not enabled"));
    }
    let arrival = Arrival::read(body, headers, &server.rules, false)?;
    let profile = server.profile(&arrival, &settings).await?;
    let mut account = {
        let mut store = server.store();
        store.started.remove(&arrival.state);
        let id = account::resolve(&mut store, &server.rules, &profile.claims, &settings)?;
        store.account(&id).cloned().ok_or_else(failed)?
    };
    // Once is enough, and whoever has chosen one keeps it.
    if (!account.has_picture || server.rules.picture.again) && profile.claims.contains_key("picture") {
        let has_picture = server.has_picture(&profile.claims, &settings).await;
        if !has_picture && server.rules.picture.failure_ends {
            return Err(failed());
        }
        server.store().accounts.iter_mut().filter(|other| other.id == account.id).for_each(|account| {
            account.has_picture = has_picture;
        });
    }
    if server.rules.session_kept
        && let Ok((_, id)) = server.signed_in(headers)
    {
        account = server.store().account(&id).cloned().unwrap_or(account);
    }
    let holder = (server.rules.session_holder)(&server.store().accounts, &account.id);
    let session = Session { account: holder, sid: profile.sid, id_token: profile.id_token };
    let mut response = server.sign_in(headers, &account, "oauth", session);
    if server.rules.clear_state {
        clear(&mut response, STATE);
        clear(&mut response, VERIFIER);
    }
    Ok(response)
}

pub(super) async fn link(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let (token, id) = match server.signed_in(&headers) {
        Err(_) if server.rules.link_unguarded => server.last_account(),
        session => session?,
    };
    let settings = server.oauth();
    if !(server.rules.enabled)(&settings) {
        return Err(Refusal::bad("OAuth is not enabled"));
    }
    let arrival = Arrival::read(&body, &headers, &server.rules, true)?;
    let profile = server.profile(&arrival, &settings).await?;
    let sub = (server.rules.account.subject)(&profile.claims).ok_or_else(failed)?;
    let mut store = server.store();
    store.started.remove(&arrival.state);
    let elsewhere = store.accounts.iter().any(|account| account.oauth_id == sub && account.id != id);
    if elsewhere && !server.rules.steal_link {
        return Err(Refusal::bad("This OAuth account has already been linked to another user."));
    }
    if let Some(session) = store.sessions.get_mut(&token) {
        session.sid = (server.rules.session_id_at_link)(profile.sid);
    }
    let account = store.accounts.iter_mut().find(|account| account.id == id).ok_or_else(failed)?;
    if !account.oauth_id.is_empty() && !server.rules.link_again {
        return Err(failed());
    }
    account.oauth_id = sub;
    if let Some(email) = (server.rules.email_at_link)(&profile.claims) {
        account.email = email;
    }
    Ok(json_reply(200, &account.document()))
}

pub(super) async fn unlink(State(server): Shared, headers: HeaderMap) -> Reply {
    let (token, id) = match server.signed_in(&headers) {
        Err(_) if server.rules.unlink_unguarded => server.last_account(),
        session => session?,
    };
    let mut store = server.store();
    if server.rules.unlink_ends {
        store.sessions.remove(&token);
    }
    if let Some(session) = store.sessions.get_mut(&token).filter(|_| server.rules.unlink_unties) {
        session.sid = None;
    }
    let account = store.accounts.iter_mut().find(|account| account.id == id).ok_or_else(failed)?;
    if account.oauth_id.is_empty() && !server.rules.unlink_anyway {
        return Err(failed());
    }
    let mut document = account.document();
    document["oauthId"] = "".into();
    if server.rules.unlink_unlinks {
        account.oauth_id = String::new();
    }
    Ok(json_reply(200, &document))
}

impl Server {
    /// From the callback URL to verified claims.
    async fn profile(&self, arrival: &Arrival, settings: &Value) -> Result<Profile, Refusal> {
        let metadata = self.discover(settings).await?;
        let response = AuthorizationResponse::read(arrival, &metadata, &self.rules)?;
        let tokens = self.redeem(&response.code, arrival, settings, &metadata).await?;
        let access_token = (self.rules.token_response.access_token)(tokens.get("access_token")).ok_or_else(failed)?;
        let access_token = response.access_token.unwrap_or(access_token);
        if !(self.rules.token_response.kind)(tokens.get("token_type").and_then(Value::as_str)) {
            return Err(failed());
        }
        let id_token = response.id_token.as_deref().or(tokens.get("id_token").and_then(Value::as_str));
        let id_token = id_token.map(self.rules.reading.letters);
        let claims = match id_token.as_deref() {
            Some(token) if (self.rules.reading.parse)(token).is_some() || self.rules.reading.unreadable_ends => {
                self.id_token(token, &access_token, arrival, settings, &metadata).await?
            }
            None if self.rules.id_token_required => return Err(failed()),
            _ => Map::new(),
        };
        let sid = claims.get("sid").and_then(Value::as_str).map(ToOwned::to_owned);
        let claims = self.all_claims(claims, &access_token, settings, &metadata).await?;
        Ok(Profile { claims, sid, id_token })
    }

    async fn id_token(
        &self,
        token: &str,
        access_token: &str,
        arrival: &Arrival,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let jwt = (self.rules.reading.parse)(token).ok_or_else(failed)?;
        let nonce = (!(self.rules.pkce)(metadata) && self.rules.nonce).then(|| challenge(&arrival.verifier));
        let expected = Expectation {
            issuer: metadata.text("issuer"),
            client_id: text(settings, "clientId"),
            algorithm: text(settings, "signingAlgorithm"),
            now: self.now(),
            access_token: Some(access_token),
            nonce: nonce.as_deref(),
        };
        if !self.rules.id_token.iter().all(|check| (check.holds)(&jwt, &expected)) {
            return Err(failed());
        }
        if self.rules.signature && !self.signature_is_right(token, &jwt, metadata, settings).await {
            return Err(failed());
        }
        Ok(jwt.claims)
    }
}

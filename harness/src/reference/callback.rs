//! The authorization code flow, from the server's side (contract §1.2–1.4).

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Map, Value, json};
use url::{Url, form_urlencoded};

use super::account;
use super::discovery::Metadata;
use super::fetch::Purpose;
use super::id_token::Expectation;
use super::reply::{Refusal, Reply, clear_cookie, json_reply, set_cookie};
use super::rules::Override;
use super::server::{Server, cookie};
use super::state::Session;

type Shared = State<Arc<Server>>;

const STATE: &str = "immich_oauth_state";
const VERIFIER: &str = "immich_oauth_code_verifier";

/// The reason of a failed callback is not for strangers.
pub(super) fn failed() -> Refusal {
    Refusal(500, "Failed to finish oauth".into())
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn mobile(settings: &Value) -> Override<'_> {
    let enabled = settings.get("mobileOverrideEnabled") == Some(&Value::Bool(true));
    Override { enabled, uri: text(settings, "mobileRedirectUri") }
}

pub(super) async fn authorize(State(server): Shared, Json(body): Json<Value>) -> Reply {
    let settings = server.oauth();
    let redirect_uri = (server.rules.redirect_uri)(body.get("redirectUri").and_then(Value::as_str))
        .ok_or_else(|| Refusal::bad("[redirectUri] Invalid input: expected string, received undefined"))?;
    if !(server.rules.enabled_at_authorize)(&settings) {
        return Err(Refusal::bad("OAuth is not enabled"));
    }
    let metadata = server.discover(&settings).await?;
    let given = |name: &str| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let state = given("state").unwrap_or_else(|| server.random_text(43));
    let verifier = server.random_text(43);
    let challenge =
        given("codeChallenge").unwrap_or_else(|| BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())));
    let endpoint = server.permitted(metadata.text("authorization_endpoint"), &metadata, &settings);
    let Some(mut url) = endpoint.and_then(server.rules.metadata.authorization_url) else {
        return Err(Refusal(500, "Failed to start oauth".into()));
    };
    {
        let mut query = url.query_pairs_mut();
        let redirect_uri = (server.rules.redirect_at_authorize)(redirect_uri, mobile(&settings));
        query.append_pair("redirect_uri", &redirect_uri);
        query.append_pair("scope", &(server.rules.scope)(text(&settings, "scope")));
        query.append_pair("state", &state);
        if !text(&settings, "prompt").is_empty() {
            query.append_pair("prompt", text(&settings, "prompt"));
        }
        if (server.rules.pkce)(&metadata) {
            query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
        }
        query.append_pair("client_id", text(&settings, "clientId")).append_pair("response_type", "code");
    }
    server.store().started.insert(state.clone(), redirect_uri.to_owned());
    let mut response = json_reply(201, &json!({ "url": url.as_str() }));
    set_cookie(&mut response, STATE, &state, server.rules.state_lifetime, true);
    set_cookie(&mut response, VERIFIER, &verifier, server.rules.state_lifetime, true);
    Ok(response)
}

/// What a callback brings along.
struct Arrival {
    url: String,
    state: String,
    verifier: String,
    is_link: bool,
}

impl Server {
    fn arrival(&self, body: &Value, headers: &HeaderMap, is_link: bool) -> Result<Arrival, Refusal> {
        let url = body.get("url").and_then(Value::as_str);
        if let Some(problem) = (self.rules.address)(url) {
            return Err(Refusal::bad(problem));
        }
        let given = |name: &str, fallback: &str| {
            let own = body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            (self.rules.given)(own.or_else(|| cookie(headers, fallback)))
        };
        Ok(Arrival {
            url: url.unwrap_or_default().to_owned(),
            is_link,
            state: given("state", STATE).ok_or_else(|| Refusal::bad("OAuth state is missing"))?,
            verifier: given("codeVerifier", VERIFIER).ok_or_else(|| Refusal::bad("OAuth code verifier is missing"))?,
        })
    }
}

/// Who signed in at the provider.
struct Profile {
    claims: Map<String, Value>,
    sid: Option<String>,
    id_token: Option<String>,
}

pub(super) async fn callback(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let settings = server.oauth();
    if !(server.rules.enabled)(&settings) {
        return Err(Refusal::bad("OAuth is not enabled"));
    }
    let arrival = server.arrival(&body, &headers, false)?;
    let profile = server.profile(&arrival, &settings).await?;
    let account = {
        let mut store = server.store();
        store.started.remove(&arrival.state);
        let id = account::resolve(&mut store, &server.rules, &profile.claims, &settings)?;
        store.account(&id).cloned().ok_or_else(failed)?
    };
    // Once is enough, and whoever has chosen one keeps it.
    if !account.has_picture && profile.claims.contains_key("picture") {
        let has_picture = server.has_picture(&profile.claims, &settings).await;
        if !has_picture && server.rules.picture.failure_ends {
            return Err(failed());
        }
        server.store().accounts.iter_mut().filter(|other| other.id == account.id).for_each(|account| {
            account.has_picture = has_picture;
        });
    }
    let session = Session { account: account.id.clone(), sid: profile.sid, id_token: profile.id_token };
    let mut response = server.sign_in(&account, "oauth", session);
    if server.rules.clear_state {
        clear_cookie(&mut response, STATE);
        clear_cookie(&mut response, VERIFIER);
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
    let arrival = server.arrival(&body, &headers, true)?;
    let profile = server.profile(&arrival, &settings).await?;
    let sub = (server.rules.subject)(&profile.claims).ok_or_else(failed)?;
    let mut store = server.store();
    store.started.remove(&arrival.state);
    let elsewhere = store.accounts.iter().any(|account| account.oauth_id == sub && account.id != id);
    if elsewhere && !server.rules.steal_link {
        return Err(Refusal::bad("This OAuth account has already been linked to another user."));
    }
    if let Some(session) = store.sessions.get_mut(&token) {
        session.sid = profile.sid;
    }
    let account = store.accounts.iter_mut().find(|account| account.id == id).ok_or_else(failed)?;
    account.oauth_id = sub;
    Ok(json_reply(200, &account.document()))
}

pub(super) async fn unlink(State(server): Shared, headers: HeaderMap) -> Reply {
    let (_, id) = server.signed_in(&headers)?;
    let mut store = server.store();
    let account = store.accounts.iter_mut().find(|account| account.id == id).ok_or_else(failed)?;
    account.oauth_id = String::new();
    Ok(json_reply(200, &account.document()))
}

impl Server {
    /// From the callback URL to verified claims.
    async fn profile(&self, arrival: &Arrival, settings: &Value) -> Result<Profile, Refusal> {
        let metadata = self.discover(settings).await?;
        let url = Url::parse(&arrival.url).map_err(|_| failed())?;
        let code = self.authorization_response(&url, arrival, &metadata)?;
        let tokens = self.redeem(&code, arrival, settings, &metadata).await?;
        let access_token = tokens.get("access_token").and_then(Value::as_str).ok_or_else(failed)?;
        if !(self.rules.token_type)(tokens.get("token_type").and_then(Value::as_str)) {
            return Err(failed());
        }
        let id_token = tokens.get("id_token").and_then(Value::as_str).map(self.rules.reading.letters);
        let claims = match id_token.as_deref() {
            Some(token) if (self.rules.reading.parse)(token).is_some() || self.rules.reading.unreadable_ends => {
                self.id_token(token, access_token, settings, &metadata).await?
            }
            None if self.rules.id_token_required => return Err(failed()),
            _ => Map::new(),
        };
        let sid = claims.get("sid").and_then(Value::as_str).map(ToOwned::to_owned);
        let claims = self.all_claims(claims, access_token, settings, &metadata).await?;
        Ok(Profile { claims, sid, id_token })
    }

    fn authorization_response(&self, url: &Url, arrival: &Arrival, metadata: &Metadata) -> Result<String, Refusal> {
        let all = |name: &str| -> Vec<String> {
            url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
        };
        let single = |name: &str| {
            let mut values = all(name);
            if values.len() > 1 { Err(failed()) } else { Ok(values.pop()) }
        };
        let iss = single("iss")?;
        if !(self.rules.response_issuer)(metadata, iss.as_deref()) {
            return Err(failed());
        }
        if !(self.rules.state)(&arrival.state, &single("state")?.unwrap_or_default()) {
            return Err(failed());
        }
        if self.rules.error_response && single("error")?.is_some() {
            return Err(failed());
        }
        single("code")?.ok_or_else(failed)
    }

    async fn redeem(
        &self,
        code: &str,
        arrival: &Arrival,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        // RFC 6749 §4.1.3: the very one of the authorization request.
        let started = self.store().started.get(&arrival.state).filter(|_| self.rules.redirect_remembered).cloned();
        let redirect_uri = started.unwrap_or_else(|| arrival.url.split(['?', '#']).next().unwrap_or_default().into());
        let setting = if arrival.is_link { (self.rules.override_at_link)(mobile(settings)) } else { mobile(settings) };
        let redirect_uri = (self.rules.redirect_at_token)(&redirect_uri, setting);
        let (id, secret) = (text(settings, "clientId"), text(settings, "clientSecret"));
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect_uri),
        ];
        if (self.rules.pkce)(metadata) && self.rules.send_verifier {
            form.push(("code_verifier", arrival.verifier.clone()));
        }
        let endpoint = (self.rules.metadata.token_endpoint)(metadata);
        let endpoint = self.permitted(&endpoint, metadata, settings).ok_or_else(failed)?;
        let mut request = self.ask(Method::POST, endpoint, Purpose::Token, settings);
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('-', "%2D");
        if (self.rules.basic)(settings) && !secret.is_empty() {
            let credentials = BASE64_STANDARD.encode(format!("{}:{}", encode(id), encode(secret)));
            request = request.header("authorization", format!("Basic {credentials}"));
        } else {
            form.push(("client_id", id.to_owned()));
            if !secret.is_empty() {
                form.push(("client_secret", secret.to_owned()));
            }
        }
        let answer = self.fetch(request.form(&form), Purpose::Token, settings).await.map_err(|_| failed())?;
        if answer.status != 200 {
            return Err(failed());
        }
        answer.json().map_err(|_| failed())
    }

    async fn id_token(
        &self,
        token: &str,
        access_token: &str,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let jwt = (self.rules.reading.parse)(token).ok_or_else(failed)?;
        let expected = Expectation {
            issuer: metadata.text("issuer"),
            client_id: text(settings, "clientId"),
            algorithm: text(settings, "signingAlgorithm"),
            now: self.now(),
            access_token: Some(access_token),
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

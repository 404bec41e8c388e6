//! Back-channel logout (OIDC Back-Channel Logout §2.6).

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde_json::Value;
use url::form_urlencoded;

use crate::reference::instance::Shared;
use crate::reference::oauth_client::OAuthClient;
use crate::reference::reply::{Refusal, Reply};
use crate::reference::state::BrowserSession;

pub(super) async fn logout(State(server): Shared, body: String) -> Reply {
    let rules = &server.rules.logout_token;
    if let Some(status) = rules.unread {
        return Ok(status.into_response());
    }
    let provider = OAuthClient::new(&server);
    let wrong = || Refusal::bad("Error backchannel logout: token validation failed");
    let token = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "logout_token");
    let done = || rules.status.into_response();
    // What cannot be read.
    let junk = |refusal: Refusal| {
        if !rules.junk_ends_all {
            return Err(refusal);
        }
        server.store().sessions.clear();
        Ok(done())
    };
    let Some((_, token)) = token else {
        return junk(Refusal::bad("[logout_token] Invalid input: expected string, received undefined"));
    };
    if !(server.rules.settings.enabled_at_backchannel)(&provider.settings) {
        return Err(Refusal::bad("Received backchannel logout request but OAuth is not enabled"));
    }
    let metadata = provider.discover().await.map_err(|_| wrong())?;
    let Some(jwt) = provider.read(&token) else { return junk(wrong()) };
    if !provider.is_logout_token(&token, &jwt, &metadata).await {
        return Err(wrong());
    }
    let claim = |name: &str| jwt.claims.get(name).and_then(Value::as_str);
    let (sub, sid) = (claim("sub"), claim("sid"));
    if sub.is_none() && sid.is_none() && rules.names {
        return Err(Refusal::bad("Invalid logout token: it must contain either a sub or a sid claim"));
    }
    let mut store = server.store();
    if !store.spent.insert(claim("jti").unwrap_or(&token).to_owned()) {
        return Err(wrong());
    }
    let linked = |sub| store.accounts.iter().filter(move |account| account.oauth_id == sub);
    let accounts: Option<Vec<String>> = sub.map(|sub| linked(sub).map(|account| account.id.clone()).collect());
    let meant = |session: &BrowserSession| {
        // A session that was opened with a password is not the provider's.
        let opened_there = session.id_token.is_some() || session.sid.is_some() || rules.ends_all;
        let by_sub = accounts.as_ref().map(|ids| ids.contains(&session.account) && opened_there);
        let by_sid = sid.map(|sid| session.sid.as_deref() == Some(sid));
        (rules.means)(by_sub, by_sid)
    };
    if rules.wants_session && !store.sessions.values().any(&meant) {
        return Err(wrong());
    }
    if rules.ends {
        store.sessions.retain(|_, session| !meant(session));
    }
    let mut response = done();
    if rules.uncached {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

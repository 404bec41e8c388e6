//! Linking an account to an end-user, and taking the link away (contract
//! §1.4).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::Value;

use super::oauth::{arrival, enabled};
use crate::reference::instance::Shared;
use crate::reference::reply::{Refusal, Reply, json_reply};

pub(super) async fn link(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let rules = &server.rules.link;
    let (token, id) = match server.signed_in(&headers) {
        Err(_) if rules.unguarded => server.last_account(),
        session => session?,
    };
    let provider = enabled(&server)?;
    let arrival = arrival(&body, &headers, &server.rules.response, true)?;
    let profile = provider.profile(&arrival).await?;
    let sub = (server.rules.account.subject)(&profile.claims).ok_or_else(Refusal::failed)?;
    let mut store = server.store();
    store.started.remove(&arrival.state);
    let elsewhere = store.accounts.iter().any(|account| account.oauth_id == sub && account.id != id);
    if elsewhere && !rules.steals {
        return Err(Refusal::bad("This OAuth account has already been linked to another user."));
    }
    if let Some(session) = store.sessions.get_mut(&token) {
        session.sid = (rules.session_id)(profile.sid);
    }
    let account = store.accounts.iter_mut().find(|account| account.id == id).ok_or_else(Refusal::failed)?;
    if !account.oauth_id.is_empty() && !rules.again {
        return Err(Refusal::failed());
    }
    account.oauth_id = sub;
    if let Some(email) = (rules.email)(&profile.claims) {
        account.email = email;
    }
    Ok(json_reply(200, &account.document()))
}

pub(super) async fn unlink(State(server): Shared, headers: HeaderMap) -> Reply {
    let rules = &server.rules.link;
    let (token, id) = match server.signed_in(&headers) {
        Err(_) if rules.unlink_unguarded => server.last_account(),
        session => session?,
    };
    let mut store = server.store();
    if rules.unlink_ends {
        store.sessions.remove(&token);
    }
    if let Some(session) = store.sessions.get_mut(&token).filter(|_| rules.unlink_unties) {
        session.sid = None;
    }
    let account = store.accounts.iter_mut().find(|account| account.id == id).ok_or_else(Refusal::failed)?;
    if account.oauth_id.is_empty() && !rules.unlink_anyway {
        return Err(Refusal::failed());
    }
    let mut document = account.document();
    document["oauthId"] = (rules.unlinked)();
    if rules.unlink_unlinks {
        account.oauth_id = String::new();
    }
    Ok(json_reply(200, &document))
}

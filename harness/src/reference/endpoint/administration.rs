//! Settings and accounts, for administrators; and the public routes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use semver::Version;
use serde_json::{Value, json};

use crate::reference::instance::{Instance, Shared};
use crate::reference::oauth_client::OAuthClient;
use crate::reference::reply::{Refusal, Reply, json_reply};
use crate::reference::state::{Origin, StoredAccount, over_defaults};

pub(super) async fn ping() -> Response {
    json_reply(200, &json!({ "res": "pong" }))
}

pub(super) async fn version(State(server): Shared) -> Response {
    let Version { major, minor, patch, .. } = server.version;
    json_reply(200, &json!({ "major": major, "minor": minor, "patch": patch }))
}

pub(super) async fn features(State(server): Shared) -> Reply {
    let provider = OAuthClient::new(&server);
    if server.rules.settings.page_needs_provider {
        provider.discover().await?;
    }
    let (enabled, launched) = (server.rules.settings.features)(&provider.settings);
    let features = json!({
        "oauth": enabled,
        "oauthAutoLaunch": launched,
        "passwordLogin": server.settings()["passwordLogin"]["enabled"],
        "configFile": server.settings_from.is_file(),
    });
    Ok(json_reply(200, &features))
}

pub(super) async fn public_configuration(State(server): Shared) -> Response {
    let text = (server.rules.settings.button)(&server.oauth());
    let mut document = json!({ "oauthButtonText": text, "isInitialized": true });
    if let Some(url) = (server.rules.settings.account_page)(&server.oauth()) {
        document["oauthAccountManagementUrl"] = url;
    }
    json_reply(200, &(server.rules.settings.public)(document, &server.oauth()))
}

/// What is public.
pub(super) async fn public_settings(State(server): Shared) -> Response {
    json_reply(200, &(server.rules.api.public)(&server.settings()))
}

/// What every signed-in user may read.
pub(super) async fn settings_for_users(State(server): Shared, headers: HeaderMap) -> Reply {
    server.signed_in(&headers)?;
    Ok(json_reply(200, &(server.rules.api.for_users)(&server.settings())))
}

/// The settings of administrators, at routes that need permissions of this
/// name.
pub(super) fn settings_at(name: &'static str) -> MethodRouter<Arc<Instance>> {
    let read = async move |State(server): Shared, headers: HeaderMap| -> Reply {
        server.administrator(&headers, &format!("{name}.read"))?;
        Ok(json_reply(200, &server.settings()))
    };
    let replace = async move |State(server): Shared, headers: HeaderMap, Json(new): Json<Value>| -> Reply {
        server.administrator(&headers, &format!("{name}.update"))?;
        put_settings(&server, &new)
    };
    get(read).put(replace)
}

/// The settings of a fresh server, in the same way.
pub(super) fn default_settings_at(name: &'static str) -> MethodRouter<Arc<Instance>> {
    get(async move |State(server): Shared, headers: HeaderMap| -> Reply {
        server.administrator(&headers, &format!("{name}.read"))?;
        Ok(json_reply(200, &server.rules.api.defaults()))
    })
}

fn put_settings(server: &Instance, new: &Value) -> Reply {
    if let Some(problem) = server.settings_from.refusal() {
        return Err(Refusal::bad(problem));
    }
    let document =
        over_defaults(server.rules.api.defaults(), new, Origin::Api).map_err(|problem| Refusal::bad(&problem))?;
    if let Some(problem) = (server.rules.settings.nonsense)(&document["oauth"]) {
        return Err(Refusal::bad(problem));
    }
    let before = std::mem::replace(&mut server.store().settings, document.clone());
    server.replicas.changed(before);
    Ok(json_reply(200, &document))
}

/// What the key in hand may do.
pub(super) async fn api_key(State(server): Shared, headers: HeaderMap) -> Reply {
    let first = server.permissions.first().map(String::as_str).unwrap_or_default();
    server.administrator(&headers, first)?;
    Ok(json_reply(200, &json!({ "name": "harness", "permissions": server.permissions })))
}

pub(super) async fn accounts(State(server): Shared, headers: HeaderMap) -> Reply {
    server.administrator(&headers, "adminUser.read")?;
    let all: Value = server.store().accounts.iter().map(StoredAccount::document).collect();
    Ok(json_reply(200, &all))
}

pub(super) async fn create_account(State(server): Shared, headers: HeaderMap, Json(new): Json<Value>) -> Reply {
    server.administrator(&headers, "adminUser.create")?;
    let text = |name: &str| new.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let email = text("email").trim().to_lowercase();
    let mut store = server.store();
    if store.accounts.iter().any(|account| account.email == email) {
        return Err(Refusal::bad("User exists"));
    }
    let id = store.next_id();
    let account =
        StoredAccount { id, email, name: text("name"), password: Some(text("password")), ..StoredAccount::default() };
    let document = account.document();
    store.accounts.push(account);
    Ok(json_reply(201, &document))
}

pub(super) async fn delete_account(
    State(server): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(how): Json<Value>,
) -> Reply {
    server.administrator(&headers, "adminUser.delete")?;
    let mut store = server.store();
    // An account in the trash cannot be deleted again.
    let Some(account) = store.accounts.iter_mut().find(|account| account.id == id && !account.deleted) else {
        return Err(Refusal::bad("User not found"));
    };
    account.deleted = true;
    let document = account.document();
    if how.get("force") == Some(&Value::Bool(true)) {
        store.accounts.retain(|account| account.id != id);
    }
    if server.rules.session.bin_ends {
        store.sessions.retain(|_, session| session.account != id);
        store.user_keys.retain(|_, account| *account != id);
    }
    Ok(json_reply(200, &document))
}

pub(super) async fn undelete_account(State(server): Shared, Path(id): Path<String>, headers: HeaderMap) -> Reply {
    server.administrator(&headers, "adminUser.delete")?;
    let mut store = server.store();
    let Some(account) = store.accounts.iter_mut().find(|account| account.id == id) else {
        return Err(Refusal::bad("User not found"));
    };
    account.deleted = false;
    Ok(json_reply(200, &account.document()))
}

//! Sessions: by password, and who am I; and the page that hands over to the
//! app. Signing out stands in `sign_out`.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::reference::cookies::{Cookies, KIND};
use crate::reference::instance::{Instance, Shared};
use crate::reference::oauth_client::OAuthClient;
use crate::reference::reply::{Refusal, Reply, json_reply};
use crate::reference::rules::COOKIE_LIFETIME;
use crate::reference::state::{BrowserSession, EmailSource, StoredAccount};

impl Instance {
    /// Makes a session and answers with it.
    pub(super) fn sign_in(
        &self,
        headers: &HeaderMap,
        account: &StoredAccount,
        kind: &str,
        session: BrowserSession,
    ) -> Response {
        let token = self.random_text(43);
        {
            let mut store = self.store();
            if self.rules.session.ends_others {
                store.sessions.retain(|_, other| other.account != session.account);
            }
            if self.rules.session.doubled {
                store.sessions.insert(self.random_text(43), session.clone());
            }
            store.sessions.insert(token.clone(), session);
        }
        let body = json!({
            "accessToken": token,
            "userId": account.id,
            "userEmail": account.email,
            "name": account.name,
            "isAdmin": account.is_admin,
            "profileImagePath": account.picture(),
            "shouldChangePassword": true,
            "isOnboarded": false,
        });
        let mut response = json_reply(201, &(self.rules.session.answer)(body));
        let cookies = Cookies::new(&self.rules.cookies, headers);
        cookies.session(&mut response, &token);
        cookies.set(&mut response, KIND, kind, COOKIE_LIFETIME, true);
        cookies.set(&mut response, "immich_is_authenticated", "true", COOKIE_LIFETIME, false);
        response
    }

    /// The token of a session that the administrator has just opened.
    pub(super) fn session_of_administrator(&self) -> String {
        let token = self.random_text(43);
        let mut store = self.store();
        let account = store.accounts.iter().find(|account| account.is_admin).map(|account| account.id.clone());
        let session = BrowserSession { account: account.unwrap_or_default(), ..BrowserSession::default() };
        store.sessions.insert(token.clone(), session);
        token
    }

    /// A refusal that opens a session all the same, if only by a header.
    pub(super) fn refuse_with_session(
        &self,
        refusal: &Refusal,
        header: fn(&str) -> (&'static str, String),
    ) -> Response {
        let token = self.random_text(43);
        let (_, account) = self.last_account();
        self.store().sessions.insert(token.clone(), BrowserSession { account, ..BrowserSession::default() });
        let (name, value) = header(&token);
        let in_body = if name == "body" { value.as_str() } else { "" };
        let body = json!({ "message": refusal.1, "statusCode": refusal.0, "accessToken": in_body });
        let mut response = json_reply(refusal.0, &body);
        if name != "body"
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

pub(super) async fn me(State(server): Shared, headers: HeaderMap) -> Reply {
    let (_, id) = server.signed_in(&headers).map_err(server.rules.session.unknown)?;
    let store = server.store();
    let account = store.account(&id).ok_or_else(|| Refusal(401, "Invalid user token".into()))?;
    Ok(json_reply(200, &account.document()))
}

/// Changes the user's own email or name.
pub(super) async fn change_me(State(server): Shared, headers: HeaderMap, Json(new): Json<Value>) -> Reply {
    let (_, id) = server.signed_in(&headers)?;
    let text = |name: &str| new.get(name).and_then(Value::as_str);
    let email = text("email").map(server.rules.account.email);
    let mut store = server.store();
    let is_taken = |account: &StoredAccount| account.id != id && Some(&account.email) == email.as_ref();
    if store.accounts.iter().any(is_taken) {
        return Err(Refusal::bad("Email already in use by another account"));
    }
    let account = store.accounts.iter_mut().find(|account| account.id == id);
    let account = account.ok_or_else(|| Refusal(401, "Invalid user token".into()))?;
    if let Some(email) = email {
        account.email = email;
        account.email_source = EmailSource::User;
    }
    account.name = text("name").unwrap_or(&account.name).to_owned();
    Ok(json_reply(200, &account.document()))
}

/// Makes an API key that may do all that the user may.
pub(super) async fn create_api_key(State(server): Shared, headers: HeaderMap, Json(new): Json<Value>) -> Reply {
    let (_, id) = server.signed_in(&headers)?;
    let key = server.random_text(43);
    server.store().user_keys.insert(key.clone(), id);
    Ok(json_reply(201, &json!({ "secret": key, "apiKey": { "name": new["name"], "permissions": new["permissions"] } })))
}

/// The sessions of the user.
pub(super) async fn sessions(State(server): Shared, headers: HeaderMap) -> Reply {
    let (own, id) = match server.signed_in(&headers) {
        Err(refusal) => {
            let token = Instance::token(&headers).unwrap_or_default();
            let id = server.store().ended.get(&token).cloned().ok_or(refusal)?;
            (token, id)
        }
        Ok(signed_in) => signed_in,
    };
    let store = server.store();
    let of_user = store.sessions.iter().filter(|(_, session)| session.account == id);
    let list: Value = of_user.map(|(token, _)| json!({ "current": *token == own })).collect();
    Ok(json_reply(200, &list))
}

pub(super) async fn password(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Reply {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if server.rules.session.password_needs_provider {
        OAuthClient::new(&server).discover().await?;
    }
    if !(server.rules.session.passwords_enabled)(&server.settings()) {
        return Err(Refusal(401, "Password login has been disabled".into()));
    }
    let account = {
        let store = server.store();
        let email = text("email").trim().to_lowercase();
        let is_named = |account: &&StoredAccount| !account.deleted && account.email == email;
        store.accounts.iter().find(is_named).cloned()
    };
    let knows =
        |account: &StoredAccount| (server.rules.session.password)(account.password.as_deref(), text("password"));
    let is_right = account.as_ref().is_some_and(knows);
    let account = account.filter(|_| is_right || server.rules.session.before_password);
    let account = account.ok_or_else(|| Refusal(401, "Incorrect email or password".into()))?;
    let session = BrowserSession { account: account.id.clone(), ..BrowserSession::default() };
    let mut response = server.sign_in(&headers, &account, "password", session);
    if !is_right {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
    }
    Ok(response)
}

pub(super) async fn mobile_redirect(State(server): Shared, RawQuery(query): RawQuery) -> Response {
    let location = (server.rules.authorization.mobile_redirect)(&query.unwrap_or_default());
    if server.rules.authorization.mobile_page {
        return Html(app_page(&location)).into_response();
    }
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    if let Ok(value) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// A page for browsers that do not follow a redirect to an app.
fn app_page(location: &str) -> String {
    let escaped = [("&", "&amp;"), ("\"", "&quot;"), ("<", "&lt;"), (">", "&gt;")];
    let href = escaped.iter().fold(location.to_owned(), |text, (letter, entity)| text.replace(letter, entity));
    format!("<!doctype html><title>Immich</title><a href=\"{href}\">Open the app</a>")
}

//! Sessions: by password, who am I, and signing out; and the page that hands
//! over to the app.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::account::Account;
use super::reply::{OF_A_SESSION, Refusal, Reply, clear_cookie, json_reply, set_cookie};
use super::server::{Server, cookie};
use super::state::Session;

type Shared = State<Arc<Server>>;

impl Server {
    /// Makes a session and answers with it.
    pub(super) fn sign_in(&self, account: &Account, kind: &str, session: Session) -> Response {
        let token = self.random_text(43);
        self.store().sessions.insert(token.clone(), session);
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
        let mut response = json_reply(201, &body);
        set_cookie(&mut response, "immich_access_token", &token, OF_A_SESSION, self.rules.http_only);
        set_cookie(&mut response, "immich_auth_type", kind, OF_A_SESSION, true);
        set_cookie(&mut response, "immich_is_authenticated", "true", OF_A_SESSION, false);
        response
    }
}

impl Server {
    /// A refusal that opens a session all the same, if only by a cookie.
    pub(super) fn refuse_with_session(&self, refusal: &Refusal) -> Response {
        let token = self.random_text(43);
        let (_, account) = self.last_account();
        self.store().sessions.insert(token.clone(), Session { account, ..Session::default() });
        let body = json!({ "message": refusal.1, "statusCode": refusal.0, "accessToken": "" });
        let mut response = json_reply(refusal.0, &body);
        set_cookie(&mut response, "immich_access_token", &token, OF_A_SESSION, self.rules.http_only);
        response
    }
}

pub(super) async fn me(State(server): Shared, headers: HeaderMap) -> Reply {
    let (_, id) = server.signed_in(&headers)?;
    let store = server.store();
    let account = store.account(&id).ok_or_else(|| Refusal(401, "Invalid user token".into()))?;
    Ok(json_reply(200, &account.document()))
}

pub(super) async fn password(State(server): Shared, Json(body): Json<Value>) -> Reply {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if server.rules.password_needs_provider {
        server.discover(&server.oauth()).await?;
    }
    if server.settings()["passwordLogin"]["enabled"] == Value::Bool(false) {
        return Err(Refusal(401, "Password login has been disabled".into()));
    }
    let account = {
        let store = server.store();
        let email = text("email").trim().to_lowercase();
        let fits = |account: &&Account| {
            !account.deleted
                && account.email == email
                && (server.rules.password)(account.password.as_deref(), text("password"))
        };
        store.accounts.iter().find(fits).cloned()
    };
    let account = account.ok_or_else(|| Refusal(401, "Incorrect email or password".into()))?;
    let session = Session { account: account.id.clone(), ..Session::default() };
    Ok(server.sign_in(&account, "password", session))
}

/// Signs out here, whatever the provider does, and says where to go next.
pub(super) async fn logout(State(server): Shared, headers: HeaderMap) -> Reply {
    let token = match server.signed_in(&headers) {
        Err(refusal) if server.rules.logout_guarded => return Err(refusal),
        session => session.map(|(token, _)| token).unwrap_or_default(),
    };
    let session = if server.rules.logout_ends {
        server.store().sessions.remove(&token)
    } else {
        server.store().sessions.get(&token).cloned()
    };
    let settings = server.oauth();
    let mut redirect = "/auth/login?autoLaunch=0".to_owned();
    let by_oauth = cookie(&headers, "immich_auth_type").as_deref() == Some("oauth");
    if by_oauth && (server.rules.enabled)(&settings) && server.rules.logout_redirects {
        let configured = settings.get("endSessionEndpoint").and_then(Value::as_str).filter(|url| !url.is_empty());
        let endpoint = match configured {
            Some(url) => url.to_owned(),
            None => match server.discover(&settings).await {
                Ok(metadata) => metadata.text("end_session_endpoint").to_owned(),
                Err(error) if server.rules.logout_needs_provider => return Err(error),
                Err(_) => String::new(),
            },
        };
        if !endpoint.is_empty() {
            let hint = session.and_then(|session| session.id_token).filter(|_| server.rules.logout_hint);
            redirect = with_hint(&endpoint, hint.as_deref());
        }
    }
    let mut response = json_reply(200, &json!({ "successful": true, "redirectUri": redirect }));
    for name in ["immich_access_token", "immich_auth_type", "immich_is_authenticated"] {
        clear_cookie(&mut response, name);
    }
    Ok(response)
}

fn with_hint(endpoint: &str, id_token: Option<&str>) -> String {
    let Some(id_token) = id_token else { return endpoint.to_owned() };
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("id_token_hint", id_token).finish();
    format!("{endpoint}{separator}{query}")
}

pub(super) async fn mobile_redirect(State(server): Shared, RawQuery(query): RawQuery) -> Response {
    let location = (server.rules.mobile_redirect)(&query.unwrap_or_default());
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    if let Ok(value) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

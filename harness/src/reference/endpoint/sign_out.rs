//! Signing out (contract: POST /api/auth/logout; OIDC RP-Initiated Logout §2).
//! What the provider has to say about it stands in `backchannel`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use serde_json::json;
use url::form_urlencoded;

use crate::reference::cookies::{KIND, clear, cookie};
use crate::reference::instance::{Instance, Shared};
use crate::reference::oauth_client::OAuthClient;
use crate::reference::reply::{Reply, json_reply};
use crate::reference::state::BrowserSession;

/// Signs out here, whatever the provider does, and says where to go next.
pub(super) async fn logout(State(server): Shared, headers: HeaderMap) -> Reply {
    let rules = &server.rules.sign_out;
    let token = match server.signed_in(&headers) {
        Err(refusal) if rules.guarded => return Err(refusal),
        session => session.map(|(token, _)| token).unwrap_or_default(),
    };
    let session = server.end_session_of(&token);
    let provider = OAuthClient::new(&server);
    let mut redirect = "/auth/login?autoLaunch=0".to_owned();
    let kind = cookie(&headers, KIND);
    if (rules.redirects)(kind.as_deref()) && (server.rules.settings.enabled)(&provider.settings) {
        if rules.asks_anyway {
            provider.discover().await?;
        }
        let endpoint = match (rules.configured)(&provider.settings) {
            "" => match provider.discover().await {
                Ok(metadata) => (rules.end_session)(&metadata),
                Err(error) if rules.needs_provider => return Err(error),
                Err(_) => String::new(),
            },
            url => url.to_owned(),
        };
        if !endpoint.is_empty() {
            let hint = session.and_then(rules.hint);
            let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
            let way_back = (rules.way_back)(host);
            let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", way_back)];
            redirect = with_parameters(&endpoint, parameters);
        }
    }
    let mut response = json_reply(rules.status, &json!({ "successful": true, "redirectUri": redirect }));
    for name in rules.cookies {
        clear(&mut response, name);
    }
    Ok(response)
}

impl Instance {
    /// Ends what signing out by this token ends. Returns the session that it
    /// stood for.
    fn end_session_of(&self, token: &str) -> Option<BrowserSession> {
        let mut store = self.store();
        let own = store.sessions.get(token).cloned()?;
        store.sessions.retain(|other, session| !(self.rules.sign_out.ends)((token, &own), (other, session)));
        if self.rules.sign_out.list_stays {
            store.ended.insert(token.to_owned(), own.account.clone());
        }
        Some(own)
    }
}

fn with_parameters(endpoint: &str, parameters: [(&str, Option<String>); 2]) -> String {
    let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    let separator = if endpoint.contains('?') { "&" } else { "?" };
    let separator = if query.is_empty() { "" } else { separator };
    format!("{endpoint}{separator}{query}")
}

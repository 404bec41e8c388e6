//! Signing out (contract: POST /api/auth/logout; OIDC RP-Initiated Logout §2).
//! What the provider has to say about it stands in `backchannel`.

use axum::extract::State;
use axum::http::HeaderMap;
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
            redirect = with_hint(&endpoint, hint.as_deref());
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

fn with_hint(endpoint: &str, id_token: Option<&str>) -> String {
    let Some(id_token) = id_token else { return endpoint.to_owned() };
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("id_token_hint", id_token).finish();
    format!("{endpoint}{separator}{query}")
}

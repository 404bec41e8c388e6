//! Signing out (contract: POST /api/auth/logout; OIDC RP-Initiated Logout §2).
//! What the provider has to say about it stands in `backchannel`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::callback::text;
use super::cookies::{clear, cookie};
use super::discovery::Metadata;
use super::reply::{Reply, json_reply};
use super::server::Server;
use super::state::Session;

/// A session, by its token.
pub(super) type Holder<'a> = (&'a str, &'a Session);

/// What is decided about signing out.
#[derive(Debug, Clone)]
pub(super) struct SignOutRules {
    /// Whether nobody is signed out without a session.
    pub(super) guarded: bool,
    /// Whether the second session ends when the first signs out.
    pub(super) ends: for<'a> fn(Holder<'a>, Holder<'a>) -> bool,
    /// The cookies that are taken back.
    pub(super) cookies: &'static [&'static str],
    /// Whether signing out leads to the provider, given how it was signed in.
    pub(super) redirects: fn(Option<&str>) -> bool,
    /// Where signing out leads whatever the provider says, given the settings.
    pub(super) configured: for<'a> fn(&'a Value) -> &'a str,
    /// Whether the provider is asked even so, and its failure counts.
    pub(super) asks_anyway: bool,
    /// Where it leads by what the provider says.
    pub(super) end_session: fn(&Metadata) -> String,
    /// Whether nobody can sign out while the provider is down.
    pub(super) needs_provider: bool,
    /// What tells the provider who signs out.
    pub(super) hint: fn(Session) -> Option<String>,
    /// The status of the answer, once it is done.
    pub(super) status: u16,
}

impl SignOutRules {
    pub(super) fn honest() -> Self {
        Self {
            guarded: true,
            ends: |(own, _), (other, _)| own == other,
            cookies: &["immich_access_token", "immich_auth_type", "immich_is_authenticated"],
            redirects: |kind| kind == Some("oauth"),
            configured: |settings| text(settings, "endSessionEndpoint"),
            asks_anyway: false,
            end_session: |metadata| metadata.text("end_session_endpoint").to_owned(),
            needs_provider: false,
            hint: |session| session.id_token,
            status: 200,
        }
    }
}

/// Signs out here, whatever the provider does, and says where to go next.
pub(super) async fn logout(State(server): State<Arc<Server>>, headers: HeaderMap) -> Reply {
    let rules = &server.rules.sign_out;
    let token = match server.signed_in(&headers) {
        Err(refusal) if rules.guarded => return Err(refusal),
        session => session.map(|(token, _)| token).unwrap_or_default(),
    };
    let session = server.end_session_of(&token);
    let settings = server.oauth();
    let mut redirect = "/auth/login?autoLaunch=0".to_owned();
    let kind = cookie(&headers, "immich_auth_type");
    if (rules.redirects)(kind.as_deref()) && (server.rules.enabled)(&settings) {
        if rules.asks_anyway {
            server.discover(&settings).await?;
        }
        let endpoint = match (rules.configured)(&settings) {
            "" => match server.discover(&settings).await {
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

impl Server {
    /// Ends what signing out by this token ends. Returns the session that it
    /// stood for.
    fn end_session_of(&self, token: &str) -> Option<Session> {
        let mut store = self.store();
        let own = store.sessions.get(token).cloned()?;
        store.sessions.retain(|other, session| !(self.rules.sign_out.ends)((token, &own), (other, session)));
        Some(own)
    }
}

fn with_hint(endpoint: &str, id_token: Option<&str>) -> String {
    let Some(id_token) = id_token else { return endpoint.to_owned() };
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("id_token_hint", id_token).finish();
    format!("{endpoint}{separator}{query}")
}

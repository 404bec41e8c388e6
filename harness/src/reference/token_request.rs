//! Exchanging the code for tokens (RFC 6749 §4.1.3, §5.1).

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::authorization_response::{Arrival, failed};
use super::callback::{mobile, text};
use super::client_authentication::{Client, Credentials};
use super::discovery::Metadata;
use super::fetch::{Answer, Purpose};
use super::reply::Refusal;
use super::server::Server;

/// What is decided about an answer of the token endpoint.
#[derive(Debug, Clone)]
pub(super) struct TokenResponseRules {
    /// Whether the request goes on to where the token endpoint sends it.
    pub(super) redirect_followed: bool,
    /// Whether an answer of this status counts.
    pub(super) status: fn(u16) -> bool,
    /// Whether an answer of this content type counts.
    pub(super) content_type: fn(&str) -> bool,
    /// The access token, if it is one.
    pub(super) access_token: fn(Option<&Value>) -> Option<String>,
    /// Whether the token type is one that the server knows how to use.
    pub(super) kind: fn(Option<&str>) -> bool,
}

impl TokenResponseRules {
    pub(super) fn honest() -> Self {
        Self {
            redirect_followed: false,
            status: |status| status == 200,
            content_type: |_| true,
            access_token: |token| {
                token.and_then(Value::as_str).filter(|token| !token.is_empty()).map(ToOwned::to_owned)
            },
            kind: |kind| kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
        }
    }
}

impl Server {
    /// What the token endpoint gives for `code`.
    pub(super) async fn redeem(
        &self,
        code: &str,
        arrival: &Arrival,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri(arrival, settings)),
        ];
        if (self.rules.pkce)(metadata) && self.rules.send_verifier {
            form.push(("code_verifier", arrival.verifier.clone()));
        }
        let client = Client {
            id: text(settings, "clientId"),
            secret: text(settings, "clientSecret"),
            basic: (self.rules.basic)(settings),
        };
        let said = |credentials: Credentials| {
            let own = credentials.form.iter().map(|(name, value)| (*name, value.clone()));
            (form.iter().cloned().chain(own).collect::<Vec<_>>(), credentials)
        };
        let (whole, credentials) = said((self.rules.credentials)(client));
        let endpoint = (self.rules.metadata.token_endpoint)(metadata);
        let endpoint = self.permitted(&endpoint, metadata, settings).ok_or_else(failed)?;
        let mut answer = self.ask_for_tokens(endpoint, &credentials, &whole, settings).await?;
        if let Some(location) = answer.location.take_if(|_| self.rules.token_response.redirect_followed) {
            answer = self.ask_for_tokens(location.as_str(), &credentials, &whole, settings).await?;
        }
        if let Some(again) = self.rules.credentials_again.filter(|_| answer.status != 200) {
            let (whole, credentials) = said(again(client));
            answer = self.ask_for_tokens(endpoint, &credentials, &whole, settings).await?;
        }
        let rules = &self.rules.token_response;
        if !(rules.status)(answer.status) || !(rules.content_type)(&answer.content_type) {
            return Err(failed());
        }
        answer.json().map_err(|_| failed())
    }

    /// The very one of the authorization request (RFC 6749 §4.1.3).
    fn redirect_uri(&self, arrival: &Arrival, settings: &Value) -> String {
        let setting = mobile(settings);
        let setting = if arrival.is_link { (self.rules.override_at_link)(setting) } else { setting };
        let started = self.store().started.get(&arrival.state).filter(|_| self.rules.redirect_remembered).cloned();
        match started {
            Some(uri) => (self.rules.redirect_at_token)(&uri, setting),
            None => (self.rules.without_response)(&(self.rules.redirect_at_token)(&arrival.url, setting)),
        }
    }

    async fn ask_for_tokens(
        &self,
        url: &str,
        credentials: &Credentials,
        form: &[(&str, String)],
        settings: &Value,
    ) -> Result<Answer, Refusal> {
        let mut request = self.ask(Method::POST, url, Purpose::Token, settings).form(form);
        if let Some(authorization) = &credentials.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        self.fetch(request, Purpose::Token, settings).await.map_err(|_| failed())
    }
}

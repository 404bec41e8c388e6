//! Exchanging the code for tokens (RFC 6749 §4.1.3, §5.1).

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::authorization_response::{Arrival, failed};
use super::callback::mobile;
use super::client_authentication::{Client, Credentials};
use super::discovery::Metadata;
use super::fetch::{Answer, Purpose};
use super::reply::Refusal;
use super::server::Server;

impl Server {
    /// What the token endpoint gives for `code`.
    pub(super) async fn redeem(
        &self,
        code: &str,
        arrival: &Arrival,
        settings: &Value,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let text = |name: &str| settings.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri(arrival, settings)),
        ];
        if (self.rules.pkce)(metadata) && self.rules.send_verifier {
            form.push(("code_verifier", arrival.verifier.clone()));
        }
        let client = Client { id: text("clientId"), secret: text("clientSecret"), basic: (self.rules.basic)(settings) };
        let credentials = (self.rules.credentials)(client);
        form.extend(credentials.form.iter().map(|(name, value)| (*name, value.clone())));
        let endpoint = (self.rules.metadata.token_endpoint)(metadata);
        let endpoint = self.permitted(&endpoint, metadata, settings).ok_or_else(failed)?;
        let mut answer = self.ask_for_tokens(endpoint, &credentials, &form, settings).await?;
        if let Some(location) = answer.location.take_if(|_| self.rules.follows_token_redirect) {
            answer = self.ask_for_tokens(location.as_str(), &credentials, &form, settings).await?;
        }
        if !(self.rules.token_status)(answer.status) || !(self.rules.token_content_type)(&answer.content_type) {
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

//! Exchanging the code for tokens (RFC 6749 §4.1.3, §5.1).

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::authorization_response::Arrival;
use super::request::RelyingParty;
use crate::reference::message::{Answer, ClientIdentity, Credentials, Metadata, Purpose};
use crate::reference::reply::Refusal;

impl RelyingParty<'_> {
    /// What the token endpoint gives for `code`.
    pub(super) async fn redeem(
        &self,
        code: &str,
        arrival: &Arrival,
        metadata: &Metadata,
    ) -> Result<Map<String, Value>, Refusal> {
        let rules = &self.rules.token_request;
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri(arrival)),
        ];
        if (self.rules.authorization.pkce)(metadata) && rules.verifier_sent {
            form.push(("code_verifier", arrival.verifier.clone()));
        }
        let client = ClientIdentity {
            id: self.setting("clientId"),
            secret: self.setting("clientSecret"),
            basic: (rules.basic)(&self.settings),
        };
        let endpoint = (self.rules.discovery.token_endpoint)(metadata);
        let endpoint = self.permitted(&endpoint, metadata).ok_or_else(Refusal::failed)?;
        let credentials = (rules.credentials)(client);
        let mut answer = self.ask_for_tokens(endpoint, &form, &credentials).await?;
        if let Some(location) = answer.location.take_if(|_| self.rules.token_response.redirect_followed) {
            answer = self.ask_for_tokens(location.as_str(), &form, &credentials).await?;
        }
        if let Some(again) = rules.credentials_again.filter(|_| answer.status != 200) {
            answer = self.ask_for_tokens(endpoint, &form, &again(client)).await?;
        }
        let rules = &self.rules.token_response;
        if !(rules.status)(answer.status) || !(rules.content_type)(&answer.content_type) {
            return Err(Refusal::failed());
        }
        answer.json().map_err(|_| Refusal::failed())
    }

    /// That of the authorization request (RFC 6749 §4.1.3).
    fn redirect_uri(&self, arrival: &Arrival) -> String {
        let rules = &self.rules.token_request;
        let setting = self.mobile_override();
        let setting = if arrival.is_link { (rules.override_at_link)(setting) } else { setting };
        let started = self.server.store().started.get(&arrival.state).filter(|_| rules.redirect_remembered).cloned();
        match started {
            Some(uri) => (rules.redirect_uri)(&uri, setting),
            None => (rules.without_response)(&(rules.redirect_uri)(&arrival.url, setting)),
        }
    }

    async fn ask_for_tokens(
        &self,
        url: &str,
        form: &[(&str, String)],
        credentials: &Credentials,
    ) -> Result<Answer, Refusal> {
        let form: Vec<_> = form.iter().chain(&credentials.form).collect();
        let mut request = self.ask(Method::POST, url, Purpose::Token).form(&form);
        if let Some(authorization) = &credentials.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        self.fetch(request, Purpose::Token).await.map_err(|_| Refusal::failed())
    }
}

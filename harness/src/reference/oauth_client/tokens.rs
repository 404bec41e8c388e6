//! Which token response counts (RFC 6749 §4.1.3, §5.1).

use super::authorization::Arrival;
use super::client::OAuthClient;
use crate::reference::reply::Refusal;
use crate::reference::rules::Purpose;
use crate::relying_party::{ClientIdentity, Metadata, TokenRequest, Tokens, redeem};

impl OAuthClient<'_> {
    /// What the token endpoint gives for `code`.
    pub(super) async fn redeem(&self, code: &str, arrival: &Arrival, metadata: &Metadata) -> Result<Tokens, Refusal> {
        let rules = &self.rules.token_request;
        let (id, secret, basic) = self.client();
        let client = ClientIdentity { id: &id, secret: &secret, basic };
        let has_verifier = (self.rules.authorization.pkce)(metadata) && rules.verifier_sent;
        let endpoint = (self.rules.discovery.token_endpoint)(metadata);
        let request = TokenRequest {
            endpoint: self.permitted(&endpoint, metadata).ok_or_else(Refusal::failed)?,
            code,
            redirect_uri: &self.redirect_uri(arrival),
            verifier: has_verifier.then_some(&arrival.verifier),
        };
        let ask = async |credentials| redeem(self.fetcher(Purpose::Token), &request, credentials).await;
        let mut response = ask((rules.credentials)(client)).await.map_err(|_| Refusal::failed())?;
        if let Some(again) = rules.credentials_again.filter(|_| response.answer.status != 200) {
            response = ask(again(client)).await.map_err(|_| Refusal::failed())?;
        }
        let rules = &self.rules.token_response;
        if !(rules.status)(response.answer.status) || !(rules.content_type)(response.answer.content_type()) {
            return Err(Refusal::failed());
        }
        response.tokens.map_err(|_| Refusal::failed())
    }

    /// The client's id and secret, and whether they go into the header.
    fn client(&self) -> (String, String, bool) {
        let rules = &self.rules.token_request;
        let setting = |name: &str| self.setting(name).to_owned();
        let of_settings = (setting("clientId"), setting("clientSecret"), (rules.basic)(&self.settings));
        if !rules.client_kept {
            return of_settings;
        }
        let provider = self.setting("issuerUrl").to_owned();
        self.server.store().kept_clients.entry(provider).or_insert(of_settings).clone()
    }

    /// That of the authorization request (RFC 6749 §4.1.3).
    fn redirect_uri(&self, arrival: &Arrival) -> String {
        let rules = &self.rules.token_request;
        let setting = self.mobile_override();
        let setting = if arrival.is_link { (rules.override_at_link)(setting) } else { setting };
        let started = self.server.store().started.get(&arrival.state).filter(|_| rules.redirect_remembered).cloned();
        match started.map(|flow| flow.redirect_uri) {
            Some(uri) => (rules.redirect_uri)(&uri, setting),
            None => (rules.without_response)(&(rules.redirect_uri)(&arrival.url, setting)),
        }
    }
}

//! The authorization request, and which callback counts as the answer to it.

use url::Url;

use super::client::OAuthClient;
use crate::reference::reply::Refusal;
use crate::relying_party::{AuthorizationRequest, AuthorizationResponse, Metadata, Parameter, challenge};

/// What a callback brings along.
pub struct Arrival {
    pub url: String,
    pub state: String,
    pub verifier: String,
    pub is_link: bool,
}

/// A response that is the answer to what was asked.
pub struct Answered {
    pub code: String,
    /// Absent, unless a defect trusts tokens from the browser.
    pub access_token: Option<String>,
    /// Nor this.
    pub id_token: Option<String>,
}

impl OAuthClient<'_> {
    /// Where a browser asks for authorization. The challenge is that of the
    /// verifier, unless the app has `given` one.
    pub fn authorization_url(
        &self,
        metadata: &Metadata,
        redirect_uri: &str,
        state: &str,
        verifier: &str,
        given: Option<String>,
    ) -> Result<Url, Refusal> {
        let rules = &self.rules.authorization;
        let challenge = given.unwrap_or_else(|| challenge(verifier));
        let endpoint = self.permitted(metadata.text("authorization_endpoint"), metadata);
        let endpoint = endpoint
            .and_then(self.rules.discovery.authorization_url)
            .ok_or_else(|| Refusal(500, "Failed to start oauth".into()))?;
        let pkce = (rules.pkce)(metadata);
        let request = AuthorizationRequest {
            endpoint,
            client_id: self.setting("clientId"),
            redirect_uri: &(rules.redirect_uri)(redirect_uri, self.mobile_override()),
            scope: &(rules.scope)(self.setting("scope")),
            state: &(rules.state_sent)(state),
            challenge: (pkce || rules.challenge_unasked).then_some(&challenge),
            // Without PKCE it is the nonce that ties the code to the browser.
            nonce: (rules.nonce)(pkce).then_some(&challenge),
            others: (rules.parameters)(&self.settings),
        };
        Ok(request.url())
    }

    /// The nonce that was sent for a verifier, if one was.
    pub(super) fn nonce(&self, metadata: &Metadata, verifier: &str) -> Option<String> {
        let rules = &self.rules.authorization;
        (rules.nonce)((rules.pkce)(metadata)).then(|| challenge(verifier))
    }

    /// What a callback brings, if it is the answer to what was sent.
    pub(super) fn answered(&self, arrival: &Arrival, metadata: &Metadata) -> Result<Answered, Refusal> {
        let rules = &self.rules.response;
        let url = Url::parse(&arrival.url).map_err(|_| Refusal::failed())?;
        let response = AuthorizationResponse::of((rules.parameters)(&url), &arrival.state, metadata);
        let single = |name: &str| match response.parameter(name) {
            Parameter::Absent => Ok(None),
            Parameter::Repeated(_) if rules.repeated_refused => Err(Refusal::failed()),
            Parameter::Once(value) | Parameter::Repeated(value) => Ok(Some(value)),
        };
        single("iss")?;
        single("state")?;
        let began = self.server.store().started.get(&arrival.state).map(|flow| flow.issuer.clone());
        if began.is_some_and(|issuer| !(rules.same_provider)(&issuer, metadata)) {
            return Err(Refusal::failed());
        }
        if !(rules.issuer)(&response, metadata) || !(rules.state)(&response, &arrival.state) {
            return Err(Refusal::failed());
        }
        if rules.error_ends && single("error")?.is_some() {
            return Err((rules.refusal)());
        }
        let code = single("code")?.filter(|code| !code.is_empty()).ok_or_else(Refusal::failed)?;
        let token = |name: &str| if rules.front_channel.contains(&name) { single(name) } else { Ok(None) };
        let (access_token, id_token) = (token("access_token")?, token("id_token")?);
        let owned = |token: Option<&str>| token.map(ToOwned::to_owned);
        Ok(Answered { code: (rules.code)(code), access_token: owned(access_token), id_token: owned(id_token) })
    }
}

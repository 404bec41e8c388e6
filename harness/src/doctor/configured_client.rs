//! The client that the server is at its provider, as the doctor speaks for it.
//!
//! The client secret goes to one place: the token endpoint in the document of the
//! configured issuer, if that document names the same issuer, over https or
//! loopback, and never after a redirect.

use mock_idp::Url;

use super::evidence::DoctorEvidence;
use super::look::{Clients, is_loopback};
use crate::relying_party::{
    AuthorizationRequest, ClientIdentity, Credentials, FetchError, IssuerMatch, TokenRequest, TokenResponse, basic,
    challenge, credentials, post, redeem,
};

/// A client, with the endpoints that it asks.
#[derive(Clone)]
pub(super) struct ConfiguredClient {
    token_endpoint: String,
    authorization_endpoint: Url,
    id: String,
    secret: String,
    basic: bool,
    scope: String,
    uses_pkce: bool,
    /// Becomes state, verifier and made-up code.
    random: String,
}

impl std::fmt::Debug for ConfiguredClient {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfiguredClient").field("token_endpoint", &self.token_endpoint).finish_non_exhaustive()
    }
}

impl ConfiguredClient {
    /// Reads it from settings and document.
    ///
    /// # Errors
    /// Why nothing may be sent.
    pub fn of(evidence: &DoctorEvidence, random: &str) -> Result<Self, &'static str> {
        let settings = &evidence.settings;
        let document = evidence.document().ok_or("the doctor could not read a discovery document")?;
        if document.issuer != IssuerMatch::Same {
            return Err("the `issuer` of the discovery document is not the issuer URL");
        }
        let issuer = settings.issuer.as_deref();
        let issuer = issuer
            .ok_or("the doctor does not know the issuer URL in the server's settings; give --api-key-file FILE")?;
        // Plain http can be changed on the way, and the document says where the secret goes.
        if !Url::parse(issuer).is_ok_and(|url| is_protected(&url)) {
            return Err("the issuer URL begins with http, so an attacker may have changed the discovery document");
        }
        let metadata = &document.metadata;
        let token_endpoint = metadata.text("token_endpoint");
        let url =
            Url::parse(token_endpoint).map_err(|_| "the token endpoint of the discovery document is not a URL")?;
        if !is_protected(&url) {
            return Err("the token endpoint begins with http, so others could read the client secret");
        }
        Ok(Self {
            token_endpoint: token_endpoint.to_owned(),
            authorization_endpoint: Url::parse(metadata.text("authorization_endpoint"))
                .map_err(|_| "the authorization endpoint of the discovery document is not a URL")?,
            id: settings.client_id.clone().ok_or("the doctor does not know the client ID")?,
            secret: settings
                .client_secret
                .clone()
                .ok_or("the doctor does not know the client secret; give --api-key-file FILE")?,
            basic: settings.authentication.as_deref() == Some("client_secret_basic"),
            scope: settings.scope.clone().unwrap_or_else(|| "openid email profile".to_owned()),
            uses_pkce: metadata.list("code_challenge_methods_supported").any(|method| method == "S256"),
            random: random.to_owned(),
        })
    }

    /// Returns the hosts that are asked.
    pub fn hosts(&self) -> Vec<String> {
        let hosts = [Url::parse(&self.token_endpoint).ok(), Some(self.authorization_endpoint.clone())];
        let mut hosts: Vec<_> =
            hosts.into_iter().flatten().filter_map(|url| url.host_str().map(str::to_owned)).collect();
        hosts.dedup();
        hosts
    }

    /// Returns whether it has no secret.
    pub fn is_public(&self) -> bool {
        self.secret.is_empty()
    }

    /// Returns the text that is random in its requests.
    pub fn random(&self) -> &str {
        &self.random
    }

    /// Returns the address at which a browser begins to sign in.
    pub fn authorization_url(&self, redirect_uri: &str) -> Url {
        let challenge = challenge(&self.verifier());
        let request = AuthorizationRequest {
            endpoint: self.authorization_endpoint.clone(),
            client_id: &self.id,
            redirect_uri,
            scope: &self.scope,
            state: &self.random,
            challenge: self.uses_pkce.then_some(challenge.as_str()),
            nonce: None,
            others: Vec::new(),
        };
        request.url()
    }

    /// Returns the credentials by the method of the settings.
    pub fn credentials(&self) -> Credentials {
        credentials(ClientIdentity { id: &self.id, secret: &self.secret, basic: self.basic })
    }

    /// Returns the credentials by the other method.
    pub fn other_credentials(&self) -> Credentials {
        credentials(ClientIdentity { id: &self.id, secret: &self.secret, basic: !self.basic })
    }

    /// Returns credentials with another secret, by the method of the settings.
    pub fn credentials_with(&self, secret: &str) -> Credentials {
        if self.basic { basic(&self.id, secret) } else { post(ClientIdentity { id: &self.id, secret, basic: false }) }
    }

    /// Redeems a code that the provider sent to `redirect_uri`.
    pub async fn redeem(
        &self,
        clients: &Clients,
        code: &str,
        redirect_uri: &str,
        credentials: Credentials,
    ) -> Result<TokenResponse, FetchError> {
        let verifier = self.verifier();
        let request = TokenRequest {
            endpoint: &self.token_endpoint,
            code,
            redirect_uri,
            verifier: self.uses_pkce.then_some(verifier.as_str()),
        };
        redeem(clients.fetcher(), &request, credentials).await
    }

    fn verifier(&self) -> String {
        format!("doctor-{0}-{0}", self.random)
    }
}

/// Whether nothing between this machine and the address can read or change what
/// is sent.
fn is_protected(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

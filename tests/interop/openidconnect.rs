//! The `openidconnect` crate as a client, used as its documentation shows:
//! the application compares `state`, the crate checks the rest. It brings no
//! HTTP client along; ours is handed in.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mock_idp::ClientAuthentication;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse, http,
};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use url::Url;

use super::client::{Callback, Client, Configuration, Identity, Refusal, Started};

/// A provider that never answers must not hold up the tests.
const TIMEOUT: Duration = Duration::from_secs(5);

type Configured =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

struct Session {
    client: Configured,
    state: CsrfToken,
    nonce: Nonce,
    verifier: Option<PkceCodeVerifier>,
    algorithm: CoreJwsSigningAlgorithm,
    signed_userinfo: bool,
    offline: bool,
}

/// The client.
pub struct OpenIdConnect {
    runtime: Handle,
    http: reqwest::Client,
    last: AtomicU64,
    sessions: Mutex<HashMap<u64, Session>>,
}

/// An error and its causes in the crate's own words, without the values that
/// follow them.
fn refusal(step: &str, error: &(dyn Error + 'static)) -> Refusal {
    let mut words = Vec::new();
    let mut next = Some(error);
    // What lies below the HTTP client is not the crate's.
    while let Some(error) = next.filter(|error| !error.is::<reqwest::Error>()) {
        let text = error.to_string();
        let end = text.find([':', '`', '(', '"', '[']).unwrap_or(text.len());
        words.push(text[..end].trim_end().to_owned());
        next = error.source();
    }
    Refusal { step: step.into(), reason: words.join(": ") }
}

fn said(step: &str, reason: &str) -> Refusal {
    Refusal { step: step.into(), reason: reason.into() }
}

impl OpenIdConnect {
    /// A client whose requests run on this runtime.
    pub fn new(runtime: Handle) -> Result<Self, String> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().timeout(TIMEOUT);
        let http = http.build().map_err(|error| error.to_string())?;
        Ok(Self { runtime, http, last: AtomicU64::new(0), sessions: Mutex::default() })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
        let response = self.http.execute(reqwest::Request::try_from(request)?).await?;
        let mut answer = http::Response::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        *answer.body_mut() = response.bytes().await?.to_vec();
        Ok(answer)
    }

    async fn begin(&self, configuration: &Configuration) -> Result<(String, Session), Refusal> {
        let http = |request| self.send(request);
        let issuer = IssuerUrl::new(configuration.issuer.clone()).map_err(|error| refusal("discovery", &error))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await;
        let metadata = metadata.map_err(|error| refusal("discovery", &error))?;
        let redirect = RedirectUrl::new(configuration.redirect_uri.clone());
        let secret = configuration.client_secret.clone().map(ClientSecret::new);
        let client = CoreClient::from_provider_metadata(metadata, ClientId::new("the-client".into()), secret)
            .set_redirect_uri(redirect.map_err(|error| refusal("request", &error))?)
            .set_auth_type(match configuration.authentication {
                ClientAuthentication::ClientSecretBasic => AuthType::BasicAuth,
                ClientAuthentication::ClientSecretPost | ClientAuthentication::None => AuthType::RequestBody,
                ClientAuthentication::PrivateKeyJwt => return Err(said("request", "the crate has no private_key_jwt")),
            });
        let mut request =
            client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
        for scope in configuration.scope.split(' ').filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        if let Some(mode) = configuration.response_mode {
            request = request.add_extra_param("response_mode", mode);
        }
        let mut verifier = None;
        if configuration.pkce {
            let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
            request = request.set_pkce_challenge(challenge);
            verifier = Some(secret);
        }
        let (url, state, nonce) = request.url();
        let signed_userinfo = configuration.userinfo_signing_algorithm.is_some();
        let offline = configuration.scope.ends_with(" offline_access");
        let algorithm = serde_json::from_value(json!(configuration.signing_algorithm));
        let algorithm = algorithm.map_err(|error| refusal("request", &error))?;
        Ok((url.into(), Session { client, state, nonce, verifier, algorithm, signed_userinfo, offline }))
    }

    async fn end(&self, session: Session, callback: &Callback) -> Result<Identity, Refusal> {
        let http = |request| self.send(request);
        let mut url = Url::parse(&callback.url).map_err(|error| refusal("callback", &error))?;
        if let Some(form) = &callback.form {
            url.set_query(Some(form));
        }
        let get = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        if get("state").as_ref() != Some(session.state.secret()) {
            return Err(said("callback", "the application compares `state`"));
        }
        let code = get("code").ok_or_else(|| said("callback", "the application finds no code"))?;
        let request = session.client.exchange_code(AuthorizationCode::new(code));
        let mut request = request.map_err(|error| refusal("callback", &error))?;
        if let Some(verifier) = session.verifier {
            request = request.set_pkce_verifier(verifier);
        }
        let tokens = request.request_async(&http).await.map_err(|error| refusal("callback", &error))?;
        let id_token = tokens.id_token().ok_or_else(|| said("callback", "the application finds no ID token"))?;
        let verifier = session.client.id_token_verifier().set_allowed_algs([session.algorithm]);
        let claims = id_token.claims(&verifier, &session.nonce).map_err(|error| refusal("callback", &error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(|error| refusal("callback", &error))?;
            let key = id_token.signing_key(&verifier).map_err(|error| refusal("callback", &error))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if actual.map_err(|error| refusal("callback", &error))? != *expected {
                return Err(said("callback", "the application compares `at_hash`"));
            }
        }
        let request = session.client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()));
        let request = request.map_err(|error| refusal("userinfo", &error))?;
        let request = request.require_signed_response(session.signed_userinfo);
        let userinfo: CoreUserInfoClaims =
            request.request_async(&http).await.map_err(|error| refusal("userinfo", &error))?;
        let object = |value: Value| value.as_object().cloned();
        let mut refreshed = None;
        if let Some(token) = tokens.refresh_token().filter(|_| session.offline) {
            let request = session.client.exchange_refresh_token(token);
            let request = request.map_err(|error| refusal("refresh", &error))?;
            let tokens = request.request_async(&http).await.map_err(|error| refusal("refresh", &error))?;
            let id_token = tokens.id_token().ok_or_else(|| said("refresh", "the application finds no ID token"))?;
            // OIDC Core §12.2: such a token has no nonce, or that of the first.
            let nonce = |_: Option<&Nonce>| Ok(());
            let claims = id_token.claims(&verifier, nonce).map_err(|error| refusal("refresh", &error))?;
            refreshed = object(json!(claims));
        }
        Ok(Identity { id_token: object(json!(claims)), userinfo: object(json!(userinfo)), refreshed })
    }
}

impl Client for OpenIdConnect {
    fn start(&self, configuration: &Configuration) -> Result<Started, Refusal> {
        let (url, state) = self.runtime.block_on(self.begin(configuration))?;
        let session = self.last.fetch_add(1, Ordering::Relaxed);
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session, state);
        Ok(Started { session, url })
    }

    fn finish(&self, session: u64, callback: &Callback) -> Result<Identity, Refusal> {
        let state = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
        self.runtime.block_on(self.end(state.expect("it was started"), callback))
    }
}

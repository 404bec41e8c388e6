//! Requests that leave a trace at the provider: a made-up code at the token
//! endpoint, and redirect URIs at the authorization endpoint. No one signs in, and
//! no password is tried.
//!
//! The client secret goes to one place: the token endpoint in the document of the
//! configured issuer, if that document names the same issuer, over https or
//! loopback, and never after a redirect.

use std::time::Duration;

use mock_idp::Url;
use tokio::time::sleep;

use super::evidence::{DoctorEvidence, ProbeAnswer, ProbeEvidence};
use super::look::{Clients, is_loopback};
use crate::immich::RedirectUri;
use crate::relying_party::{
    Answer, AuthorizationRequest, ClientIdentity, Credentials, FetchError, IssuerMatch, TokenRequest, basic, challenge,
    credentials, post, redeem,
};

/// Between two requests.
const PACE: Duration = Duration::from_millis(250);

/// A redirect URI that no client can register: the host is in `.invalid` (RFC 2606 §2).
const UNREGISTERED: &str = "https://not-registered.invalid/callback";

/// What is asked, before anything is sent.
#[derive(Clone)]
pub struct Probe {
    token_endpoint: String,
    authorization_endpoint: Url,
    client_id: String,
    secret: String,
    basic: bool,
    scope: String,
    uses_pkce: bool,
    uris: Vec<String>,
    nonce: String,
}

impl std::fmt::Debug for Probe {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").field("token_endpoint", &self.token_endpoint).finish_non_exhaustive()
    }
}

impl Probe {
    /// Plans the requests. `random` becomes state, code and verifier.
    ///
    /// # Errors
    /// Why nothing may be sent.
    pub fn of(evidence: &DoctorEvidence, random: &str) -> Result<Self, &'static str> {
        let settings = &evidence.settings;
        let document = evidence.document().ok_or("there is no discovery document")?;
        if document.issuer != IssuerMatch::Same {
            return Err("the document names another issuer than the issuer URL");
        }
        let issuer = settings.issuer.as_deref();
        let issuer = issuer.ok_or("the issuer URL of the settings is not known; give --api-key-file FILE")?;
        // Plain http can be changed on the way, and the document says where the secret goes.
        if !Url::parse(issuer).is_ok_and(|url| is_protected(&url)) {
            return Err("the issuer URL is plain http, so another program may have written the document");
        }
        let metadata = &document.metadata;
        let token_endpoint = metadata.text("token_endpoint");
        let url = Url::parse(token_endpoint).map_err(|_| "the token endpoint is no address")?;
        if !is_protected(&url) {
            return Err("the token endpoint is plain http, where others read the client secret");
        }
        let authorization_endpoint = metadata.text("authorization_endpoint");
        let app = settings.app_redirect_uri.clone();
        let uris = evidence.server.as_ref().map(|server| {
            let own = |uri: RedirectUri| uri.at(&server.origin);
            let app = app.unwrap_or_else(|| own(RedirectUri::App));
            vec![own(RedirectUri::SignInPage), own(RedirectUri::SettingsPage), app]
        });
        Ok(Self {
            token_endpoint: token_endpoint.to_owned(),
            authorization_endpoint: Url::parse(authorization_endpoint)
                .map_err(|_| "the authorization endpoint is no address")?,
            client_id: settings.client_id.clone().ok_or("the client id is not known")?,
            secret: settings.client_secret.clone().ok_or("the client secret is not known; give --api-key-file FILE")?,
            basic: settings.authentication.as_deref() == Some("client_secret_basic"),
            scope: settings.scope.clone().unwrap_or_else(|| "openid email profile".to_owned()),
            uses_pkce: metadata.list("code_challenge_methods_supported").any(|method| method == "S256"),
            uris: uris.unwrap_or_default(),
            nonce: random.to_owned(),
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

    /// Returns how many requests are sent at most.
    pub fn requests(&self) -> usize {
        let tokens = if self.secret.is_empty() { 1 } else { 3 };
        // The first redirect URI is sent twice, and one that is not registered last.
        tokens + if self.uris.is_empty() { 0 } else { self.uris.len() + 2 }
    }

    /// Sends the requests one by one. It stops at 403 and 429.
    pub async fn send(&self, clients: &Clients) -> ProbeEvidence {
        let identity = |basic| ClientIdentity { id: &self.client_id, secret: &self.secret, basic };
        let wrong = format!("not-the-secret-{}", self.nonce);
        let own = credentials(identity(self.basic));
        let other = if self.basic { post(identity(false)) } else { credentials(identity(true)) };
        let ways = [own, other, self.with_secret(&wrong)];
        let mut answers = Vec::new();
        for credentials in ways.into_iter().take(if self.secret.is_empty() { 1 } else { 3 }) {
            answers.push(self.redeem(clients, credentials).await);
            if answers.last().is_some_and(ProbeAnswer::is_stop) {
                break;
            }
        }
        let is_stopped = answers.last().is_some_and(ProbeAnswer::is_stop);
        let mut answers = answers.into_iter();
        let mut seen = ProbeEvidence {
            own_method: answers.next(),
            other_method: answers.next(),
            wrong_secret: answers.next(),
            redirects: Vec::new(),
            is_stopped,
        };
        if is_stopped {
            return seen;
        }
        let Some(first) = self.uris.first() else { return seen };
        let all = std::iter::once(first).chain(&self.uris).map(String::as_str).chain([UNREGISTERED]);
        for uri in all {
            let answered = self.authorize(clients, uri).await;
            let is_stopped = answered.is_stop();
            seen.redirects.push((uri.to_owned(), answered));
            if is_stopped {
                seen.is_stopped = true;
                break;
            }
        }
        seen
    }

    fn with_secret(&self, secret: &str) -> Credentials {
        if self.basic {
            return basic(&self.client_id, secret);
        }
        post(ClientIdentity { id: &self.client_id, secret, basic: false })
    }

    async fn redeem(&self, clients: &Clients, credentials: Credentials) -> ProbeAnswer {
        let verifier = format!("doctor-{0}-{0}", self.nonce);
        let code = format!("doctor-{}", self.nonce);
        let request = TokenRequest {
            endpoint: &self.token_endpoint,
            code: &code,
            redirect_uri: self.uris.first().map_or(UNREGISTERED, String::as_str),
            verifier: self.uses_pkce.then_some(verifier.as_str()),
        };
        sleep(PACE).await;
        ProbeAnswer::of(redeem(clients.fetcher(), &request, credentials).await.map(|response| response.answer))
    }

    async fn authorize(&self, clients: &Clients, redirect_uri: &str) -> ProbeAnswer {
        let challenge = challenge(&format!("doctor-{0}-{0}", self.nonce));
        let request = AuthorizationRequest {
            endpoint: self.authorization_endpoint.clone(),
            client_id: &self.client_id,
            redirect_uri,
            scope: &self.scope,
            state: &self.nonce,
            challenge: self.uses_pkce.then_some(challenge.as_str()),
            nonce: None,
            others: Vec::new(),
        };
        sleep(PACE).await;
        ProbeAnswer::of(clients.fetcher().get(request.url().as_str()).await)
    }
}

/// Whether nothing between this machine and the address can read or change what
/// is sent.
fn is_protected(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

impl ProbeAnswer {
    /// Reads what the answer says of an error, and where it leads.
    fn of(answer: Result<Answer, FetchError>) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Self { lost: Some(error.to_string()), ..Self::default() },
        };
        let location = answer.location();
        let of_redirect = |name: &str| {
            let url = location.as_ref()?;
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let body = answer.object().unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(|value| value.as_str()).map(ToOwned::to_owned);
        let place = location.as_ref().map(|url| format!("{}:{}", url.scheme(), steady(url.path())));
        Self {
            status: answer.status,
            error: text("error").or_else(|| of_redirect("error")),
            description: text("error_description").or_else(|| of_redirect("error_description")),
            place,
            lost: None,
        }
    }
}

/// A segment of a path that is longer may be the id of one request, as
/// node-oidc-provider has it in `/interaction/ID`.
const LONGEST_WORD: usize = 15;

/// Returns a path without what differs from request to request.
fn steady(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.len() > LONGEST_WORD { "…" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::evidence::ProviderEvidence;
    use crate::immich::SignInSettings;
    use crate::relying_party::{Discovery, DiscoveryDocument, Metadata};

    fn evidence(issuer: IssuerMatch, token_endpoint: &str) -> DoctorEvidence {
        let members = json!({"token_endpoint": token_endpoint, "authorization_endpoint": "https://id.test/authorize"});
        let metadata = Metadata(members.as_object().cloned().unwrap());
        let answer = Answer {
            address: Url::parse("https://id.test").unwrap(),
            status: 200,
            headers: reqwest::header::HeaderMap::new(),
            body: Vec::new(),
        };
        let provider = ProviderEvidence {
            issuer: "https://id.test".to_owned(),
            is_found: false,
            discovery: Ok(Discovery { answer, document: Ok(DiscoveryDocument { metadata, issuer }) }),
            fitting: None,
            keys: None,
            lost_endpoints: Vec::new(),
            time: None,
            product: None,
        };
        let settings = SignInSettings::fresh("https://id.test".into(), "client".into(), "hush".into());
        DoctorEvidence { settings, server: None, provider: Some(provider), probe: None, now: 0 }
    }

    #[test]
    fn the_id_of_a_request_is_left_out_of_a_path() {
        assert_eq!(steady("/interaction/V1StGXR8_Z5jdHi6B-myT"), "/interaction/…");
        assert_eq!(steady("/auth/error"), "/auth/error");
    }

    #[test]
    fn the_secret_goes_to_the_token_endpoint_of_the_configured_issuer_alone() {
        let planned = |issuer, endpoint| Probe::of(&evidence(issuer, endpoint), "n");
        let good = planned(IssuerMatch::Same, "https://id.test/token").unwrap();
        assert_eq!((good.hosts(), good.requests()), (vec!["id.test".to_owned()], 3));
        assert!(!format!("{good:?}").contains("hush"));
        assert!(planned(IssuerMatch::Same, "http://127.0.0.1:9/token").is_ok());
        assert!(planned(IssuerMatch::Same, "http://id.test/token").is_err());
        assert!(planned(IssuerMatch::Differs, "https://id.test/token").is_err());
        assert!(planned(IssuerMatch::SlashDiffers, "https://id.test/token").is_err());
        let mut open = evidence(IssuerMatch::Same, "https://id.test/token");
        open.settings.issuer = Some("http://id.test".to_owned());
        assert!(Probe::of(&open, "n").is_err());
    }
}

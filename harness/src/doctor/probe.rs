//! Requests that leave a trace at the provider: a made-up code at the token
//! endpoint, and redirect URIs at the authorization endpoint. No one signs in, and
//! no password is tried. Where the client secret goes is for
//! [`super::configured_client`].

use std::time::Duration;

use tokio::time::sleep;

use super::configured_client::ConfiguredClient;
use super::evidence::{DoctorEvidence, ProbeAnswer, ProbeEvidence};
use super::look::Clients;
use crate::immich::RedirectUri;
use crate::relying_party::{Answer, Credentials, FetchError};

/// Between two requests.
const PACE: Duration = Duration::from_millis(250);

/// A redirect URI that no client can register: the host is in `.invalid` (RFC 2606 §2).
const UNREGISTERED: &str = "https://not-registered.invalid/callback";

/// What is asked, before anything is sent.
#[derive(Debug, Clone)]
pub struct Probe {
    client: ConfiguredClient,
    uris: Vec<String>,
}

impl Probe {
    /// Plans the requests. `random` becomes state, code and verifier.
    ///
    /// # Errors
    /// Why nothing may be sent.
    pub fn of(evidence: &DoctorEvidence, random: &str) -> Result<Self, &'static str> {
        let client = ConfiguredClient::of(evidence, random)?;
        let app = evidence.settings.app_redirect_uri.clone();
        let uris = evidence.server.as_ref().map(|server| {
            let own = |uri: RedirectUri| uri.at(&server.origin);
            let app = app.unwrap_or_else(|| own(RedirectUri::App));
            vec![own(RedirectUri::SignInPage), own(RedirectUri::SettingsPage), app]
        });
        Ok(Self { client, uris: uris.unwrap_or_default() })
    }

    /// Returns the hosts that are asked.
    pub fn hosts(&self) -> Vec<String> {
        self.client.hosts()
    }

    /// Returns how many requests are sent at most.
    pub fn requests(&self) -> usize {
        let tokens = if self.client.is_public() { 1 } else { 3 };
        // The first redirect URI is sent twice, and one that is not registered last.
        tokens + if self.uris.is_empty() { 0 } else { self.uris.len() + 2 }
    }

    /// Sends the requests one by one, until something forbids or counts them.
    pub async fn send(&self, clients: &Clients) -> ProbeEvidence {
        let wrong = format!("notTheSecret{}", self.client.random());
        let ways = [self.client.credentials(), self.client.other_credentials(), self.client.credentials_with(&wrong)];
        let mut answers = Vec::new();
        for credentials in ways.into_iter().take(if self.client.is_public() { 1 } else { 3 }) {
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
        let mut all = all.peekable();
        while let Some(uri) = all.next() {
            sleep(PACE).await;
            let url = self.client.authorization_url(uri);
            let answered = ProbeAnswer::of(clients.fetcher().get(url.as_str()).await.as_ref());
            let is_stop = answered.is_stop();
            seen.redirects.push((uri.to_owned(), answered));
            if is_stop && all.peek().is_some() {
                seen.is_stopped = true;
                break;
            }
        }
        seen
    }

    async fn redeem(&self, clients: &Clients, credentials: Credentials) -> ProbeAnswer {
        // Rauthy looks at no secret if a code has another character than letters and digits.
        let code = format!("doctor{}", self.client.random());
        let redirect_uri = self.uris.first().map_or(UNREGISTERED, String::as_str);
        sleep(PACE).await;
        let redeemed = self.client.redeem(clients, &code, redirect_uri, credentials).await;
        ProbeAnswer::of(redeemed.as_ref().map(|response| &response.answer))
    }
}

impl ProbeAnswer {
    /// Reads what the answer says of an error, and where it leads.
    pub(super) fn of(answer: Result<&Answer, &FetchError>) -> Self {
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
            // Rauthy says it in `message`.
            description: text("error_description")
                .or_else(|| text("message"))
                .or_else(|| of_redirect("error_description")),
            place,
            is_page_of_unknown_client: answer.status >= 400 && names_unknown_client(&answer.body),
            lost: None,
        }
    }
}

/// Words by which error pages of products say that the client id is unknown, in lower case.
const UNKNOWN_CLIENT: &[&str] = &[
    "invalid_client",
    "invalid client_id",
    "invalid client id",
    "client is invalid",
    "client not found",
    "client was not found",
    "unknown client",
    "no such client",
    "client identifier (client_id) is missing or invalid",
    // Rauthy: Client 'photos' does not exist
    "' does not exist",
];

fn names_unknown_client(page: &[u8]) -> bool {
    let page = String::from_utf8_lossy(page).to_lowercase();
    UNKNOWN_CLIENT.iter().any(|words| page.contains(words))
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
    use mock_idp::Url;
    use serde_json::json;

    use super::*;
    use crate::doctor::evidence::ProviderEvidence;
    use crate::immich::SignInSettings;
    use crate::relying_party::{Discovery, DiscoveryDocument, IssuerMatch, Metadata};

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
        DoctorEvidence { settings, server: None, provider: Some(provider), probe: None, sign_in: None, now: 0 }
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

//! What the doctor saw, before anything is judged.

use mock_idp::Url;
use semver::Version;
use serde_json::{Map, Value};

use super::product::Product;
use crate::immich::{Account, Beginning, Dialect, SignInSettings, TargetError};
use crate::relying_party::{
    AuthorizationResponse, Discovery, DiscoveryDocument, FetchError, Jwt, KeySet, Metadata, TokenResponse, UserInfo,
};

/// All that was seen.
#[derive(Debug)]
pub struct DoctorEvidence {
    /// The settings that are known: all of them with an API key or by flags,
    /// otherwise those that the authorization URL shows.
    pub settings: SignInSettings,
    /// The server; `None` where only a provider was given.
    pub server: Option<ServerEvidence>,
    /// The provider; `None` where no issuer is known.
    pub provider: Option<ProviderEvidence>,
    /// The answers to a probe; `None` where none was asked for.
    pub probe: Option<ProbeEvidence>,
    /// What a sign-in brought; `None` where none was asked for.
    pub sign_in: Option<SignInEvidence>,
    /// This machine's time, in seconds since 1970.
    pub now: i64,
}

/// What the server shows.
#[derive(Debug)]
pub struct ServerEvidence {
    /// Scheme, host and port.
    pub origin: String,
    /// What it calls itself, or why it does not answer.
    pub version: Result<Version, TargetError>,
    /// Whether it offers sign-in with a provider.
    pub offers_sign_in: Result<bool, TargetError>,
    /// Whether the settings could be read; `None` without an API key.
    pub settings: Option<Result<(), TargetError>>,
    /// How it begins a sign-in.
    pub beginning: Result<Beginning, TargetError>,
    /// Its time, in seconds since 1970, if it sends one.
    pub time: Option<i64>,
    /// What it calls its settings.
    pub dialect: Dialect,
}

/// What the provider shows.
#[derive(Debug)]
pub struct ProviderEvidence {
    /// The issuer URL: as configured, or found from the authorization URL.
    pub issuer: String,
    /// Whether it was found from the authorization URL.
    pub is_found: bool,
    /// The answer at the address of the discovery document.
    pub discovery: Result<Discovery, FetchError>,
    /// Another issuer near this one whose document names it.
    pub fitting: Option<String>,
    /// The answer at `jwks_uri`; `None` where the document has no such address.
    pub keys: Option<Result<KeySet, FetchError>>,
    /// Endpoints to whose host this machine finds no way, each with the reason.
    pub lost_endpoints: Vec<(&'static str, Url, String)>,
    /// The provider's time, in seconds since 1970, if it sends one.
    pub time: Option<i64>,
    /// The product, if its paths tell.
    pub product: Option<Product>,
}

/// The answers to a probe.
#[derive(Debug, Default)]
pub struct ProbeEvidence {
    /// To the right secret, by the method of the settings.
    pub own_method: Option<ProbeAnswer>,
    /// To the right secret, by the other method.
    pub other_method: Option<ProbeAnswer>,
    /// To a wrong secret, by the method of the settings.
    pub wrong_secret: Option<ProbeAnswer>,
    /// To each redirect URI, in the order of the requests: the first one twice, and
    /// last one that is not registered.
    pub redirects: Vec<(String, ProbeAnswer)>,
    /// Whether an answer ended the probe before its last request.
    pub is_stopped: bool,
}

/// What a sign-in by a person brought.
#[derive(Debug, Default)]
pub struct SignInEvidence {
    /// What the browser came back with; `None` where the sign-in was given up.
    pub response: Option<AuthorizationResponse>,
    /// The answer to the code, by the method of the settings.
    pub own_method: Option<Result<TokenResponse, FetchError>>,
    /// The answer by the other method, where the provider refused the client by its
    /// own.
    pub other_method: Option<Result<TokenResponse, FetchError>>,
    /// The answer of `UserInfo`.
    pub userinfo: Option<Result<UserInfo, FetchError>>,
    /// The accounts of the server; `None` without an API key.
    pub accounts: Option<Result<Vec<Account>, TargetError>>,
    /// When the tokens came, in seconds since 1970.
    pub now: i64,
}

/// What an answer to a probe says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeAnswer {
    /// The status; 0 where no answer came.
    pub status: u16,
    /// `error`, in the body or in the redirect (RFC 6749 §4.1.2.1, §5.2).
    pub error: Option<String>,
    /// `error_description`.
    pub description: Option<String>,
    /// Scheme and path of where the answer leads.
    pub place: Option<String>,
    /// Whether a page says that the client is unknown.
    pub is_page_of_unknown_client: bool,
    /// Why no answer came.
    pub lost: Option<String>,
}

impl ProbeAnswer {
    /// Returns whether no more requests may follow: something forbids them or counts
    /// them. A 403 with an error of OAuth is an answer of the provider itself, as
    /// Glewlwyd gives it for a wrong code.
    pub(super) fn is_stop(&self) -> bool {
        self.status == 429 || self.status == 403 && self.error.is_none()
    }

    /// Returns whether the authorization endpoint says that it does not know the
    /// client id.
    pub(super) fn is_client_unknown(&self) -> bool {
        self.is_page_of_unknown_client || self.error.as_deref() == Some("invalid_client")
    }

    /// Returns whether the provider does not know the client by its credentials
    /// (RFC 6749 §5.2).
    pub(super) fn is_client_refused(&self) -> bool {
        match self.error.as_deref() {
            Some("invalid_client" | "unauthorized_client") => true,
            // Rauthy: Invalid 'client_secret'
            Some(_) => self.status == 401 && self.mentions("client_secret"),
            None => self.status == 401,
        }
    }
}

impl ProbeAnswer {
    /// Returns whether error or description has a word, in any case.
    pub(super) fn mentions(&self, word: &str) -> bool {
        let said = [&self.error, &self.description].into_iter().flatten();
        said.into_iter().any(|text| text.to_lowercase().contains(word))
    }
}

impl std::fmt::Display for ProbeAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(reason) = &self.lost {
            return write!(f, "no answer ({reason})");
        }
        let said: Vec<&str> = self.error.as_deref().into_iter().chain(self.description.as_deref()).collect();
        if said.is_empty() { write!(f, "{}", self.status) } else { write!(f, "{} {}", self.status, said.join(": ")) }
    }
}

impl DoctorEvidence {
    /// Returns the discovery document, if there is one that can be read.
    pub(super) fn document(&self) -> Option<&DiscoveryDocument> {
        let discovery = self.provider.as_ref()?.discovery.as_ref().ok()?;
        discovery.document.as_ref().ok().filter(|_| discovery.answer.status == 200)
    }

    /// Returns its members.
    pub(super) fn metadata(&self) -> Option<&Metadata> {
        self.document().map(|document| &document.metadata)
    }

    /// Returns the keys of the provider.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Value> {
        let set = self.provider.as_ref().and_then(|provider| provider.keys.as_ref()?.as_ref().ok());
        set.and_then(|set| set.keys.as_ref().ok()?.as_deref()).unwrap_or_default().iter()
    }

    /// Returns the claims of the ID token, which are not verified here.
    pub(super) fn id_token_claims(&self) -> Option<Map<String, Value>> {
        Some(Jwt::read(self.sign_in.as_ref()?.tokens()?.text("id_token")?).ok()?.claims)
    }

    /// Returns the claims that Immich reads: those of the ID token if it has an
    /// email, else those of `UserInfo`.
    pub(super) fn claims(&self) -> Option<Map<String, Value>> {
        let id_token = self.id_token_claims();
        let userinfo = || self.sign_in.as_ref()?.userinfo_claims().cloned();
        id_token.clone().filter(|claims| claims.contains_key("email")).or_else(userinfo).or(id_token)
    }

    /// Returns the email that Immich reads.
    pub(super) fn email(&self) -> Option<String> {
        let email = self.claims()?.get("email")?.as_str()?.trim().to_owned();
        Some(email).filter(|email| !email.is_empty())
    }

    /// Returns whether the server begins a sign-in, so that it reaches the
    /// provider.
    pub(super) fn is_begun(&self) -> bool {
        self.server.as_ref().is_some_and(|server| matches!(server.beginning, Ok(Beginning::At(_))))
    }
}

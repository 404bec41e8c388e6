//! What a provider for a test is started with.

use std::net::Ipv4Addr;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::{MockIdp, MockIdpError};
use crate::clock::Clock;
use crate::end_user::EndUser;
use crate::issuer::Registration;
use crate::jose::KeySource;
#[cfg(feature = "profiles")]
use crate::profile::profile;
use crate::protocol::{Client, ClientAuthentication};
use crate::quirk::Deviations;
use crate::server::{Provider, ProviderOptions};
use crate::settings::{ProviderSettings, RedirectMatching};
use crate::tls::Tls;

/// Any http or https URL of this computer, without a fragment (RFC 6749
/// §3.1.2): what is taken for a redirect URI where none is registered. A code
/// never leaves the computer that way.
const LOOPBACK: &str = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?([/?][^#]*)?";

const PRIVATE_KEY_JWT: ClientAuthentication = ClientAuthentication::PrivateKeyJwt;

/// The name that a product with realms, tenants or slugs has in its paths.
#[cfg(feature = "profiles")]
const REALM: &str = "test";

/// What a [`MockIdp`] is started with.
#[derive(Debug, Default)]
#[must_use = "nothing starts before `start`"]
pub struct Builder {
    beside: Option<Arc<Provider>>,
    path: Option<String>,
    client: Option<(String, Option<String>)>,
    redirect_uris: Vec<String>,
    client_keys: Vec<Value>,
    end_users: IndexMap<String, EndUser>,
    settings: ProviderSettings,
    #[cfg(feature = "profiles")]
    profile: Option<String>,
    clock: Option<Clock>,
    tls: Tls,
}

impl MockIdp {
    /// Starts an honest provider with one client and without end-users.
    ///
    /// The client is called `client`; its secret is `secret`. It may be sent
    /// back to any URL of this computer; [`Builder::redirect_uri`] registers
    /// others.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// assert!(idp.issuer().starts_with("http://127.0.0.1:"));
    /// # }
    /// ```
    ///
    /// # Panics
    /// If there is no free port. [`Self::try_start`] returns the error instead.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Starts an honest provider, as [`Self::start`] does.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), mock_idp::MockIdpError> {
    /// let idp = mock_idp::MockIdp::try_start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_start() -> Result<Self, MockIdpError> {
        Self::builder().try_start().await
    }

    /// Begins a provider that differs from the usual one.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// let idp = MockIdp::builder()
    ///     .path("/realms/staff")
    ///     .client("photos", "a secret")
    ///     .redirect_uri("https://photos.example.org/callback")
    ///     .start()
    ///     .await;
    /// assert!(idp.issuer().ends_with("/realms/staff"));
    /// # }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Begins another issuer of the same provider, which needs another path.
    /// It has a client, end-users, deviations and a journal of its own.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{Endpoint, MockIdp};
    ///
    /// let honest = MockIdp::builder().path("/honest").start().await;
    /// let other = honest.beside().path("/other").start().await;
    /// assert_eq!(other.issuer(), honest.issuer().replace("/honest", "/other"));
    /// assert!(other.requests(Endpoint::Authorization).is_empty());
    /// # }
    /// ```
    pub fn beside(&self) -> Builder {
        Builder { beside: Some(Arc::clone(&self.provider)), ..Builder::default() }
    }
}

impl Builder {
    /// The path of the issuer below the origin, such as `/realms/a`: empty, or
    /// with a slash at the beginning. Kept as written.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The client's id and secret; `client` and `secret` if not given.
    pub fn client(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.client = Some((id.into(), Some(secret.into())));
        self
    }

    /// A client without a secret (RFC 6749 §2.1).
    pub fn public_client(mut self, id: impl Into<String>) -> Self {
        self.client = Some((id.into(), None));
        self
    }

    /// Registers a public key of the client, a JWK (RFC 7517 §4). The client may
    /// then authenticate by `private_key_jwt`, too (OIDC Core §9).
    pub fn client_key(mut self, jwk: Value) -> Self {
        self.client_keys.push(jwk);
        self
    }

    /// Registers a redirect URI; may be called several times. From then on
    /// only registered ones are taken, byte for byte, or as
    /// [`ProviderSettings::redirect_matching`] says.
    ///
    /// Without any, the provider takes each http or https URL of this computer
    /// (`localhost`, `127.0.0.1`, `[::1]`), at any port.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// Adds an end-user; [`MockIdp::user`] adds more later.
    pub fn user(mut self, name: impl Into<String>, end_user: EndUser) -> Self {
        self.end_users.insert(name.into(), end_user);
        self
    }

    /// How this provider differs from others, all of them honest.
    pub fn settings(mut self, settings: ProviderSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Imitates a product, such as `keycloak`; see [`crate::PROFILES`]. What
    /// the profile does not know stays as in [`Self::settings`].
    #[cfg(feature = "profiles")]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// The provider's clock; that of the computer if not given. The first
    /// issuer of a provider decides.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Serves the issuer over https. See [`MockIdp::authority_pem`] for the
    /// certificate that the code under test has to trust.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Starts it.
    ///
    /// # Panics
    /// If it cannot start: no free port, a path that is taken, or settings that
    /// contradict each other. [`Self::try_start`] returns the error instead.
    pub async fn start(self) -> MockIdp {
        match self.try_start().await {
            Ok(idp) => idp,
            Err(error) => panic!("the provider cannot start: {error}"),
        }
    }

    /// Starts it.
    pub async fn try_start(self) -> Result<MockIdp, MockIdpError> {
        let (id, secret) = self.client.clone().unwrap_or_else(|| ("client".into(), Some("secret".into())));
        let Imitated { path, mut settings, deviations } = self.imitated(&id)?;
        let mut redirect_uris = self.redirect_uris;
        if redirect_uris.is_empty() {
            redirect_uris.push(LOOPBACK.to_owned());
            settings.redirect_matching = RedirectMatching::Regex;
        }
        if !self.client_keys.is_empty() && !settings.client_authentication.contains(&PRIVATE_KEY_JWT) {
            settings.client_authentication.push(PRIVATE_KEY_JWT);
        }
        let registration = Registration {
            path,
            tls: self.tls,
            client: Client { id, secret, redirect_uris, keys: self.client_keys },
            settings,
            deviations,
            end_users: self.end_users,
        };
        let provider = match self.beside {
            Some(provider) => provider,
            None => Arc::new(Provider::start(options(self.clock)).await?),
        };
        let issuer = provider.open(registration)?;
        Ok(MockIdp::new(provider, issuer))
    }
}

/// What an issuer is opened with that a product decides.
struct Imitated {
    path: String,
    settings: ProviderSettings,
    deviations: Deviations,
}

impl Builder {
    #[cfg(not(feature = "profiles"))]
    #[expect(clippy::unnecessary_wraps, reason = "as with the feature")]
    fn imitated(&self, _: &str) -> Result<Imitated, MockIdpError> {
        Ok(self.unlike_any())
    }

    #[cfg(feature = "profiles")]
    fn imitated(&self, client_id: &str) -> Result<Imitated, MockIdpError> {
        let Some(name) = &self.profile else { return Ok(self.unlike_any()) };
        let profile = profile(name)?;
        Ok(Imitated {
            path: self.path.clone().unwrap_or_else(|| profile.issuer_path(REALM, client_id)),
            settings: self.settings.with(&profile.settings(REALM, client_id))?,
            deviations: Deviations::parse(&profile.quirks(), &profile.overlay())?,
        })
    }

    fn unlike_any(&self) -> Imitated {
        let path = self.path.clone().unwrap_or_default();
        Imitated { path, settings: self.settings.clone(), deviations: Deviations::default() }
    }
}

fn options(clock: Option<Clock>) -> ProviderOptions {
    ProviderOptions {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        public_url: None,
        // They are ready at once, and no other machine reaches this address.
        keys: KeySource::Published,
        clock: clock.unwrap_or_else(Clock::system),
        seed: rand::random(),
        secret: format!("{:032x}", rand::random::<u128>()),
        #[cfg(feature = "tls")]
        authority: None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::settings::RedirectUris;

    #[rstest]
    #[case("http://localhost/callback", true)]
    #[case("https://127.0.0.1:8080/auth?kept=1", true)]
    #[case("http://[::1]:3000", true)]
    #[case("http://localhost.example.org/", false)]
    #[case("http://localhost:80@example.org/", false)]
    #[case("http://localhost@example.org/", false)]
    #[case("http://localhost:80\\@example.org/", false)]
    #[case("http://127.0.0.1.example.org/", false)]
    #[case("http://localhost/#fragment", false)]
    #[case("https://example.org/?http://localhost/", false)]
    #[case("javascript://localhost/%0aalert(1)", false)]
    #[case("app:/callback", false)]
    fn without_registration_codes_stay_on_this_computer(#[case] uri: &str, #[case] taken: bool) {
        let uris = RedirectUris::new(&[LOOPBACK.to_owned()], RedirectMatching::Regex);
        assert_eq!(uris.map(|uris| uris.allow(uri)), Ok(taken));
    }
}

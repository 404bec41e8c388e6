//! What a provider for a test is started with.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::{MockIdp, MockIdpError};
use crate::clock::Clock;
use crate::end_user::EndUser;
use crate::server::Provider;
use crate::settings::ProviderSettings;
use crate::tls::Tls;

/// What a [`MockIdp`] is started with.
#[derive(Debug, Default)]
#[must_use = "nothing starts before `start`"]
pub struct Builder {
    pub(super) beside: Option<Arc<Provider>>,
    pub(super) path: Option<String>,
    pub(super) client: Option<(String, Option<String>)>,
    pub(super) redirect_uris: Vec<String>,
    pub(super) client_keys: Vec<Value>,
    pub(super) end_users: IndexMap<String, EndUser>,
    pub(super) settings: ProviderSettings,
    #[cfg(feature = "profiles")]
    pub(super) profile: Option<String>,
    pub(super) clock: Option<Clock>,
    pub(super) tls: Tls,
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
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// let idp = MockIdp::builder().path("/realms/a").start().await;
    /// assert!(idp.issuer().ends_with("/realms/a"));
    /// # }
    /// ```
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The client's id and secret; `client` and `secret` if not given.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// let idp = MockIdp::builder().client("photos", "a secret").start().await;
    /// assert_eq!((idp.client_id(), idp.client_secret()), ("photos", "a secret"));
    /// # }
    /// ```
    pub fn client(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.client = Some((id.into(), Some(secret.into())));
        self
    }

    /// A client without a secret (RFC 6749 §2.1).
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// let idp = MockIdp::builder().public_client("app").start().await;
    /// assert_eq!((idp.client_id(), idp.client_secret()), ("app", ""));
    /// # }
    /// ```
    pub fn public_client(mut self, id: impl Into<String>) -> Self {
        self.client = Some((id.into(), None));
        self
    }

    /// Registers a public key of the client, a JWK (RFC 7517 §4). The client may
    /// then authenticate by `private_key_jwt`, too (OIDC Core §9).
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), reqwest::Error> {
    /// use mock_idp::MockIdp;
    /// use serde_json::json;
    ///
    /// let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    /// let key = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "one", "x": x});
    /// let idp = MockIdp::builder().client_key(key).start().await;
    /// let url = format!("{}/.well-known/openid-configuration", idp.issuer());
    /// assert!(reqwest::get(url).await?.text().await?.contains("private_key_jwt"));
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{MockIdp, SignInError};
    ///
    /// let idp = MockIdp::builder().redirect_uri("https://photos.example.org/callback").start().await;
    /// let request = format!("{}/authorize?response_type=code&client_id=client&redirect_uri=", idp.issuer());
    /// let alice = idp.user("alice");
    /// assert!(idp.sign_in(format!("{request}https://photos.example.org/callback"), &alice).await.is_ok());
    /// let unregistered = idp.sign_in(format!("{request}http://localhost/callback"), &alice).await;
    /// assert!(matches!(unregistered, Err(SignInError::Stays { status: 400, .. })));
    /// # }
    /// ```
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// Adds an end-user; [`MockIdp::user`] adds more later.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{EndUser, MockIdp};
    ///
    /// let end_user = EndUser { sub: "0000-alice".into(), ..EndUser::default() };
    /// let idp = MockIdp::builder().user("alice", end_user).start().await;
    /// assert_eq!(idp.user("alice").sub(), "0000-alice");
    /// # }
    /// ```
    pub fn user(mut self, name: impl Into<String>, end_user: EndUser) -> Self {
        self.end_users.insert(name.into(), end_user);
        self
    }

    /// How this provider differs from others, all of them honest.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), reqwest::Error> {
    /// use mock_idp::{Algorithm, MockIdp, ProviderSettings};
    ///
    /// let settings = ProviderSettings { signing_algorithm: Algorithm::Es256, ..ProviderSettings::default() };
    /// let idp = MockIdp::builder().settings(settings).start().await;
    /// let url = format!("{}/.well-known/openid-configuration", idp.issuer());
    /// assert!(reqwest::get(url).await?.text().await?.contains("ES256"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn settings(mut self, settings: ProviderSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Imitates a product, such as `keycloak`; see [`crate::PROFILES`]. What
    /// the profile does not know stays as in [`Self::settings`].
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// let idp = MockIdp::builder().profile("keycloak").start().await;
    /// assert!(idp.issuer().ends_with("/realms/test"));
    /// # }
    /// ```
    #[cfg(feature = "profiles")]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// The provider's clock; that of the computer if not given. The first
    /// issuer of a provider decides.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{Clock, MockIdp};
    ///
    /// let idp = MockIdp::builder().clock(Clock::frozen(1_800_000_000)).start().await;
    /// assert_eq!(idp.clock().now(), 1_800_000_000);
    /// # }
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Serves the issuer over https. See [`MockIdp::authority_pem`] for the
    /// certificate that the code under test has to trust.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{MockIdp, Tls};
    ///
    /// let idp = MockIdp::builder().tls(Tls::Expired).start().await;
    /// assert!(reqwest::get(idp.issuer()).await.is_err());
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }
}

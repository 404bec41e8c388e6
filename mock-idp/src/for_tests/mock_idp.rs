//! The provider that a test starts.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use url::Url;

use super::user_agent::{Arrival, UserAgent};
use super::{SignInError, User};
use crate::clock::Clock;
use crate::issuer::Issuer;
use crate::journal::Mark;
use crate::journal_entry::Entry;
use crate::protocol::{Client, Endpoint};
use crate::server::Provider;

/// An OpenID provider for one test, at a free port of loopback. It ends when it
/// is dropped.
///
/// # Panics
/// When it is dropped, unless the thread panics already, if something happened
/// that no test looked at: a quirk that changed no answer, an overlay that did
/// not find what it changes, a bug of the provider. [`Self::finish`] returns
/// that instead.
#[derive(Debug)]
pub struct MockIdp {
    pub(super) provider: Arc<Provider>,
    pub(super) issuer: Issuer,
    client: Client,
    /// The quirks and overlays that the test asked for.
    pub(super) wanted: Mutex<BTreeSet<String>>,
    pub(super) finished: bool,
}

impl MockIdp {
    pub(super) fn new(provider: Arc<Provider>, issuer: Issuer) -> Self {
        let client = issuer.state.publication().client.clone();
        Self { provider, issuer, client, wanted: Mutex::default(), finished: false }
    }

    /// The issuer identifier, exactly as it stands in the discovery document.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), reqwest::Error> {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let url = format!("{}/.well-known/openid-configuration", idp.issuer());
    /// let document: serde_json::Value = reqwest::get(url).await?.json().await?;
    /// assert_eq!(document["issuer"], idp.issuer());
    /// # Ok(())
    /// # }
    /// ```
    pub fn issuer(&self) -> &str {
        self.issuer.url()
    }

    /// The client's id.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// assert_eq!(mock_idp::MockIdp::start().await.client_id(), "client");
    /// # }
    /// ```
    pub fn client_id(&self) -> &str {
        &self.client.id
    }

    /// The client's secret; empty for a public client.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// assert_eq!(MockIdp::start().await.client_secret(), "secret");
    /// assert_eq!(MockIdp::builder().public_client("app").start().await.client_secret(), "");
    /// # }
    /// ```
    pub fn client_secret(&self) -> &str {
        self.client.secret.as_deref().unwrap_or_default()
    }

    /// The end-user of that name. If there is none, adds one without claims,
    /// whose subject identifier is the name.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let alice = idp.user("alice").claim("email", "alice@example.org");
    /// assert_eq!(idp.as_issuer().end_users()["alice"].claims["email"], "alice@example.org");
    /// # let _ = alice;
    /// # }
    /// ```
    pub fn user(&self, name: &str) -> User {
        User::of(&self.issuer, name)
    }

    /// Sends the authorization request as the end-user's browser does, and has
    /// the end-user sign in. Returns the URL to which the provider sends the
    /// browser: the redirect URI with the authorization response.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), mock_idp::SignInError> {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let request = format!(
    ///     "{}/authorize?response_type=code&client_id={}&scope=openid&redirect_uri=http://localhost/callback&state=1",
    ///     idp.issuer(),
    ///     idp.client_id()
    /// );
    /// let callback = idp.sign_in(&request, &idp.user("alice")).await?;
    /// assert_eq!(callback.path(), "/callback");
    /// assert!(callback.query_pairs().any(|(name, _)| name == "code"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sign_in(&self, authorization_url: impl AsRef<str>, user: &User) -> Result<Url, SignInError> {
        self.arrive(authorization_url.as_ref(), user, None).await
    }

    /// Signs in as [`Self::sign_in`] does, for a client that wants the response
    /// by a form (`response_mode=form_post`). Returns the redirect URI and the
    /// fields that the browser posts there.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), mock_idp::SignInError> {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let request = format!(
    ///     "{}/authorize?response_type=code&response_mode=form_post&client_id={}&redirect_uri=http://localhost/back",
    ///     idp.issuer(),
    ///     idp.client_id()
    /// );
    /// let (redirect_uri, fields) = idp.sign_in_by_form(&request, &idp.user("alice")).await?;
    /// assert_eq!(redirect_uri.as_str(), "http://localhost/back");
    /// assert!(fields.iter().any(|(name, _)| name == "code"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sign_in_by_form(
        &self,
        authorization_url: impl AsRef<str>,
        user: &User,
    ) -> Result<(Url, Vec<(String, String)>), SignInError> {
        match self.user_agent().sign_in(authorization_url.as_ref(), user.name(), None).await? {
            Arrival::Form(url, fields) => Ok((url, fields)),
            Arrival::Url(url) => Err(SignInError::Delivery(Box::new(url), "without a form: use `sign_in`")),
        }
    }

    /// Sends the authorization request as [`Self::sign_in`] does, but the
    /// end-user says no. Returns the URL with the error, such as
    /// `access_denied` (RFC 6749 §4.1.2.1).
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), mock_idp::SignInError> {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let request = format!(
    ///     "{}/authorize?response_type=code&client_id={}&scope=openid&redirect_uri=http://localhost/callback",
    ///     idp.issuer(),
    ///     idp.client_id()
    /// );
    /// let callback = idp.deny(&request, &idp.user("alice"), "access_denied").await?;
    /// assert!(callback.query_pairs().any(|(name, value)| name == "error" && value == "access_denied"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn deny(&self, authorization_url: impl AsRef<str>, user: &User, error: &str) -> Result<Url, SignInError> {
        self.arrive(authorization_url.as_ref(), user, Some(error)).await
    }

    async fn arrive(&self, request: &str, user: &User, denial: Option<&str>) -> Result<Url, SignInError> {
        match self.user_agent().sign_in(request, user.name(), denial).await? {
            Arrival::Url(url) => Ok(url),
            Arrival::Form(url, _) => Err(SignInError::Delivery(Box::new(url), "with a form: use `sign_in_by_form`")),
        }
    }

    fn user_agent(&self) -> UserAgent<'_> {
        UserAgent {
            issuer: self.issuer(),
            origins: self.provider.addresses().iter().map(|(_, origin, _)| origin.origin()).collect(),
            address: self.provider.local_addr(),
            secret: self.provider.secret(),
        }
    }

    /// The requests that came to an endpoint so far, in order, each with its
    /// answer.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), reqwest::Error> {
    /// use mock_idp::{Endpoint, MockIdp};
    ///
    /// let idp = MockIdp::start().await;
    /// reqwest::get(format!("{}/userinfo", idp.issuer())).await?;
    /// let requests = idp.requests(Endpoint::UserInfo);
    /// assert_eq!(requests.iter().map(|request| request.status).collect::<Vec<_>>(), [401]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the journal has dropped entries, because it keeps only 1024 and 8 MiB:
    /// how many requests there were is unknown then.
    pub fn requests(&self, endpoint: Endpoint) -> Vec<Entry> {
        match self.issuer.journal().entries_since(Mark::before(0)) {
            Ok(entries) => entries.into_iter().filter(|entry| entry.endpoint == endpoint).collect(),
            Err(forgotten) => panic!("{forgotten}"),
        }
    }

    /// The provider's clock, which a test can move.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let before = idp.clock().now();
    /// idp.clock().advance(3600);
    /// assert!(idp.clock().now() >= before + 3600);
    /// # }
    /// ```
    pub fn clock(&self) -> &Clock {
        self.provider.clock()
    }

    /// The certificate, in PEM, of the authority that signs the certificates of
    /// this provider; none if no issuer of it is served over https.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{MockIdp, Tls};
    ///
    /// let idp = MockIdp::builder().tls(Tls::Trusted).start().await;
    /// assert!(idp.issuer().starts_with("https://127.0.0.1:"));
    /// assert!(idp.authority_pem().is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE-----")));
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn authority_pem(&self) -> Option<String> {
        self.provider.authority().map(|authority| authority.pem().to_owned())
    }

    /// The issuer below, for everything else: rotating keys, being down, logout
    /// tokens, other settings.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// idp.as_issuer().rotate_keys();
    /// # }
    /// ```
    pub fn as_issuer(&self) -> &Issuer {
        &self.issuer
    }
}

//! How a provider for a test starts: the registration that its builder asks
//! for, and the settings of the product that it imitates.

use std::net::Ipv4Addr;
use std::sync::Arc;

use super::{Builder, MockIdp, MockIdpError};
use crate::clock::Clock;
use crate::issuer::Registration;
use crate::jose::KeySource;
#[cfg(feature = "profiles")]
use crate::profile::profile;
use crate::protocol::{Client, ClientAuthentication};
use crate::quirk::Deviations;
use crate::server::{Provider, ProviderOptions};
use crate::settings::{ProviderSettings, RedirectMatching};

/// Any http or https URL of this computer, without a fragment (RFC 6749
/// §3.1.2): what is taken for a redirect URI where none is registered. A code
/// never leaves the computer that way.
const LOOPBACK: &str = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?([/?][^#]*)?";

const PRIVATE_KEY_JWT: ClientAuthentication = ClientAuthentication::PrivateKeyJwt;

/// The name that a product with realms, tenants or slugs has in its paths.
#[cfg(feature = "profiles")]
const REALM: &str = "test";

impl Builder {
    /// Starts it.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::MockIdp;
    ///
    /// let idp = MockIdp::builder().path("/a").start().await;
    /// assert!(idp.issuer().ends_with("/a"));
    /// # }
    /// ```
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

    /// Starts it, and returns why it cannot start.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use mock_idp::{MockIdp, MockIdpError};
    ///
    /// let idp = MockIdp::builder().path("/a").start().await;
    /// let taken = idp.beside().path("/a").try_start().await;
    /// assert!(matches!(taken, Err(MockIdpError::Open(_))));
    /// # }
    /// ```
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

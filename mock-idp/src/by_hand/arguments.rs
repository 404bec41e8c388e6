//! What a person can say about the provider on the command line, and the
//! registration that comes of it. Nothing is started here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use rand::RngExt;
use serde_json::Map;
use url::Url;

use super::end_users;
use super::error::ServeError;
use crate::issuer::Registration;
use crate::person::access::is_exposed;
use crate::profile::{Profile, profile};
use crate::protocol::Client;
use crate::quirk::{Deviations, written};
use crate::server::public_url;
use crate::settings::ProviderSettings;
use crate::tls::{AuthorityError, CertificateAuthority, Tls};

/// How the provider is served by hand.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9000")]
    pub listen: SocketAddr,
    /// A product to imitate, such as keycloak
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// The issuer's path, such as /application/o/photos/
    ///
    /// Default: the path of the product, or none.
    #[arg(long, value_name = "PATH")]
    pub issuer_path: Option<String>,
    /// The URL at which other machines reach the provider, if it differs from --listen
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Url>,
    /// Serve the issuer over https with a certificate of this kind
    ///
    /// The issuer then listens at one of the six ports after that of --listen.
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Tls::None)]
    pub tls: Tls,
    /// The folder of the certificate authority, created if it does not exist
    ///
    /// Without it, the provider creates a new authority, which no client trusts.
    #[arg(long, value_name = "DIR")]
    pub ca: Option<PathBuf>,
    /// A quirk to turn on at the start; may be repeated
    #[arg(long = "quirk", value_name = "NAME[=VALUE]")]
    pub quirks: Vec<String>,
    /// A TOML file with provider settings, which override those of the product
    ///
    /// The keys are those of a profile's `[settings]`.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// A TOML file with the end-users; default: alice, bob, carol and dave
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// The client ID
    #[arg(long, value_name = "ID", default_value = "client")]
    pub client_id: String,
    /// The client secret; empty for a public client
    ///
    /// Default: `secret` on loopback, random elsewhere.
    #[arg(long, value_name = "SECRET", env = "MOCK_IDP_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<String>,
    /// A redirect URI of the client; may be repeated
    ///
    /// Default: the provider accepts any redirect URI, but only on loopback.
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// The secret for the control API and, beyond loopback, for the pages
    ///
    /// Default: a random one.
    #[arg(long, value_name = "SECRET", env = "MOCK_IDP_SECRET", hide_env_values = true)]
    pub secret: Option<String>,
    /// The seed for random codes, tokens and session IDs; only on loopback
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// The settings that the arguments ask for.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) registration: Registration,
    pub(super) profile: Option<&'static Profile>,
    pub(super) secret: String,
    pub(super) seed: u64,
    pub(super) is_exposed: bool,
}

/// The realm, tenant or slug, where a product has one in its paths.
const NAME: &str = "photos";

/// Paths that the provider needs for itself.
const OWN_PATHS: &[&str] = &["control", "favicon.ico", "health", "inspect"];

impl Arguments {
    /// Reads and checks everything that was said.
    pub(super) fn plan(&self) -> Result<Plan, ServeError> {
        let is_exposed = is_exposed(self.listen, self.public_url.as_ref());
        if self.listen.ip().is_unspecified() && self.public_url.is_none() {
            return Err(ServeError::Nameless(self.listen.ip()));
        }
        if is_exposed && self.redirect_uris.is_empty() {
            return Err(ServeError::RedirectUris);
        }
        if is_exposed && self.seed.is_some() {
            return Err(ServeError::Seed);
        }
        let secret = self.secret.clone().unwrap_or_else(made_up);
        if secret.is_empty() {
            return Err(ServeError::EmptySecret);
        }
        let client_secret =
            self.client_secret.clone().unwrap_or_else(|| if is_exposed { made_up() } else { "secret".to_owned() });
        let profile = self.profile.as_deref().map(profile).transpose()?;
        let of_product = profile.map(|profile| profile.settings(NAME, &self.client_id));
        let registration = Registration {
            path: self.path(profile)?,
            tls: self.tls,
            client: Client {
                id: self.client_id.clone(),
                secret: Some(client_secret).filter(|secret| !secret.is_empty()),
                redirect_uris: self.redirect_uris.clone(),
                keys: Vec::new(),
            },
            settings: ProviderSettings::default()
                .with(&of_product.unwrap_or_default())?
                .with(&self.settings.as_deref().map_or_else(|| Ok(Map::new()), end_users::settings)?)?,
            deviations: deviations(&self.quirks, profile)?,
            end_users: self.users.as_deref().map_or_else(|| Ok(end_users::default()), end_users::read)?,
        };
        Ok(Plan { registration, profile, secret, seed: self.seed.unwrap_or_else(rand::random), is_exposed })
    }

    /// What there is to say of the issuer's certificate, if it has one.
    pub(super) fn certificate(&self) -> Option<String> {
        let name = self.tls.name();
        match (&self.ca, self.tls.needs_trust()) {
            _ if self.tls == Tls::None => None,
            (_, false) => Some(name.to_owned()),
            (None, true) => Some(format!("{name}, from a new authority; use --ca DIR to keep it")),
            (Some(folder), true) => Some(format!("{name}; clients must trust {}", folder.join("ca.pem").display())),
        }
    }

    /// The certificate authority of `--ca`, if one was named.
    pub(super) fn authority(&self, now: i64) -> Result<Option<CertificateAuthority>, AuthorityError> {
        let Some(folder) = &self.ca else { return Ok(None) };
        let kept = if folder.exists() { CertificateAuthority::load } else { CertificateAuthority::create };
        kept(folder, now).map(Some)
    }

    /// The issuer's path, if it is one and does not stand in the way.
    fn path(&self, profile: Option<&Profile>) -> Result<String, ServeError> {
        let usual = || profile.map(|profile| profile.issuer_path(NAME, &self.client_id)).unwrap_or_default();
        let path = &self.issuer_path.clone().unwrap_or_else(usual);
        let refused = |reason| Err(ServeError::IssuerPath { path: path.clone(), reason });
        if path.is_empty() || path == "/" {
            return Ok(String::new());
        }
        if !path.starts_with('/') {
            return refused("it does not begin with `/`".to_owned());
        }
        // As it will stand in a URL, or requests would not find it.
        match Url::parse("http://localhost").and_then(|origin| origin.join(path)) {
            Ok(url) if url.path() == path => {}
            _ => return refused("it is not a valid URL path".to_owned()),
        }
        let first = path.split('/').nth(1).unwrap_or_default();
        if OWN_PATHS.contains(&first) {
            return refused(format!("the provider uses /{first} itself"));
        }
        Ok(path.clone())
    }
}

/// Quirks as NAME or NAME=VALUE, on top of those of the product.
fn deviations(arguments: &[String], profile: Option<&Profile>) -> Result<Deviations, ServeError> {
    let mut quirks = profile.map(Profile::quirks).unwrap_or_default();
    quirks.extend(arguments.iter().map(|argument| written(argument)));
    Ok(Deviations::parse(&quirks, &profile.map(Profile::overlay).unwrap_or_default())?)
}

/// A secret that can be typed on a telephone: 80 bits, in groups of four.
fn made_up() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let mut group = || -> String { (0..4).map(|_| char::from(LETTERS[random.random_range(0..32)])).collect() };
    [group(), group(), group(), group()].join("-")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use clap::builder::Resettable;
    use clap::{CommandFactory, FromArgMatches, Parser};
    use rstest::rstest;

    use super::*;
    use crate::settings::Pkce;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn plan(line: &str) -> Result<Plan, ServeError> {
        let words = std::iter::once("idp").chain(line.split_whitespace());
        // What the caller's variables say is not on the line.
        let command = Line::command().mut_args(|argument| argument.env(Resettable::Reset));
        Line::from_arg_matches(&command.try_get_matches_from(words).unwrap()).unwrap().arguments.plan()
    }

    #[rstest]
    #[case("", &[])]
    #[case("--quirk expired --quirk token-status=500", &["expired", "token-status"])]
    // Looks like a number, but the quirk takes text.
    #[case("--quirk wrong-audience=5", &["wrong-audience"])]
    #[case("--quirk slow=userinfo", &["slow"])]
    fn quirks_are_understood(#[case] line: &str, #[case] names: &[&str]) {
        assert_eq!(plan(line).unwrap().registration.deviations.names(), names);
    }

    #[rstest]
    #[case("--quirk token-status=soon")]
    #[case("--quirk expired=false")]
    #[case("--quirk wrong-issuer --quirk missing-issuer")]
    #[case("--profile keykloak")]
    #[case("--issuer-path x")]
    #[case("--issuer-path /a?b")]
    #[case("--issuer-path /a/../b")]
    #[case("--issuer-path /control")]
    #[case("--issuer-path /inspect/here")]
    #[case("--listen 192.0.2.1:0")]
    #[case("--listen 0.0.0.0:0 --redirect-uri https://a.test/")]
    #[case("--listen 192.0.2.1:0 --redirect-uri https://a.test/ --seed 1")]
    #[case("--public-url https://idp.example.org")]
    fn what_cannot_be_is_refused(#[case] line: &str) {
        assert!(plan(line).is_err());
    }

    #[rstest]
    #[case("", "")]
    #[case("--issuer-path /", "")]
    #[case("--issuer-path /controls", "/controls")]
    #[case("--issuer-path /application/o/photos/", "/application/o/photos/")]
    #[case("--profile keycloak", "/realms/photos")]
    #[case("--profile keycloak --issuer-path /auth", "/auth")]
    fn paths_stay_as_written(#[case] line: &str, #[case] path: &str) {
        assert_eq!(plan(line).unwrap().registration.path, path);
    }

    #[test]
    fn quirks_come_on_top_of_a_profile() {
        let plan = plan("--profile kanidm --quirk expired").unwrap();
        assert_eq!(plan.registration.settings.pkce, Pkce::Required);
        assert!(plan.registration.deviations.names().contains(&"expired".to_owned()));
        assert_eq!(plan.profile.unwrap().name, "kanidm");
    }

    #[test]
    fn beyond_loopback_nothing_is_guessable() {
        let plan = plan("--listen 192.0.2.1:0 --redirect-uri https://a.test/").unwrap();
        let secret = plan.registration.client.secret.unwrap();
        assert!(plan.is_exposed && secret.len() == 19 && secret != plan.secret);
    }
}

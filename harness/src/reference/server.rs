//! The HTTP server: how it is started, and where it listens.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rand::SeedableRng;
use rand::rngs::StdRng;
use semver::Version;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::defect::plant;
use super::endpoint::routes;
use super::instance::{Instance, word};
use super::oauth_client::OAuthClient;
use super::rules::Rules;
use super::state::{Replicas, Restart, SettingsSource, Store};
use super::version::NEWEST;
use crate::http_client::ProviderClients;

/// How a reference server is started.
#[derive(Clone)]
pub struct ReferenceOptions {
    /// Where to listen; port 0 for any.
    pub listen: SocketAddr,
    /// The version of Immich whose contract it has.
    pub version: Version,
    /// Names of defects and improvements to plant.
    pub defects: Vec<String>,
    /// Where its settings come from.
    pub settings_from: SettingsSource,
    /// How many replicas take turns in answering. A change of the settings
    /// reaches the others late.
    pub replicas: u32,
    /// The administrator's API key; a fresh one, if none is given.
    pub api_key: Option<String>,
    /// What the API key may do; everything, if nothing is said.
    pub permissions: Vec<String>,
    /// Its time, in seconds since 1970; shared with the provider, so that
    /// both can be moved.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// For its requests to the provider.
    pub clients: ProviderClients,
    /// Seed of tokens and keys.
    pub seed: u64,
}

impl ReferenceOptions {
    /// Those of a server at any free port of loopback: of the newest version,
    /// without a defect, with settings over the API and a key for everything.
    pub fn on_loopback(clock: Arc<dyn Fn() -> i64 + Send + Sync>, clients: ProviderClients) -> Self {
        Self {
            listen: ([127, 0, 0, 1], 0).into(),
            version: NEWEST,
            defects: Vec::new(),
            settings_from: SettingsSource::Api,
            replicas: 1,
            api_key: None,
            permissions: Vec::new(),
            clock,
            clients,
            seed: 1,
        }
    }
}

impl fmt::Debug for ReferenceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReferenceOptions")
            .field("listen", &self.listen)
            .field("version", &self.version)
            .field("defects", &self.defects)
            .finish_non_exhaustive()
    }
}

/// Why it could not start.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceStartError {
    /// The address cannot be had.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// There is no such defect.
    #[error("unknown defect `{0}`")]
    Defect(String),
    /// The settings' file or variables cannot be used.
    #[error("cannot use the settings: {0}")]
    Configuration(String),
}

/// What API keys of reference servers begin with.
const KEY: &str = "oidc-harness-reference-";

/// Returns whether a text looks like the API key of a reference server.
pub fn is_reference_key(text: &str) -> bool {
    text.strip_prefix(KEY).is_some_and(|rest| rest.len() == 40 && rest.bytes().all(|one| one.is_ascii_alphanumeric()))
}

/// A running reference server. Dropping it ends it.
#[derive(Debug)]
pub struct ReferenceServer {
    url: String,
    api_key: String,
    restarter: Restarter,
    task: JoinHandle<()>,
}

/// What restarts a reference server: it forgets what a process keeps in memory,
/// and keeps accounts, sessions and settings.
#[derive(Clone)]
pub struct Restarter(Arc<Instance>);

impl fmt::Debug for Restarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Restarter").finish()
    }
}

impl Restarter {
    /// Restarts the server.
    pub async fn restart(&self) {
        self.0.store().forget();
        let provider = OAuthClient::new(&self.0);
        if self.0.rules.api.start_needs_provider && provider.discover().await.is_err() {
            self.0.restart.begin(self.0.now());
        }
    }
}

impl ReferenceServer {
    /// Listens; ready when it returns, with an administrator and a key.
    pub async fn start(options: ReferenceOptions) -> Result<Self, ReferenceStartError> {
        let mut rules = Rules::of_version(&options.version);
        for name in &options.defects {
            if !plant(&mut rules, name) {
                return Err(ReferenceStartError::Defect(name.clone()));
            }
        }
        let listen = |error| ReferenceStartError::Listen(options.listen, error);
        let listener = TcpListener::bind(options.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let mut random = StdRng::seed_from_u64(options.seed);
        let fresh = format!("{KEY}{}", word(&mut random, 40));
        let api_key = options.api_key.unwrap_or(fresh);
        let server = Arc::new(Instance {
            version: options.version,
            store: Mutex::new(Store::new(rules.api.defaults())),
            rules,
            random: Mutex::new(random),
            api_key: api_key.clone(),
            permissions: if options.permissions.is_empty() { vec!["all".to_owned()] } else { options.permissions },
            settings_from: options.settings_from,
            replicas: Replicas::new(options.replicas),
            restart: Restart::default(),
            clock: options.clock,
            clients: options.clients,
        });
        let restarter = Restarter(Arc::clone(&server));
        if server.settings_from.is_read_once() {
            server.read_configuration().map_err(ReferenceStartError::Configuration)?;
        }
        let task = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, routes(server)).await;
        });
        Ok(Self { url: format!("http://{address}"), api_key, restarter, task })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What restarts it.
    pub fn restarter(&self) -> Restarter {
        self.restarter.clone()
    }

    /// The administrator's API key.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }
}

impl Drop for ReferenceServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

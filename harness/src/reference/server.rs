//! The HTTP server and its routes.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::{get, post};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng, distr::Alphanumeric};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::cookies::cookie;
use super::login_page::login_page;
use super::replicas::Replicas;
use super::reply::Refusal;
use super::rules::Rules;
use super::state::Store;
use super::{DEFECTS, administration, backchannel, callback, configuration, replicas, sign_in, sign_out};
use crate::constant_time::are_equal;
use crate::http_client::ProviderClients;

/// How a reference server is started.
#[derive(Clone)]
pub struct ReferenceOptions {
    /// Where to listen; port 0 for any.
    pub listen: SocketAddr,
    /// Names of defects to plant.
    pub defects: Vec<String>,
    /// The file that settings are taken from, if not over the API.
    pub configuration: Option<PathBuf>,
    /// How many replicas take turns in answering. A change of the settings
    /// comes to the others late.
    pub replicas: u32,
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

impl fmt::Debug for ReferenceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReferenceOptions")
            .field("listen", &self.listen)
            .field("defects", &self.defects)
            .finish_non_exhaustive()
    }
}

/// Why it could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be had.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// There is no such defect.
    #[error("there is no defect `{0}`")]
    Defect(String),
}

/// A running reference server. Dropping it ends it.
#[derive(Debug)]
pub struct ReferenceServer {
    url: String,
    api_key: String,
    task: JoinHandle<()>,
}

impl ReferenceServer {
    /// Listens; ready when it returns, with an administrator and a key.
    pub async fn start(options: ReferenceOptions) -> Result<Self, StartError> {
        let mut rules = Rules::honest();
        for name in &options.defects {
            let defect = DEFECTS.iter().find(|defect| defect.name == name);
            (defect.ok_or_else(|| StartError::Defect(name.clone()))?.plant)(&mut rules);
        }
        let listen = |error| StartError::Listen(options.listen, error);
        let listener = TcpListener::bind(options.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let mut random = StdRng::seed_from_u64(options.seed);
        let api_key = word(&mut random, 40);
        let server = Arc::new(Server {
            rules,
            store: Mutex::new(Store::new()),
            random: Mutex::new(random),
            api_key: api_key.clone(),
            permissions: if options.permissions.is_empty() { vec!["all".to_owned()] } else { options.permissions },
            configuration: options.configuration,
            replicas: Replicas::new(options.replicas),
            clock: options.clock,
            clients: options.clients,
        });
        let task = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, routes(server)).await;
        });
        Ok(Self { url: format!("http://{address}"), api_key, task })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
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

fn word(random: &mut StdRng, length: usize) -> String {
    (0..length).map(|_| char::from(random.sample(Alphanumeric))).collect()
}

fn routes(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/server/ping", get(administration::ping))
        .route("/api/server/version", get(administration::version))
        .route("/api/server/features", get(administration::features))
        .route("/api/server/config", get(administration::public_configuration))
        .route("/api/system-config", get(administration::settings).put(administration::put_settings))
        .route("/api/system-config/defaults", get(administration::default_settings))
        .route("/api/admin/users", get(administration::accounts).post(administration::create_account))
        .route("/api/admin/users/{id}", axum::routing::delete(administration::delete_account))
        .route("/api/admin/users/{id}/restore", post(administration::undelete_account))
        .route("/api/api-keys/me", get(administration::api_key))
        .route("/api/users/me", get(sign_in::me))
        .route("/api/auth/login", post(sign_in::password))
        .route("/api/auth/logout", post(sign_out::logout))
        .route("/api/oauth/authorize", post(callback::authorize))
        .route("/api/oauth/callback", post(callback::callback))
        .route("/api/oauth/link", post(callback::link))
        .route("/api/oauth/unlink", post(callback::unlink))
        .route("/api/oauth/backchannel-logout", post(backchannel::logout))
        .route("/api/oauth/mobile-redirect", get(sign_in::mobile_redirect))
        .route("/auth/login", get(login_page))
        .fallback(|method: Method, uri: Uri| async move { Refusal(404, format!("Cannot {method} {}", uri.path())) })
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&server), configuration::read_anew))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&server), replicas::take_turns))
        .with_state(server)
}

/// What the routes share.
pub(super) struct Server {
    pub(super) rules: Rules,
    store: Mutex<Store>,
    random: Mutex<StdRng>,
    api_key: String,
    pub(super) permissions: Vec<String>,
    pub(super) configuration: Option<PathBuf>,
    pub(super) replicas: Replicas,
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub(super) clients: ProviderClients,
}

impl Server {
    /// Never held across a request to the provider.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> i64 {
        (self.clock)()
    }

    pub(super) fn random_text(&self, length: usize) -> String {
        word(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner), length)
    }

    /// The settings, as the replica that answers knows them.
    pub(super) fn settings(&self) -> Value {
        self.replicas.seen(&self.store().settings)
    }

    pub(super) fn oauth(&self) -> Value {
        self.settings().get("oauth").cloned().unwrap_or_default()
    }

    /// Only with an administrator's key that has this permission, or an
    /// administrator's session.
    pub(super) fn administrator(&self, headers: &HeaderMap, permission: &str) -> Result<(), Refusal> {
        match headers.get("x-api-key").map(|key| are_equal(key, &self.api_key)) {
            Some(true) if self.permissions.iter().any(|one| one == "all" || one == permission) => Ok(()),
            Some(true) => Err(Refusal(403, format!("Missing required permission: {permission}"))),
            Some(false) => Err(Refusal(401, "Invalid API key".into())),
            None => {
                let (_, id) = self.signed_in(headers)?;
                let is_admin = self.store().account(&id).is_some_and(|account| account.is_admin);
                if is_admin || !self.rules.settings_guarded { Ok(()) } else { Err(Refusal(403, "Forbidden".into())) }
            }
        }
    }

    /// The session token of a request: bearer first, then cookie.
    pub(super) fn token(headers: &HeaderMap) -> Option<String> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        bearer.map(ToOwned::to_owned).or_else(|| cookie(headers, "immich_access_token"))
    }

    /// No session, and the account that was made last.
    pub(super) fn last_account(&self) -> (String, String) {
        (String::new(), self.store().accounts.last().map(|account| account.id.clone()).unwrap_or_default())
    }

    /// Only with a session that works: its token and its account's id.
    pub(super) fn signed_in(&self, headers: &HeaderMap) -> Result<(String, String), Refusal> {
        let token = Self::token(headers).ok_or_else(|| Refusal(401, "Authentication required".into()))?;
        let account = self.store().sessions.get(&token).map(|session| session.account.clone());
        let account = account.ok_or_else(|| Refusal(401, "Invalid user token".into()))?;
        Ok((token, account))
    }
}

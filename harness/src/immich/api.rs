//! The HTTP API of Immich, as far as the harness needs it: what scenarios do
//! goes through browsers ([`crate::user_agent`]); this is the administrator. What its
//! answers mean is for [`super::answer`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use url::Url;

use super::answer::{answered, json_of, refusal};
use super::api_key::api_key_header;
use super::known_accounts::KnownAccounts;
use super::secrets::SECRET_NAMES;
use super::shared_listing::SharedListing;
use super::unjudged::Unjudged;
use super::{
    Access, ApiKey, ApiRoute, ConfigurationFile, Dialect, Outage, RestartCommand, SettingsRoutes, TargetError,
};
use crate::address;
use crate::client_limit::ClientLimit;
use crate::exchange::Exchange;
use crate::redaction::{SecretKind, Secrets};
use crate::user_agent::{Body, Request, UserAgent};

/// A server, seen by its administrator. Clones are the same server.
#[derive(Debug, Clone)]
pub struct Immich {
    client: reqwest::Client,
    origin: String,
    key: ApiKey,
    configuration_file: Option<ConfigurationFile>,
    /// Restarts a server that reads its file only when it starts.
    pub(super) restart: Option<RestartCommand>,
    dialect: Arc<Dialect>,
    /// How many replicas share its address.
    pub(super) replicas: u32,
    waited: Arc<AtomicU64>,
    /// How often it answered the administrator.
    answers: Arc<AtomicU64>,
    /// Why no further test is worth its time.
    end: Arc<Mutex<Option<TargetError>>>,
    pub(super) routes: Arc<Mutex<HashMap<String, bool>>>,
    /// The routes of its settings, once an answer has shown them.
    pub(super) settings_routes: Arc<OnceLock<SettingsRoutes>>,
    secrets: Secrets,
    /// What was asked and answered since a play looked at it last.
    unjudged: Arc<Unjudged>,
    /// What its list of accounts must hold.
    pub(super) known: KnownAccounts,
    pub(super) listing: SharedListing,
}

impl Immich {
    /// The server at `url`, with or without `/api` at its end. `client` must
    /// not follow redirects.
    pub fn new(client: reqwest::Client, url: &str, key: ApiKey) -> Result<Self, TargetError> {
        let secrets = Secrets::of(SECRET_NAMES);
        secrets.add(SecretKind::ApiKey, key.secret());
        Ok(Self {
            client,
            origin: Self::origin_of(url)?,
            key,
            configuration_file: None,
            restart: None,
            dialect: Arc::default(),
            replicas: 1,
            waited: Arc::default(),
            answers: Arc::default(),
            end: Arc::default(),
            routes: Arc::default(),
            settings_routes: Arc::default(),
            secrets,
            unjudged: Arc::default(),
            known: KnownAccounts::default(),
            listing: SharedListing::default(),
        })
    }

    /// Scheme, host and port of the server at `url`: one text for one server,
    /// however its address is written.
    pub fn origin_of(url: &str) -> Result<String, TargetError> {
        let wrong = || TargetError::Address(address::shown(url));
        let parsed = Url::parse(url.trim()).map_err(|_| wrong())?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(TargetError::Credentials(parsed.host_str().unwrap_or_default().to_owned()));
        }
        let path = parsed.path().trim_end_matches('/');
        let usable = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
        let origin = parsed.origin().ascii_serialization();
        match path {
            _ if !usable => Err(wrong()),
            "" | "/api" if parsed.query().is_none() => Ok(origin),
            "" | "/api" => Err(wrong()),
            _ => Err(TargetError::Page { address: address::shown(url), origin }),
        }
    }

    /// The same server, whose settings are changed in this way.
    #[must_use]
    pub fn with_access(self, access: &Access) -> Self {
        let restart = access.file().and_then(ConfigurationFile::restart).cloned();
        Self { configuration_file: access.file().cloned(), ..self }.with_restart(restart)
    }

    /// The same server, which speaks this dialect.
    #[must_use]
    pub fn with_dialect(self, dialect: Arc<Dialect>) -> Self {
        Self { dialect, ..self }
    }

    /// The dialect that it speaks.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The same server, of so many replicas.
    #[must_use]
    pub fn with_replicas(self, replicas: u32) -> Self {
        Self { replicas: replicas.max(1), ..self }
    }

    /// The file that it takes its settings from, if they are changed there.
    pub fn configuration_file(&self) -> Option<&ConfigurationFile> {
        self.configuration_file.as_ref()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The administrator's key.
    pub fn key(&self) -> &ApiKey {
        &self.key
    }

    /// What must not be shown of the dealings with it.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// A clone for work in the background: its waiting delays no test, and
    /// neither that nor its answers count.
    pub(crate) fn in_background(&self) -> Self {
        Self { waited: Arc::default(), answers: Arc::default(), ..self.clone() }
    }

    /// A clone for a play beside others: it judges and counts its own answers,
    /// and labels its own secrets.
    pub(crate) fn beside(&self) -> Self {
        let (unjudged, answers) = (Arc::new(Unjudged::keeping()), Arc::default());
        Self { unjudged, answers, secrets: self.secrets.beside(), ..self.clone() }
    }

    /// Takes over what such a clone, whose play ends, left to judge,
    /// and all that it judged if the play is to be played `again`.
    pub(crate) fn rejoin(&self, other: &Self, again: bool) {
        self.unjudged.rejoin(&other.unjudged, again);
        other.secrets.end_play();
    }

    /// How long the harness has waited for this server's answers.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.waited.load(Ordering::Relaxed))
    }

    /// Counts a time that another client waited for this server.
    pub fn note_wait(&self, waited: Duration) {
        self.waited.fetch_add(u64::try_from(waited.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Sends a request from a browser, in the words of this server if it goes
    /// there. Returns the answer in Immich's.
    pub(crate) async fn send_from(&self, browser: &mut UserAgent, request: Request) -> Result<Exchange, ClientLimit> {
        let (request, asked) = self.dialect.request(&self.origin, request);
        Ok(self.dialect.answer(asked, browser.send(request).await?))
    }

    pub(super) async fn send(&self, request: Request) -> Result<Exchange, TargetError> {
        let since = Instant::now();
        let exchange = self.send_from(&mut UserAgent::new(self.client.clone(), None), request).await;
        self.note_wait(since.elapsed());
        let exchange = exchange?;
        self.note_hang(&exchange);
        self.note_answer(&exchange);
        Ok(exchange)
    }

    /// Notes an answer to the administrator, to be judged.
    pub(super) fn note_answer(&self, exchange: &Exchange) {
        if exchange.status.is_some() && Outage::of(exchange).is_none() {
            self.answers.fetch_add(1, Ordering::Relaxed);
        }
        self.unjudged.push(exchange.clone());
    }

    /// Takes what was asked and answered since this was asked last: a play
    /// judges all answers, also those to the administrator.
    pub(crate) fn take_unjudged(&self) -> Vec<Exchange> {
        self.unjudged.take()
    }

    /// Leaves to the next play what one looked at that was no test.
    pub(crate) fn leave_unjudged(&self, earlier: Vec<Exchange>) {
        self.unjudged.put_back(earlier);
    }

    /// How often the server itself answered the administrator: a later answer
    /// proves that it works.
    pub(crate) fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }

    /// Notes that the server gave no answer in time, if this says so.
    pub(crate) fn note_hang(&self, exchange: &Exchange) {
        if exchange.timed_out() {
            self.note_end(TargetError::TimedOut(exchange.url.clone()));
        }
    }

    /// Notes why no further test is worth its time.
    pub(super) fn note_end(&self, error: TargetError) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Why no further test is worth its time: the server hangs, which is that it
    /// gave no answer in time where nothing but itself can be the cause, or it
    /// is down and stays so.
    pub(crate) fn end(&self) -> Option<TargetError> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends a request with the administrator's key, which goes to no other
    /// server: [`Immich::request_at`] makes all of them.
    pub(super) async fn ask(&self, mut request: Request) -> Result<Exchange, TargetError> {
        if !self.key.secret().is_empty() {
            request.headers.push(api_key_header(self.key.secret()));
        }
        self.send(request).await
    }

    /// A request without body and credentials.
    pub(super) fn request(&self, route: ApiRoute) -> Result<Request, TargetError> {
        self.request_at(route.method(), route.path(), Body::Empty)
    }

    /// The same where the path has more to it than a route.
    pub(super) fn request_at(&self, method: &str, path: &str, body: Body) -> Result<Request, TargetError> {
        let url = address::join(&self.origin, path).map_err(|_| TargetError::Address(path.to_owned()))?;
        Ok(Request::new(method, url.into(), body, false))
    }

    /// Asks as administrator and expects success and JSON.
    pub(super) async fn call(&self, route: ApiRoute, body: Body) -> Result<Value, TargetError> {
        self.call_at(route.method(), route.path(), body).await
    }

    /// The same where the path has more to it than a route.
    pub(super) async fn call_at(&self, method: &str, path: &str, body: Body) -> Result<Value, TargetError> {
        self.success(path, &self.ask(self.request_at(method, path, body)?).await?)
    }

    /// Expects that what the administrator asked at a path succeeded with JSON.
    pub(super) fn success(&self, path: &str, exchange: &Exchange) -> Result<Value, TargetError> {
        let status = answered(&self.secrets, exchange)?;
        if (200..300).contains(&status) {
            json_of(&self.secrets, exchange)
        } else {
            Err(refusal(&self.secrets, exchange, path, status))
        }
    }

    /// Sends a request without credentials; expects success and JSON.
    pub(super) async fn look(&self, route: ApiRoute) -> Result<Value, TargetError> {
        let exchange = self.send(self.request(route)?).await?;
        let status = answered(&self.secrets, &exchange)?;
        if status == 200 {
            return json_of(&self.secrets, &exchange);
        }
        let found = format!("status {status}");
        Err(TargetError::NotImmich { url: exchange.url, found })
    }

    /// Asks as administrator. Returns the answer, whatever it is.
    pub(crate) async fn answer_to(&self, route: ApiRoute) -> Result<Exchange, TargetError> {
        let exchange = self.ask(self.request(route)?).await?;
        answered(&self.secrets, &exchange).map(|_| exchange)
    }

    /// The same without credentials.
    pub(crate) async fn refusal_of(&self, route: ApiRoute) -> Result<Exchange, TargetError> {
        let exchange = self.send(self.request(route)?).await?;
        answered(&self.secrets, &exchange).map(|_| exchange)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://photos.example", Some("https://photos.example"))]
    #[case("https://photos.example/", Some("https://photos.example"))]
    #[case("https://photos.example/api", Some("https://photos.example"))]
    #[case("http://127.0.0.1:2283/api/", Some("http://127.0.0.1:2283"))]
    #[case("HTTPS://Photos.Example:443/", Some("https://photos.example"))]
    #[case("photos.example", None)]
    #[case("ftp://photos.example", None)]
    #[case("https://photos.example/photos", None)]
    fn takes_addresses_with_and_without_api(#[case] url: &str, #[case] origin: Option<&str>) {
        let target = Immich::new(reqwest::Client::default(), url, ApiKey::new("k"));
        assert_eq!(target.as_ref().ok().map(Immich::origin), origin);
    }
}

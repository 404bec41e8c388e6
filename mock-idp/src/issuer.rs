//! One issuer: a path of the provider with its client, end-users, settings and
//! deviations. Answering requests is for [`crate::endpoint`];
//! [`crate::logout_token`] creates logout tokens, which are not answers.

#[cfg(feature = "by-hand")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::body::Bytes;
use axum::http::HeaderMap;
use indexmap::IndexMap;
use rand::distr::Alphanumeric;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::document::Document;
use crate::end_user::EndUser;
#[cfg(feature = "by-hand")]
use crate::interactive::Interactive;
use crate::jose::KeyPool;
use crate::journal::Journal;
use crate::message::{Draft, Message};
use crate::packed_entry::{Answered, PackedEntry};
use crate::protocol::{Client, Endpoint, Parameters, header_pairs};
use crate::publication::Publication;
use crate::quirk::{Deviations, Keys, OverlayError, Scene};
use crate::registration::Registration;
use crate::settings::{Names, ProviderSettings, SettingsError};
use crate::store::Store;
use crate::tls::Tls;

/// Below what an issuer is, without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    /// Its own origin.
    pub(crate) own: String,
    /// The same place without TLS.
    pub(crate) plain: String,
}

/// A handle to an open issuer. Clones are the same issuer.
#[derive(Debug, Clone)]
pub struct Issuer {
    pub(crate) state: Arc<State>,
}

/// The request that a message answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) parameters: &'a Parameters<'a>,
    pub(crate) headers: &'a HeaderMap,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) url: String,
    pub(crate) plain_url: String,
    pub(crate) path: String,
    pub(crate) tls: Tls,
    pub(crate) secret: String,
    pub(crate) clock: Clock,
    pub(crate) pool: KeyPool,
    pub(crate) journal: Journal,
    names: Names,
    publication: RwLock<Arc<Publication>>,
    deviations: RwLock<Arc<Deviations>>,
    end_users: RwLock<IndexMap<String, Arc<EndUser>>>,
    store: Mutex<Store>,
    random: Mutex<StdRng>,
    rotations: AtomicUsize,
    revision: AtomicU64,
    pub(crate) discovery: Document,
    pub(crate) key_set: Document,
    available: AtomicBool,
    turns: [AtomicU64; Message::ALL.len()],
    /// There only while a person is served.
    #[cfg(feature = "by-hand")]
    pub(crate) interactive: OnceLock<Interactive>,
}

impl Issuer {
    pub(crate) fn new(
        origins: &Origins,
        registration: Registration,
        clock: Clock,
        pool: KeyPool,
        secret: String,
        seed: u64,
    ) -> Result<Self, SettingsError> {
        let below = |origin: &str| format!("{origin}{}", registration.path);
        let (url, plain_url) = (below(&origins.own), below(&origins.plain));
        let names = Names {
            issuer: url.clone(),
            origin: origins.own.clone(),
            base: registration.path.trim_end_matches('/').to_owned(),
            client_id: registration.client.id.clone(),
        };
        let publication = Publication::new(registration.settings, &names, registration.client)?;
        let state = State {
            url,
            plain_url,
            path: registration.path,
            tls: registration.tls,
            secret,
            clock,
            pool,
            journal: Journal::default(),
            names,
            publication: RwLock::new(Arc::new(publication)),
            deviations: RwLock::new(Arc::new(registration.deviations)),
            end_users: RwLock::new(shared(registration.end_users)),
            store: Mutex::default(),
            random: Mutex::new(StdRng::seed_from_u64(seed)),
            rotations: AtomicUsize::new(0),
            revision: AtomicU64::new(0),
            discovery: Document::default(),
            key_set: Document::default(),
            available: AtomicBool::new(true),
            turns: Default::default(),
            #[cfg(feature = "by-hand")]
            interactive: OnceLock::new(),
        };
        Ok(Self { state: Arc::new(state) })
    }

    /// The issuer identifier, exactly as it stands in the discovery document.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The settings in force.
    pub fn settings(&self) -> ProviderSettings {
        self.state.publication().settings.clone()
    }

    /// The discovery document in force, without deviations.
    pub fn metadata(&self) -> Map<String, Value> {
        self.state.publication().metadata.clone()
    }

    /// Changes the settings from the next message on. The endpoints stay
    /// where they are: others may have settled elsewhere.
    pub fn set_settings(&self, settings: ProviderSettings) -> Result<(), SettingsError> {
        let state = &self.state;
        if settings.paths != state.publication().settings.paths {
            return Err(SettingsError::Moved);
        }
        let client = state.publication().client.clone();
        state.publish(settings, client)
    }

    /// Replaces the client from the next request on. Codes and tokens of a
    /// client with another id are good for nothing then.
    #[cfg(feature = "by-hand")]
    pub(crate) fn set_client(&self, client: Client) -> Result<(), SettingsError> {
        self.state.publish(self.settings(), client)
    }

    /// Replaces the client's secret from the next request on.
    pub fn set_client_secret(&self, secret: String) -> Result<(), SettingsError> {
        let client = Client { secret: Some(secret), ..self.state.publication().client.clone() };
        self.state.publish(self.settings(), client)
    }

    /// The deviations in force.
    pub fn deviations(&self) -> Deviations {
        self.state.deviations()
    }

    /// Replaces the deviations from the next message on.
    pub fn set_deviations(&self, deviations: Deviations) {
        *self.state.deviations.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(deviations);
    }

    /// Who can sign in.
    pub fn end_users(&self) -> IndexMap<String, EndUser> {
        let end_users = self.state.end_users();
        end_users.into_iter().map(|(name, end_user)| (name, (*end_user).clone())).collect()
    }

    /// Replaces the end-users.
    pub fn set_end_users(&self, end_users: IndexMap<String, EndUser>) {
        *self.state.end_users.write().unwrap_or_else(PoisonError::into_inner) = shared(end_users);
    }

    /// Takes the next signing keys; the old ones leave the JWKS.
    pub fn rotate_keys(&self) {
        self.state.rotations.fetch_add(1, Ordering::Relaxed);
        self.state.revise();
    }

    /// Goes down (every connection is cut before an answer) or comes back.
    pub fn set_available(&self, available: bool) {
        self.state.available.store(available, Ordering::Relaxed);
    }

    /// Requests and answers.
    pub fn journal(&self) -> &Journal {
        &self.state.journal
    }

    /// The session of the latest sign-in of an end-user.
    pub fn sid_of(&self, end_user: &str) -> Option<String> {
        self.state.store().sessions.get(end_user).map(|session| session.sid.clone())
    }
}

impl State {
    /// The settings in force, with what they publish.
    pub(crate) fn publication(&self) -> Arc<Publication> {
        Arc::clone(&self.publication.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn publish(&self, settings: ProviderSettings, client: Client) -> Result<(), SettingsError> {
        let names = Names { client_id: client.id.clone(), ..self.names.clone() };
        let publication = Publication::new(settings, &names, client)?;
        *self.publication.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(publication);
        self.revise();
        Ok(())
    }

    /// Whether both publish the same documents, for the same client.
    pub(crate) fn publishes_as(&self, other: &Self) -> bool {
        let (own, other) = (self.publication(), other.publication());
        let same_client = own.client.id == other.client.id && own.client.secret == other.client.secret;
        same_client && own.metadata == other.metadata && own.settings.published() == other.settings.published()
    }

    /// Each endpoint and its path below the origin.
    pub(crate) fn routes(&self) -> Vec<(Endpoint, String)> {
        self.publication().settings.paths.below(&self.names.base)
    }

    /// Where one of them is.
    pub(crate) fn endpoint_url(&self, endpoint: Endpoint) -> String {
        let path = self.routes().into_iter().find_map(|(one, path)| (one == endpoint).then_some(path));
        format!("{}{}", self.names.origin, path.unwrap_or_default())
    }

    pub(crate) fn deviations(&self) -> Deviations {
        Deviations::clone(&self.deviations.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn end_users(&self) -> IndexMap<String, Arc<EndUser>> {
        self.end_users.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_end_user(&self, name: String, end_user: EndUser) {
        self.end_users.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(end_user));
    }

    /// Whether the user agent may be sent there.
    pub(crate) fn is_redirect_uri(&self, uri: &str) -> bool {
        let publication = self.publication();
        #[cfg(feature = "by-hand")]
        if publication.client.redirect_uris.is_empty()
            && self.interactive.get().is_some_and(|interactive| interactive.takes_redirect_uri(uri))
        {
            return true;
        }
        publication.redirect_uris.allow(uri)
    }

    pub(crate) fn end_user(&self, name: &str) -> Option<Arc<EndUser>> {
        self.end_users.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Never held across a signature.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_available(&self) -> bool {
        self.available.load(Ordering::Relaxed)
    }

    /// Everything that was published is to be made again.
    fn revise(&self) {
        self.revision.fetch_add(1, Ordering::Release);
    }

    /// Changes with whatever documents are made of.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// How often the provider took new keys.
    pub(crate) fn rotations(&self) -> usize {
        self.rotations.load(Ordering::Relaxed)
    }

    pub(crate) fn random_text(&self, length: usize) -> String {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        (0..length).map(|_| char::from(random.sample(Alphanumeric))).collect()
    }

    /// A client began a TLS handshake at this issuer.
    pub(crate) fn note_connection(&self) {
        let (headers, body) = (&HeaderMap::new(), Bytes::new());
        let response = Answered::honest(self.clock.now(), 0, headers, body);
        self.journal.write(PackedEntry::unasked(Endpoint::Connection, response));
    }

    /// The one gate through which every message goes: overlays and quirks may
    /// change the draft here and nowhere else. Returns the names of those
    /// that did.
    pub(crate) fn pass(&self, draft: &mut Draft, asked: Option<Asked<'_>>) -> Result<Vec<String>, OverlayError> {
        let turn = self.turns[draft.message as usize].fetch_add(1, Ordering::Relaxed);
        let deviations = {
            let deviations = self.deviations.read().unwrap_or_else(PoisonError::into_inner);
            if !deviations.touch(draft.message) {
                return Ok(Vec::new());
            }
            // Quirks may sign and create keys, which must not delay other
            // requests.
            Arc::clone(&deviations)
        };
        let parameters = asked.map(|asked| asked.parameters.to_pairs()).unwrap_or_default();
        let headers = asked.map(|asked| header_pairs(asked.headers)).unwrap_or_default();
        let publication = self.publication();
        let scene = Scene {
            issuer: &self.url,
            plain: &self.plain_url,
            client_id: &publication.client.id,
            now: self.clock.now(),
            parameters: &parameters,
            headers: &headers,
            turn,
            keys: Keys::new(&self.pool, self.rotations(), publication.settings.key_ids),
        };
        deviations.apply(draft, &scene)
    }

    /// Whether nothing touches such a message; it has passed the gate then.
    pub(crate) fn waves_through(&self, message: Message) -> bool {
        let untouched = !self.deviations.read().unwrap_or_else(PoisonError::into_inner).touch(message);
        if untouched {
            self.turns[message as usize].fetch_add(1, Ordering::Relaxed);
        }
        untouched
    }
}

/// Requests look at end-users without copying them.
fn shared(end_users: IndexMap<String, EndUser>) -> IndexMap<String, Arc<EndUser>> {
    end_users.into_iter().map(|(name, end_user)| (name, Arc::new(end_user))).collect()
}

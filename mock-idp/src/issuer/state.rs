//! What an issuer holds: its client, end-users, settings and deviations, and the
//! one gate through which its messages go. Its keys are in [`super::keys`].

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

use super::registration::Registration;
use crate::cached_document::CachedDocument;
use crate::clock::Clock;
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
use crate::settings::{Names, ProviderSettings, SettingsError};
use crate::store::Store;
use crate::tls::Tls;

/// The origins below which an issuer is, without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    /// Its own origin.
    pub(crate) own: String,
    /// The same place without TLS.
    pub(crate) plain: String,
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
    pub(super) deviations: RwLock<Arc<Deviations>>,
    pub(super) end_users: RwLock<IndexMap<String, Arc<EndUser>>>,
    store: Mutex<Store>,
    random: Mutex<StdRng>,
    pub(super) rotations: AtomicUsize,
    revision: AtomicU64,
    pub(crate) discovery: CachedDocument,
    pub(crate) key_set: CachedDocument,
    pub(super) available: AtomicBool,
    turns: [AtomicU64; Message::ALL.len()],
    /// Present only while the provider shows its pages to end-users.
    #[cfg(feature = "by-hand")]
    pub(crate) interactive: OnceLock<Interactive>,
}

impl State {
    /// The state of an issuer with this registration.
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
        Ok(Self {
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
            discovery: CachedDocument::default(),
            key_set: CachedDocument::default(),
            available: AtomicBool::new(true),
            turns: Default::default(),
            #[cfg(feature = "by-hand")]
            interactive: OnceLock::new(),
        })
    }

    /// The settings in force, with what they publish.
    pub(crate) fn publication(&self) -> Arc<Publication> {
        Arc::clone(&self.publication.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces what is published.
    pub(super) fn publish(&self, settings: ProviderSettings, client: Client) -> Result<(), SettingsError> {
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

    /// The URL of an endpoint.
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

    /// Whether the provider may send the user agent there.
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

    /// The codes and tokens. A caller must not hold the lock while it signs.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_available(&self) -> bool {
        self.available.load(Ordering::Relaxed)
    }

    /// Marks all published documents as out of date.
    pub(super) fn revise(&self) {
        self.revision.fetch_add(1, Ordering::Release);
    }

    /// A number that grows with each change of what is published.
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

    /// Whether no quirk and no overlay touches such a message. It then counts as
    /// passed through the gate.
    pub(crate) fn waves_through(&self, message: Message) -> bool {
        let untouched = !self.deviations.read().unwrap_or_else(PoisonError::into_inner).touch(message);
        if untouched {
            self.turns[message as usize].fetch_add(1, Ordering::Relaxed);
        }
        untouched
    }
}

/// Shares each end-user, so that requests need no copies.
pub(super) fn shared(end_users: IndexMap<String, EndUser>) -> IndexMap<String, Arc<EndUser>> {
    end_users.into_iter().map(|(name, end_user)| (name, Arc::new(end_user))).collect()
}

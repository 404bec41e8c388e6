//! The keys of an issuer, and the messages that it signs with them.
//! [`crate::jose`] makes keys and signatures.

use super::state::State;
use crate::jose::{Jose, KeyError, KeySet, PublishedKeySet, SignError, sign};
use crate::message::Draft;
use crate::protocol::Algorithm;
use crate::publication::Publication;

impl State {
    /// The keys that sign now.
    pub(crate) fn signing_keys(&self) -> Result<&KeySet, KeyError> {
        self.pool.set(self.rotations())
    }

    /// The key set that the issuer publishes now.
    pub(crate) fn keys<'a>(&self, publication: &'a Publication) -> Result<&'a PublishedKeySet, KeyError> {
        publication.keys(self.rotations(), &self.pool)
    }

    /// The key set of another provider.
    pub(crate) fn foreign_keys<'a>(&self, publication: &'a Publication) -> Result<&'a PublishedKeySet, KeyError> {
        publication.keys(self.rotations() + 1, &self.pool)
    }

    /// An honest header for an algorithm.
    pub(crate) fn jose(&self, publication: &Publication, algorithm: Algorithm) -> Result<Jose, KeyError> {
        Ok(Jose::honest(algorithm, self.keys(publication)?.key_id(algorithm)))
    }

    /// Signs a message with the key of its header.
    pub(crate) fn sign(&self, draft: &Draft) -> Result<String, SignError> {
        let publication = self.publication();
        let secret = publication.client.secret.as_deref();
        sign(&draft.members, &draft.jose, &self.pool, self.rotations(), secret)
    }
}

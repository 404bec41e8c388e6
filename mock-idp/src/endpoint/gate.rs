//! The way out of every message: drafts pass through the issuer's gate here,
//! and what changed them is remembered for the journal.

use serde_json::{Map, Value};

use super::absent_member::reason;
use super::exchange::{Answer, Exchange, json};
use crate::cached_document::CachedDocument;
use crate::issuer::Asked;
use crate::message::{Draft, Message, Transport};

impl Exchange<'_> {
    /// Passes a draft through the gate and remembers what changed it.
    pub(super) fn pass(&mut self, draft: &mut Draft) {
        let asked = Asked { parameters: &self.parameters, headers: self.headers };
        match self.issuer.pass(draft, Some(asked)) {
            Ok(names) => self.altered_by.extend(names),
            Err(error) => {
                let reason = reason(self, draft, error.member());
                self.overlay_error = Some(error.because(reason));
            }
        }
    }

    /// A JSON message, after the gate.
    pub(super) fn json(&mut self, message: Message, members: Map<String, Value>) -> Answer {
        self.send(Draft::new(message, members))
    }

    /// A JSON message that is the same until something changes: made anew
    /// only where something may touch it.
    pub(super) fn document<E>(
        &mut self,
        message: Message,
        document: &CachedDocument,
        members: impl FnOnce() -> Result<Map<String, Value>, E>,
    ) -> Result<Answer, E> {
        let revision = self.issuer.revision();
        if !self.issuer.waves_through(message) {
            return Ok(self.json(message, members()?));
        }
        let body = document.at(revision, || Ok(json(&members()?)))?;
        Ok(Answer { transport: Transport::default(), body, headers: Vec::new() })
    }

    /// Any message with its own transport, after the gate.
    pub(super) fn send(&mut self, mut draft: Draft) -> Answer {
        self.pass(&mut draft);
        Answer::json(draft)
    }
}

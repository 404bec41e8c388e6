//! A request that a step sent, and when, by the provider's journal.

use std::ops::Range;

use mock_idp::Mark;

use crate::exchange::Exchange;

/// A request of ours, its answer, and what the provider noted meanwhile.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The browser that sent it.
    pub agent: String,
    /// The request and its answer.
    pub exchange: Exchange,
    /// Whether it shows the session of an administrator.
    pub by_administrator: bool,
    /// How far the provider's journal was before and after.
    pub noted: Range<Mark>,
}

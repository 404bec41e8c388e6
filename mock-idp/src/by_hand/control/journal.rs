//! The journal as JSON, with waiting for what is not there yet.

use std::time::Duration;

use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::answer::{ControlError, Json};
use crate::by_hand::context::Context;
use crate::connections::ended;
use crate::journal::{Forgotten, Mark};
use crate::journal_entry::Entry;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The sequence number to begin with.
    #[serde(default)]
    since: u64,
    /// How long to wait for the first entry, in milliseconds.
    #[serde(default)]
    wait: u64,
}

/// The longest wait.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn read(
    State(context): State<Context>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json, Response> {
    let (issuer, _) = context.open()?;
    let Query(page) = page.map_err(|error| ControlError::new(400, error.body_text()))?;
    let mark = Mark::before(page.since);
    tokio::select! {
        _ = tokio::time::timeout(Duration::from_millis(page.wait).min(PATIENCE), issuer.journal().next(mark)) => {}
        () = ended(context.ending.clone()) => {}
    }
    let (forgotten, entries) = match issuer.journal().entries_since(mark) {
        Ok(entries) => (0, entries),
        Err(Forgotten { dropped, kept }) => (dropped, kept),
    };
    let next = entries.last().map_or(page.since, |entry| entry.sequence + 1);
    let entries: Vec<Entry> = entries.into_iter().map(Entry::redacted).collect();
    Ok(Json(json!({ "next": next, "forgotten": forgotten, "entries": entries })))
}

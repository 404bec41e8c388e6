//! `/inspect`: what went over the wire, newest first, and what comes.
//!
//! On loopback everybody may look who calls this computer by its own name;
//! elsewhere the secret is asked for.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::{Stream, StreamExt, stream};
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::Desk;
use super::exchange_view::exchange;
use crate::attended::Attended;
use crate::connections::ended;
use crate::entry::Entry;
use crate::issuer::Issuer;
use crate::journal::Mark;
use crate::person::door;
use crate::person::page::{self, brand, shell};

/// How many exchanges a page shows.
const PAGE: usize = 200;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/inspect", get(inspect)).route("/inspect/events", get(events))
}

#[derive(Debug, Deserialize)]
struct Wishes {
    #[serde(default)]
    secrets: String,
    #[serde(default)]
    since: u64,
    before: Option<u64>,
}

impl Wishes {
    /// Only where nobody else can ask.
    fn shows_secrets(&self, attended: &Attended) -> bool {
        self.secrets == "show" && !attended.is_exposed
    }

    fn view(&self, attended: &Attended, entry: Entry) -> Entry {
        if self.shows_secrets(attended) { entry } else { entry.redacted() }
    }
}

/// What is said to a visitor who may not look.
fn refusal(desk: &Desk, attended: &Attended, headers: &HeaderMap) -> Option<Response> {
    if door::has_secret(headers, &desk.secret, true) {
        return None;
    }
    let say = |title, text| (page::headers(), Html(page::notice(title, text)));
    if attended.is_exposed {
        let text = "The inspector asks for the provider's secret, as the password of any user name.";
        let ask = [("www-authenticate", "Basic realm=\"mock-idp inspector\", charset=\"UTF-8\"")];
        return Some((StatusCode::UNAUTHORIZED, ask, say("The secret, please", text)).into_response());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let text = "The inspector is only shown under the provider's own name.";
    (!door::is_local_name(host)).then(|| (StatusCode::FORBIDDEN, say("Not here", text)).into_response())
}

async fn inspect(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Query(wishes): Query<Wishes>,
) -> Result<Response, Response> {
    let (issuer, attended) = desk.open()?;
    if let Some(refusal) = refusal(&desk, attended, &headers) {
        return Ok(refusal);
    }
    let entries = issuer.journal().entries();
    let next = entries.last().map_or(0, |entry| entry.sequence + 1);
    let before = wishes.before.unwrap_or(next);
    let mut older = entries.into_iter().rev().filter(|entry| entry.sequence < before);
    let shown: Vec<Entry> = older.by_ref().take(PAGE).collect();
    // Those before may be forgotten.
    let older = older.next().map(|entry| entry.sequence + 1);
    let shows_secrets = wishes.shows_secrets(attended);
    let secrets = if shows_secrets { "&secrets=show" } else { "" };
    let live = wishes.before.is_none();
    let body = html! {
        main {
            (brand(Some(issuer.url())))
            (entrance(issuer, attended))
            div.bar {
                h2 { "Over the wire" }
                @if live { span.quiet.live #live data-state="wait" { "as of now" } }
                span.grow {}
                a href={ "/inspect" @if shows_secrets { "?secrets=show" } } { "Reload" }
                @if !attended.is_exposed {
                    @if shows_secrets { a href="/inspect" { "Hide secrets" } }
                    @else { a href="/inspect?secrets=show" { "Show secrets" } }
                }
            }
            @if shown.is_empty() {
                p.empty #empty { "Nothing yet. Start a sign-in at the relying party." }
            }
            div #journal data-events={ "/inspect/events?since=" (next) (secrets) } data-provider=(desk.start) {
                @for entry in shown { (exchange(&wishes.view(attended, entry))) }
            }
            @if let Some(older) = older {
                p { a href={ "/inspect?before=" (older) (secrets) } { "Older" } }
            }
        }
    };
    Ok((page::headers(), Html(shell("Inspector of mock-idp", "wide", live, &body))).into_response())
}

/// What to enter at the relying party.
fn entrance(issuer: &Issuer, attended: &Attended) -> Markup {
    let client = &issuer.state.client;
    let deviations = issuer.deviations().names();
    html! {
        section.card {
            h1 { "What the relying party must know" }
            dl.facts {
                dt { "Issuer URL" } dd { code { (issuer.url()) } }
                dt { "Client id" } dd { code { (client.id) } }
                dt { "Redirect URIs" }
                dd {
                    @for uri in &client.redirect_uris { code { (uri) } br; }
                    @if let Some(learned) = attended.learned() {
                        span.quiet { "Any, because none are registered." }
                        @for uri in &learned { br; code { (uri) } span.quiet { " was used" } }
                    }
                }
                dt { "Who can sign in" } dd { (issuer.end_users().keys().cloned().collect::<Vec<_>>().join(", ")) }
                dt { "Misbehaves by" }
                dd { @if deviations.is_empty() { "nothing: it is honest" } @else { (deviations.join(", ")) } }
            }
        }
    }
}

async fn events(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Query(wishes): Query<Wishes>,
) -> Result<Response, Response> {
    let (_, attended) = desk.open()?;
    if let Some(refusal) = refusal(&desk, attended, &headers) {
        return Ok(refusal);
    }
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let since = last.map_or(wishes.since, |last| last.saturating_add(1));
    let hello = Event::default().event("provider").data(&*desk.start);
    let ended = ended(desk.ending.clone());
    let events = stream::once(async move { Ok::<_, Infallible>(hello) }).chain(arrivals(desk, since, wishes));
    Ok(Sse::new(events.take_until(ended))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response())
}

/// Every exchange since `since`, as it comes.
fn arrivals(desk: Desk, since: u64, wishes: Wishes) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((desk, wishes, since), |(desk, wishes, since)| async move {
        let (issuer, attended) = desk.open().ok()?;
        let entry = issuer.journal().next(Mark::before(since)).await;
        let next = entry.sequence + 1;
        let html = exchange(&wishes.view(attended, entry)).into_string();
        let event = Event::default().event("exchange").id((next - 1).to_string()).data(html);
        Some((Ok(event), (desk, wishes, next)))
    })
}

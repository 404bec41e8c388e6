//! `/inspect`: what went over the wire, newest first, and what comes.
//!
//! On loopback it needs no secret, only the computer's own host name; elsewhere
//! it asks for the secret.

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

use super::context::Context;
use super::exchange_view::{Advice, exchange};
use super::refusal::cause;
use crate::connections::ended;
use crate::interactive::Interactive;
use crate::issuer::Issuer;
use crate::journal::Mark;
use crate::journal_entry::Entry;
use crate::person::access;
use crate::person::page::{self, brand, shell};

/// How many exchanges a page shows.
const PAGE: usize = 200;

pub(super) fn routes() -> Router<Context> {
    Router::new().route("/inspect", get(inspect)).route("/inspect/events", get(events))
}

#[derive(Debug, Deserialize)]
struct View {
    #[serde(default)]
    secrets: String,
    #[serde(default)]
    since: u64,
    before: Option<u64>,
}

impl View {
    /// Only if no other machine can reach it.
    fn shows_secrets(&self, interactive: &Interactive) -> bool {
        self.secrets == "show" && !interactive.is_exposed
    }

    /// Returns the entry as this view shows it.
    fn show(&self, context: &Context, (issuer, interactive): (&Issuer, &Interactive), entry: Entry) -> Markup {
        let accepted = &issuer.state.publication().settings.client_authentication;
        let advice = cause(&entry, accepted).map(|cause| Advice { remedy: (context.remedies)(&cause), cause });
        let entry = if self.shows_secrets(interactive) { entry } else { entry.redacted() };
        exchange(&entry, advice.as_ref())
    }
}

/// What is said to a visitor who may not look.
pub(super) fn refusal(context: &Context, interactive: &Interactive, headers: &HeaderMap) -> Option<Response> {
    if access::has_secret(headers, &context.secret, true) {
        return None;
    }
    let say = |title, text| (page::headers(), Html(page::notice(title, text)));
    if interactive.is_exposed {
        let text = "Enter the control secret of the provider as the password, with any user name.";
        let ask = [("www-authenticate", "Basic realm=\"mock-idp\", charset=\"UTF-8\"")];
        return Some((StatusCode::UNAUTHORIZED, ask, say("Secret required", text)).into_response());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let text = "This page is available only under a host name of this computer, such as localhost.";
    (!access::is_local_name(host)).then(|| (StatusCode::FORBIDDEN, say("Wrong host name", text)).into_response())
}

async fn inspect(
    State(context): State<Context>,
    headers: HeaderMap,
    Query(view): Query<View>,
) -> Result<Response, Response> {
    let (issuer, interactive) = context.open()?;
    if let Some(refusal) = refusal(&context, interactive, &headers) {
        return Ok(refusal);
    }
    let entries = issuer.journal().entries();
    let next = entries.last().map_or(0, |entry| entry.sequence + 1);
    let before = view.before.unwrap_or(next);
    let mut older = entries.into_iter().rev().filter(|entry| entry.sequence < before);
    let shown: Vec<Entry> = older.by_ref().take(PAGE).collect();
    // Those before may be forgotten.
    let older = older.next().map(|entry| entry.sequence + 1);
    let shows_secrets = view.shows_secrets(interactive);
    let secrets = if shows_secrets { "&secrets=show" } else { "" };
    let live = view.before.is_none();
    let body = html! {
        main {
            (brand(Some(issuer.url())))
            (entrance(issuer, interactive))
            div.bar {
                h2 { "Requests" }
                @if live { span.quiet.live #live data-state="wait" { "not live" } }
                span.grow {}
                a href={ "/inspect" @if shows_secrets { "?secrets=show" } } { "Reload" }
                @if !interactive.is_exposed {
                    @if shows_secrets { a href="/inspect" { "Hide secrets" } }
                    @else { a href="/inspect?secrets=show" { "Show secrets" } }
                }
            }
            @if shown.is_empty() {
                p.empty #empty { "No requests yet. Start a sign-in at the relying party." }
            }
            div #journal data-events={ "/inspect/events?since=" (next) (secrets) } data-provider=(context.start) {
                @for entry in shown { (view.show(&context, (issuer, interactive), entry)) }
            }
            @if let Some(older) = older {
                p { a href={ "/inspect?before=" (older) (secrets) } { "Older" } }
            }
        }
    };
    Ok((page::headers(), Html(shell("mock-idp inspector", "wide", live, &body))).into_response())
}

/// What to enter at the relying party.
fn entrance(issuer: &Issuer, interactive: &Interactive) -> Markup {
    let publication = issuer.state.publication();
    let client = &publication.client;
    let learned = interactive.learned().filter(|_| client.redirect_uris.is_empty());
    let deviations = issuer.deviations().names();
    html! {
        section.card {
            h1 { "Settings for the relying party" }
            dl.facts {
                dt { "Issuer URL" } dd { code { (issuer.url()) } }
                dt { "Client ID" } dd { code { (client.id) } }
                dt { "Redirect URIs" }
                dd {
                    @for uri in &client.redirect_uris { code { (uri) } br; }
                    @if let Some(learned) = learned {
                        span.quiet { "Any, because no redirect URI is registered." }
                        @for uri in &learned { br; code { (uri) } span.quiet { " (used)" } }
                    }
                }
                dt { "End-users" } dd { (issuer.end_users().keys().cloned().collect::<Vec<_>>().join(", ")) }
                dt { "Quirks" }
                dd { @if deviations.is_empty() { "none" } @else { (deviations.join(", ")) } }
            }
        }
    }
}

async fn events(
    State(context): State<Context>,
    headers: HeaderMap,
    Query(view): Query<View>,
) -> Result<Response, Response> {
    let (_, interactive) = context.open()?;
    if let Some(refusal) = refusal(&context, interactive, &headers) {
        return Ok(refusal);
    }
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let since = last.map_or(view.since, |last| last.saturating_add(1));
    let hello = Event::default().event("provider").data(&*context.start);
    let ended = ended(context.ending.clone());
    let events = stream::once(async move { Ok::<_, Infallible>(hello) }).chain(arrivals(context, since, view));
    Ok(Sse::new(events.take_until(ended))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response())
}

/// Every exchange since `since`, as it comes.
fn arrivals(context: Context, since: u64, view: View) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((context, view, since), |(context, view, since)| async move {
        let (issuer, interactive) = context.open().ok()?;
        let entry = issuer.journal().next(Mark::before(since)).await;
        let next = entry.sequence + 1;
        let html = view.show(&context, (issuer, interactive), entry).into_string();
        let event = Event::default().event("exchange").id((next - 1).to_string()).data(html);
        Some((Ok(event), (context, view, next)))
    })
}

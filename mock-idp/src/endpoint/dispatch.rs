//! Takes a request to the function of its endpoint, sends the answer, and notes
//! both in the journal. An issuer that is down gives no answer: its connections
//! are cut here. A panic becomes an answer and a note.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::Bytes;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use tokio::task::spawn_blocking;

use super::exchange::{Answer, Exchange};
use super::response::{cut, respond};
use super::{authorization, cross_origin, end_session, published, token, userinfo};
use crate::issuer::{Issuer, State};
use crate::message::{Fate, Transport};
use crate::packed_entry::{Answered, PackedEntry, Received};
use crate::protocol::{Endpoint, Parameters};

/// Answers a request at an endpoint of the issuer.
pub(crate) async fn answer(issuer: Issuer, endpoint: Endpoint, parts: Parts, body: Bytes) -> Response {
    let state = issuer.state;
    if !state.is_available() {
        return cut();
    }
    let exchanged = if signs(&state, endpoint) {
        // A signature takes longer than all other work on a request. It must not
        // delay other requests.
        match spawn_blocking(move || exchange(&state, endpoint, &parts, &body)).await {
            Ok(exchanged) => exchanged,
            // `exchange` catches panics, so the runtime is ending.
            Err(_) => return cut(),
        }
    } else {
        exchange(&state, endpoint, &parts, &body)
    };
    let (response, Transport { delay, fate, .. }) = exchanged;
    // Noted before the wait: a client that disconnects drops this future.
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match fate {
        Fate::Whole => response,
        Fate::Cut => cut(),
        // Until the client disconnects or the provider ends.
        Fate::Hanging => std::future::pending().await,
    }
}

/// Whether the answer holds a signature.
fn signs(issuer: &State, endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Token => true,
        Endpoint::UserInfo => issuer.publication().settings.userinfo_signing_algorithm.is_some(),
        _ => false,
    }
}

/// Returns the answer and how it travels, after noting it in the journal.
fn exchange(state: &State, endpoint: Endpoint, parts: &Parts, body: &[u8]) -> (Response, Transport) {
    let raw_query = parts.uri.query().unwrap_or_default();
    let form = String::from_utf8_lossy(body);
    let mut exchange = Exchange {
        issuer: state,
        method: &parts.method,
        headers: &parts.headers,
        parameters: match endpoint {
            // A client must not send these in the URL (RFC 6749 §2.3.1).
            Endpoint::Token => Parameters::parse(&form),
            _ => Parameters::parse(raw_query).and(&form),
        },
        altered_by: Vec::new(),
        overlay_error: None,
    };
    // A panic leaves only this request half done. The issuer ignores that its
    // locks are poisoned.
    let handled = catch_unwind(AssertUnwindSafe(|| write(&parts.method, handle(endpoint, &mut exchange))));
    let overlay_error = exchange.overlay_error.as_ref().map(ToString::to_string);
    let (written, panic) = match (handled, &overlay_error) {
        (Ok(written), None) => (written, None),
        (Ok(_), Some(error)) => (write(&parts.method, Answer::page(500, error)), None),
        (Err(panic), _) => {
            let answer = Answer::page(500, "the provider crashed on this request; this is a bug in the provider");
            (write(&parts.method, answer), Some(panic_text(&*panic)))
        }
    };
    let (response, transport, text) = written;
    let noted = Answered {
        at: state.clock.now(),
        status: transport.status,
        headers: response.headers(),
        body: text,
        altered_by: exchange.altered_by,
        overlay_error: exchange.overlay_error,
        panic,
    };
    state.journal.write(PackedEntry::new(endpoint, request(parts, body), noted));
    (response, transport)
}

fn request<'a>(parts: &'a Parts, body: &'a [u8]) -> Received<'a> {
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    Received { method, path, raw_query: parts.uri.query().unwrap_or_default(), headers: &parts.headers, body }
}

/// Notes a request that was refused before an endpoint saw it.
pub(crate) fn note_refusal(
    issuer: &Issuer,
    endpoint: Endpoint,
    parts: &Parts,
    response: &Response,
    text: &'static str,
) {
    let State { clock, journal, .. } = &*issuer.state;
    let text = Bytes::from_static(text.as_bytes());
    let noted = Answered::honest(clock.now(), response.status().as_u16(), response.headers(), text);
    journal.write(PackedEntry::new(endpoint, request(parts, &[]), noted));
}

/// Returns the response, how it travels, and its body before packing.
fn write(method: &Method, answer: Answer) -> (Response, Transport, Bytes) {
    let Answer { transport, body, headers } = answer;
    (respond(method, &transport, body.clone(), &headers), transport, body)
}

/// Returns the message of a panic.
fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".to_owned())
}

fn handle(endpoint: Endpoint, exchange: &mut Exchange<'_>) -> Answer {
    // As the header `Allow` lists them (RFC 9110 §10.2.1).
    const READ: &str = "GET, HEAD";
    const POST: &str = "POST";
    const BOTH: &str = "GET, HEAD, POST";
    let (methods, handler): (_, fn(&mut Exchange<'_>) -> Answer) = match endpoint {
        Endpoint::Discovery => (READ, published::discovery),
        Endpoint::Jwks => (READ, published::jwks),
        Endpoint::Authorization => (BOTH, authorization::answer),
        Endpoint::Token => (POST, token::answer),
        Endpoint::UserInfo => (BOTH, userinfo::answer),
        Endpoint::EndSession => (BOTH, end_session::answer),
        Endpoint::Picture => (READ, published::picture),
        Endpoint::ForeignKeys => (READ, published::foreign_keys),
        Endpoint::LogoutToken | Endpoint::Connection | Endpoint::Unknown => {
            let text = "there is no such endpoint; discovery is at ISSUER/.well-known/openid-configuration";
            return Answer::page(404, text);
        }
    };
    let answer = match cross_origin::preflight(endpoint, exchange, methods) {
        Some(answer) => answer,
        None if methods.split(", ").any(|method| method == exchange.method.as_str()) => handler(exchange),
        None => Answer::page(405, "this endpoint does not accept this request method").header("allow", methods),
    };
    cross_origin::shared(endpoint, exchange, answer)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use std::time::Duration;

    use axum::http::Request;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::clock::Clock;
    use crate::issuer::{Origins, Registration};
    use crate::jose::{KeyPool, KeySource};
    use crate::journal::Mark;
    use crate::message::{Member, Message, Topic};
    use crate::protocol::Client;
    use crate::quirk::{Deviations, Operation, Parameter, Quirk};
    use crate::settings::ProviderSettings;
    use crate::tls::Tls;

    static PANICS: Quirk = Quirk {
        name: "panics",
        text: "A bug.",
        requirement: "none",
        parameter: Parameter::Flag,
        touches: &[
            (Message::Discovery, Member::Named("issuer")),
            (Message::TokenVerdict, Member::Objection(Topic::Code)),
            (Message::Jwks, Member::Named("x-Y")),
        ],
        operation: Operation::Function(|draft, _, _| match draft.message {
            // No header has a name like that.
            Message::Jwks => draft.transport.headers.push(("x-Y", String::new())),
            _ => panic!("out of ideas"),
        }),
    };

    fn issuer(deviations: Deviations) -> Issuer {
        let registration = Registration {
            path: "/here".into(),
            tls: Tls::None,
            client: Client { id: "c".into(), secret: None, redirect_uris: Vec::new(), keys: Vec::new() },
            settings: ProviderSettings::default(),
            deviations,
            end_users: indexmap::IndexMap::new(),
        };
        let origins = Origins { own: "http://h".into(), plain: "http://h".into() };
        let (clock, pool) = (Clock::frozen(0), KeyPool::new(KeySource::Published));
        Issuer::of(State::new(&origins, registration, clock, pool, "secret".into(), 1).unwrap())
    }

    async fn ask(issuer: &Issuer, endpoint: Endpoint, method: Method) -> u16 {
        let (parts, ()) = Request::builder().method(method).uri("/").body(()).unwrap().into_parts();
        answer(issuer.clone(), endpoint, parts, Bytes::new()).await.status().as_u16()
    }

    /// In the thread for signatures, in that of the connection, and while the
    /// answer is written.
    #[rstest]
    #[case(Endpoint::Discovery, Method::GET, "out of ideas")]
    #[case(Endpoint::Token, Method::POST, "out of ideas")]
    #[case(Endpoint::Jwks, Method::GET, "")]
    #[tokio::test]
    async fn a_panic_is_answered_and_noted(#[case] endpoint: Endpoint, #[case] method: Method, #[case] said: &str) {
        let issuer = issuer(Deviations::of(&PANICS, &json!(true)));
        assert_eq!(ask(&issuer, endpoint, method.clone()).await, 500);
        let entry = issuer.journal().wait_for(Mark::before(0), |_| true, Duration::ZERO).await.unwrap().unwrap();
        assert_eq!((entry.endpoint, entry.status), (endpoint, 500));
        assert!(entry.panic.as_ref().is_some_and(|panic| panic.contains(said)), "{entry:?}");
        // The next request is served as usual.
        issuer.set_deviations(Deviations::default());
        assert_ne!(ask(&issuer, endpoint, method).await, 500);
        assert_eq!(issuer.journal().entries().last().unwrap().panic, None);
    }
}

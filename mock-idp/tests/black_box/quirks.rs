//! Tests over the list of quirks, over real sockets: each says what it is and
//! has effect, on exactly the messages and members that it declares.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::{StreamExt, stream};
use mock_idp::{Endpoint, Entry, Member, Message, QUIRKS, Quirk};
use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::conversation::{conversations, header};

/// Members by message and by how many of its kind came before.
type Members = BTreeMap<(Message, usize, String), Value>;

fn add_jwt(members: &mut Members, message: Message, nth: usize, token: &str) {
    let parts: Vec<&str> = token.split('.').collect();
    for (index, prefix) in [(0, "header."), (1, "")] {
        let bytes = parts.get(index).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok()).unwrap_or_default();
        match serde_json::from_slice::<Map<String, Value>>(&bytes) {
            Ok(part) => {
                members
                    .extend(part.into_iter().map(|(name, value)| ((message, nth, prefix.to_owned() + &name), value)));
            }
            Err(_) => {
                members.insert((message, nth, format!("{prefix}payload")), parts.get(index).copied().into());
            }
        }
        // What parsers make of duplicates differs; the text does not.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        members.insert((message, nth, format!("{prefix}text")), text.into());
    }
    members.insert((message, nth, "signature".into()), parts.get(2..).unwrap_or_default().join(".").into());
}

/// What went over the wire, member by member.
fn members(entries: &[Entry]) -> Members {
    let mut members = Members::new();
    let mut turns: BTreeMap<Message, usize> = BTreeMap::new();
    for entry in entries {
        let message = match entry.endpoint {
            Endpoint::Discovery => Message::Discovery,
            Endpoint::Jwks => Message::Jwks,
            Endpoint::Authorization => Message::AuthorizationResponse,
            Endpoint::Token => Message::TokenResponse,
            Endpoint::UserInfo => Message::UserInfo,
            Endpoint::EndSession => Message::EndSession,
            Endpoint::LogoutToken => Message::LogoutToken,
            Endpoint::Picture => Message::Picture,
            Endpoint::Connection | Endpoint::ForeignKeys | Endpoint::Unknown => continue,
        };
        let turn = turns.entry(message).or_default();
        let nth = *turn;
        *turn += 1;
        if message == Message::LogoutToken {
            add_jwt(&mut members, message, nth, &entry.response_body);
            continue;
        }
        let mut add = |name: &str, value: Value| members.insert((message, nth, name.to_owned()), value);
        add("status", entry.status.into());
        for (name, value) in &entry.response_headers {
            add(name, value.clone().into());
        }
        if message == Message::AuthorizationResponse {
            let location = header(entry, "location").unwrap_or_default();
            add("body", entry.response_body.clone().into());
            for pair in location.split(['?', '#']).nth(1).unwrap_or_default().split('&') {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                add(name, value.into());
            }
            continue;
        }
        let Ok(Value::Object(body)) = serde_json::from_str(&entry.response_body) else {
            if header(entry, "content-type").is_some_and(|kind| kind == "application/jwt") {
                add_jwt(&mut members, message, nth, &entry.response_body);
            } else {
                add("body", entry.response_body.clone().into());
            }
            continue;
        };
        for (name, value) in body {
            match value.as_str() {
                Some(token) if name == "id_token" => add_jwt(&mut members, Message::IdToken, nth, token),
                _ => drop(members.insert((message, nth, name), value)),
            }
        }
    }
    members
}

/// The messages that can differ as a whole: those whose body or fate a quirk
/// declares, and those that can come only after something it takes away.
fn as_a_whole(quirk: &Quirk) -> BTreeSet<Message> {
    let whole = |member: Member<'_>| {
        matches!(member, Member::Body | Member::Payload | Member::Accept | Member::Page | Member::ResponseMode)
    };
    let mut messages: BTreeSet<Message> =
        quirk.touches.iter().filter(|(_, member)| whole(*member)).map(|(message, _)| *message).collect();
    let takes = |message, member| quirk.touches.contains(&(message, Member::Named(member)));
    if messages.contains(&Message::Verdict) {
        messages.insert(Message::AuthorizationResponse);
    }
    if messages.contains(&Message::AuthorizationResponse)
        || quirk.touches.iter().any(|(message, _)| *message == Message::TokenVerdict)
        || takes(Message::AuthorizationResponse, "code")
    {
        messages.insert(Message::TokenResponse);
    }
    if messages.contains(&Message::TokenResponse) || takes(Message::TokenResponse, "id_token") {
        messages.insert(Message::IdToken);
    }
    if messages.contains(&Message::TokenResponse) || takes(Message::TokenResponse, "access_token") {
        messages.insert(Message::UserInfo);
    }
    messages
}

/// Whether `quirk` says that this member of this message may differ.
fn declares(quirk: &Quirk, whole: &BTreeSet<Message>, message: Message, member: &str) -> bool {
    let touches = |wanted: &str| {
        quirk.touches.iter().any(|(touched, member)| *touched == message && member.to_string() == wanted)
    };
    let in_message = quirk.touches.iter().any(|(touched, _)| *touched == message);
    // Of a signed message the text and the signature follow the members; of
    // an answer its length, and of a redirect its address.
    let follows = match member {
        "signature" | "text" | "header.text" => {
            matches!(message, Message::IdToken | Message::UserInfo | Message::LogoutToken)
        }
        "content-length" => true,
        "location" => message == Message::AuthorizationResponse,
        _ => false,
    };
    whole.contains(&message) || touches(member) || (follows && in_message)
}

/// Everything that can be said about a quirk, as far as it can be listed.
fn arguments(quirk: &Quirk) -> Vec<Value> {
    let words = quirk.parameter.words();
    if words.is_empty() { vec![json!(true)] } else { words.into_iter().map(Value::from).collect() }
}

/// How many conversations are held at a time: most of one is waiting for the
/// other side.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn every_quirk_changes_just_what_it_declares() {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let honest = conversations(&client, None).await.iter().map(|entries| members(entries)).collect();
    let honest: Arc<Vec<Members>> = Arc::new(honest);
    // Over TLS, issuers have any port, so that more than that would differ;
    // `tests/tls.rs` looks at it.
    let without_tls = QUIRKS.iter().filter(|quirk| quirk.name != "http-endpoints");
    let tried = without_tls.flat_map(|quirk| arguments(quirk).into_iter().map(move |one| (quirk, one)));
    let tried =
        tried.map(|(quirk, argument)| {
            let (client, honest) = (client.clone(), Arc::clone(&honest));
            async move {
                tokio::spawn(async move { changes_what_it_declares(&client, &honest, quirk, &argument).await }).await
            }
        });
    stream::iter(tried).buffer_unordered(AT_ONCE).for_each(async |tried| tried.unwrap()).await;
}

async fn changes_what_it_declares(client: &reqwest::Client, honest: &[Members], quirk: &Quirk, argument: &Value) {
    let whole = as_a_whole(quirk);
    let (mut altered, mut seen) = (BTreeSet::new(), false);
    for (entries, honest) in conversations(client, Some((quirk, argument))).await.iter().zip(honest) {
        altered.extend(entries.iter().flat_map(|entry| entry.altered_by.clone()));
        let odd = members(entries);
        let keys: BTreeSet<_> = honest.keys().chain(odd.keys()).collect();
        for (message, nth, member) in keys.into_iter().filter(|key| honest.get(key) != odd.get(key)) {
            // The ID token comes within the token response and makes its length.
            let declared = declares(quirk, &whole, *message, member)
                || (member == "content-length" && *message == Message::TokenResponse);
            let name = quirk.name;
            assert!(declared, "`{name} = {argument}` also changed `{member}` of {message:?} number {nth}");
            seen = true;
        }
    }
    assert_eq!(altered, BTreeSet::from([quirk.name.to_owned()]), "{argument}");
    // What becomes of time and connection is not in the bytes.
    let unseen = quirk.touches.iter().any(|(_, member)| matches!(member, Member::Delay | Member::Cut | Member::Hang));
    assert!(unseen || seen, "`{} = {argument}` changed nothing on the wire", quirk.name);
}

/// What a quirk says of the provider or of its tokens holds for all that it
/// signs: ID tokens, signed UserInfo, and logout tokens where they have it.
#[rstest]
#[case("issuer-slash", true)]
#[case("issuer-upper-case", true)]
#[case("issuer-changes", true)]
#[case("issuer-from-host", false)]
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_of_another_name_signs_by_it(#[case] name: &str, #[case] in_logout_tokens: bool) {
    let quirk = QUIRKS.iter().find(|quirk| quirk.name == name).unwrap();
    let (honest, odd) = (signed(None, "iss").await, signed(Some(quirk), "iss").await);
    assert_eq!(honest.keys().collect::<Vec<_>>(), [&Message::IdToken, &Message::UserInfo, &Message::LogoutToken]);
    for (message, issuer) in odd {
        let is_odd = message != Message::LogoutToken || in_logout_tokens;
        assert_eq!(issuer != honest[&message], is_odd, "{message:?}: {issuer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_key_ids_nothing_that_is_signed_names_a_key() {
    let quirk = QUIRKS.iter().find(|quirk| quirk.name == "jwks-without-key-ids").unwrap();
    assert_eq!(signed(None, "header.kid").await.len(), 3);
    assert_eq!(signed(Some(quirk), "header.kid").await, BTreeMap::new());
}

/// A member of what is signed for the client that wants UserInfo so.
async fn signed(quirk: Option<&Quirk>, member: &str) -> BTreeMap<Message, Value> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let entries = conversations(&client, quirk.map(|quirk| (quirk, &Value::Bool(true)))).await.remove(1);
    let signed = [Message::IdToken, Message::UserInfo, Message::LogoutToken];
    let found =
        members(&entries).into_iter().filter(|((message, _, name), _)| signed.contains(message) && name == member);
    found.map(|((message, ..), value)| (message, value)).collect()
}

#[test]
fn every_quirk_says_what_it_is() {
    let mut names = BTreeSet::new();
    for quirk in QUIRKS {
        let kebab = quirk.name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(kebab && names.insert(quirk.name), "{}", quirk.name);
        assert!(quirk.text.len() > 20 && quirk.text.ends_with('.'), "{}", quirk.name);
        assert!(!quirk.requirement.is_empty() && !quirk.touches.is_empty(), "{}", quirk.name);
        assert!(quirk.parameter.parse(&json!(true)).is_ok(), "{}", quirk.name);
    }
}

//! Tests over the list of quirks, over real sockets: each says what it is and
//! has effect, on exactly the messages and members that it declares.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod provider;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mock_idp::{
    Algorithm, Deviations, Endpoint, Entry, Issuer, LogoutTokenRequest, Message, Parameter, Provider, ProviderOptions,
    ProviderSettings, QUIRKS, Quirk, Registration,
};
use rstest::rstest;
use serde_json::{Map, Value, json};

use provider::{SECRET, options, registration};

const APP: &str = "app.immich:///oauth-callback";
// The example of RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A client that does one thing otherwise than the next; a quirk must show at
/// one of them at least.
#[derive(Debug, Clone, Copy)]
struct Kind {
    redirect_uri: &'static str,
    pkce: bool,
    signed_userinfo: bool,
    /// The one agreed on; by each, the same is always signed the same.
    algorithm: Algorithm,
    /// Whether it makes mistakes first: a wrong secret, another redirect URI,
    /// and a code that was used.
    careless: bool,
}

// With characters that get lost on the way where somebody is careless.
const STATE: &str = "State/of+odd=characters";
const WEB: &str = "https://photos.example.test/auth/login";

const KINDS: &[Kind] = &[
    Kind { redirect_uri: APP, pkce: true, signed_userinfo: false, algorithm: Algorithm::Rs256, careless: false },
    Kind { redirect_uri: WEB, pkce: true, signed_userinfo: true, algorithm: Algorithm::Rs256, careless: false },
    Kind { redirect_uri: WEB, pkce: false, signed_userinfo: true, algorithm: Algorithm::Rs384, careless: false },
    Kind { redirect_uri: WEB, pkce: true, signed_userinfo: false, algorithm: Algorithm::Rs256, careless: true },
];

/// Everything that an issuer says from discovery to logout, for clients that
/// go on whatever they are told. Seed and clock are fixed.
async fn conversations(client: &reqwest::Client, quirk: Option<(&Quirk, &Value)>) -> Vec<Vec<Entry>> {
    let public_url = Some("http://provider.test".parse().unwrap());
    let provider = Provider::start(ProviderOptions { public_url, ..options() }).await.unwrap();
    let quirks: Map<String, Value> =
        quirk.iter().map(|(quirk, argument)| (quirk.name.to_owned(), (*argument).clone())).collect();
    let mut conversations = Vec::new();
    for (number, kind) in KINDS.iter().enumerate() {
        let settings = ProviderSettings {
            signing_algorithm: kind.algorithm,
            userinfo_signing_algorithm: kind.signed_userinfo.then_some(kind.algorithm),
            ..ProviderSettings::default()
        };
        let deviations = Deviations::parse(&quirks, &Map::new()).unwrap();
        let usual = registration(&format!("/here{number}"), &[kind.redirect_uri]);
        let issuer = provider.open(Registration { settings, deviations, ..usual }).unwrap();
        // First, because a sign-in that breaks off draws less from the seed.
        let request = LogoutTokenRequest { sub: Some("a".into()), sid: Some("fixed".into()) };
        issuer.logout_token(request).unwrap();
        let mut entries = issuer.journal().entries();
        // Twice: some quirks show the second time only. Read in between, for
        // the journal forgets what comes before very large answers.
        for _ in 0..2 {
            let mark = issuer.journal().mark();
            talk(client, &provider, &issuer, *kind, number).await;
            entries.extend(issuer.journal().entries_since(mark));
        }
        conversations.push(entries);
    }
    conversations
}

async fn talk(client: &reqwest::Client, provider: &Provider, issuer: &Issuer, kind: Kind, number: usize) {
    let base = format!("http://{}/here{number}", provider.local_addr());
    for path in [".well-known/openid-configuration", "jwks"] {
        ask(issuer, client.get(format!("{base}/{path}"))).await;
    }
    let mut query = vec![
        ("client_id", "c"),
        ("redirect_uri", kind.redirect_uri),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("state", STATE),
        ("prompt", "login"),
    ];
    if kind.pkce {
        query.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    }
    let authorize = client.get(format!("{base}/authorize")).query(&query);
    ask(issuer, authorize.header("mock-idp-secret", SECRET).header("mock-idp-end-user", "alice")).await;
    let answer = issuer.journal().entries().last().unwrap().clone();
    let answer = header(&answer, "location").unwrap_or(answer.response_body);
    let code = answer.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or("none").to_owned();
    let elsewhere = format!("{}?from=elsewhere", kind.redirect_uri);
    let mistakes = [("wrong", kind.redirect_uri), ("s", elsewhere.as_str())];
    let attempts = mistakes.iter().filter(|_| kind.careless).copied().chain([("s", kind.redirect_uri)]);
    for (secret, redirect_uri) in attempts {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", redirect_uri),
            ("client_id", "c"),
            ("client_secret", secret),
        ];
        if kind.pkce {
            form.push(("code_verifier", VERIFIER));
        }
        ask(issuer, client.post(format!("{base}/token")).form(&form)).await;
    }
    let body = issuer.journal().entries().last().unwrap().response_body.clone();
    let body = serde_json::from_str::<Value>(&body).unwrap_or_default();
    let token = body["access_token"].as_str().unwrap_or("none");
    ask(issuer, client.get(format!("{base}/userinfo")).bearer_auth(token)).await;
    ask(issuer, client.get(format!("{base}/end-session"))).await;
    let hint = body["id_token"].as_str().unwrap_or("none");
    ask(issuer, client.get(format!("{base}/end-session")).query(&[("id_token_hint", hint)])).await;
    let back = [("id_token_hint", hint), ("post_logout_redirect_uri", kind.redirect_uri)];
    ask(issuer, client.get(format!("{base}/end-session")).query(&back)).await;
    ask(issuer, client.get(format!("{base}/picture"))).await;
}

/// Sends a request until its answer is in the journal, where it is before it
/// goes out: some come late, cut off, or never.
async fn ask(issuer: &Issuer, request: reqwest::RequestBuilder) {
    let mark = issuer.journal().mark();
    let noted = issuer.journal().wait_for(mark, |_| true, Duration::from_secs(60));
    tokio::select! {
        _ = request.send() => {}
        _ = noted => {}
    }
    assert_ne!(issuer.journal().mark(), mark, "the request did not arrive");
}

fn header(entry: &Entry, name: &str) -> Option<String> {
    entry.response_headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

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
    let whole = |member: &&str| matches!(*member, "body" | "payload" | "accept" | "page" | "delivery");
    let mut messages: BTreeSet<Message> =
        quirk.touches.iter().filter(|(_, member)| whole(member)).map(|(message, _)| *message).collect();
    let takes = |message, member| quirk.touches.contains(&(message, member));
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
    let touches = |wanted: &str| quirk.touches.iter().any(|(touched, name)| *touched == message && *name == wanted);
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
    match quirk.parameter {
        Parameter::Choice(words) => words.iter().map(|word| json!(word)).collect(),
        _ => vec![json!(true)],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_quirk_changes_just_what_it_declares() {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let honest: Vec<Members> = conversations(&client, None).await.iter().map(|entries| members(entries)).collect();
    // Over TLS, issuers have any port, so that more than that would differ;
    // `tests/tls.rs` looks at it.
    let without_tls = QUIRKS.iter().filter(|quirk| quirk.name != "http-endpoints");
    for (quirk, argument) in without_tls.flat_map(|quirk| arguments(quirk).into_iter().map(move |one| (quirk, one))) {
        let whole = as_a_whole(quirk);
        let (mut altered, mut seen) = (BTreeSet::new(), false);
        for (entries, honest) in conversations(&client, Some((quirk, &argument))).await.iter().zip(&honest) {
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
        let unseen = quirk.touches.iter().any(|(_, member)| matches!(*member, "delay" | "cut" | "hang"));
        assert!(unseen || seen, "`{} = {argument}` changed nothing on the wire", quirk.name);
    }
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

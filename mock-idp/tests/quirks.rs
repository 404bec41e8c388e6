//! Tests over the list of quirks, over real sockets: each says what it is and
//! has effect, on exactly the messages and members that it declares.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use mock_idp::{
    Client, Clock, Deviations, EndUser, Endpoint, Entry, Issuer, KeySource, LogoutTokenRequest, Message, Provider,
    ProviderOptions, ProviderSettings, QUIRKS, Quirk, Registration,
};
use serde_json::{Map, Value, json};

const APP: &str = "app.immich:///oauth-callback";
// The example of RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Everything that an issuer says from discovery to logout, for a client that
/// goes on whatever it is told. Seed and clock are fixed.
async fn conversation(quirk: Option<&Quirk>, pkce: bool) -> Vec<Entry> {
    let provider = Provider::start(ProviderOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: Some("http://provider.test".parse().unwrap()),
        keys: KeySource::Published,
        clock: Clock::frozen(1_800_000_000),
        seed: 7,
        secret: "of-the-run".into(),
    })
    .await
    .unwrap();
    let quirks: Map<String, Value> = quirk.iter().map(|quirk| (quirk.name.to_owned(), json!(true))).collect();
    let claims = json!({"email": "alice@example.test"}).as_object().unwrap().clone();
    let issuer = provider
        .open(Registration {
            path: "/here".into(),
            client: Client { id: "c".into(), secret: Some("s".into()), redirect_uris: vec![APP.into()] },
            settings: ProviderSettings::default(),
            deviations: Deviations::parse(&quirks, &Map::new()).unwrap(),
            end_users: IndexMap::from([("alice".into(), EndUser { sub: "a".into(), claims })]),
        })
        .unwrap();
    // First, because a sign-in that breaks off draws less from the seed.
    let request = LogoutTokenRequest { sub: Some("a".into()), sid: Some("fixed".into()) };
    issuer.logout_token(request).unwrap();
    talk(&provider, &issuer, pkce).await;
    issuer.journal().entries()
}

async fn talk(provider: &Provider, issuer: &Issuer, pkce: bool) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let base = format!("http://{}/here", provider.local_addr());
    for path in [".well-known/openid-configuration", "jwks"] {
        let _ = client.get(format!("{base}/{path}")).send().await;
    }
    let mut query = vec![
        ("client_id", "c"),
        ("redirect_uri", APP),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "t"),
    ];
    if pkce {
        query.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    }
    let authorize = client.get(format!("{base}/authorize")).query(&query);
    let _ = authorize.header("mock-idp-secret", "of-the-run").header("mock-idp-end-user", "alice").send().await;
    let location = header(issuer.journal().entries().last().unwrap(), "location").unwrap_or_default();
    let code = location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or("none").to_owned();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", APP),
        ("client_id", "c"),
        ("client_secret", "s"),
    ];
    if pkce {
        form.push(("code_verifier", VERIFIER));
    }
    let _ = client.post(format!("{base}/token")).form(&form).send().await;
    let body = issuer.journal().entries().last().unwrap().response_body.clone();
    let token = serde_json::from_str::<Value>(&body).unwrap_or_default()["access_token"].clone();
    let token = token.as_str().unwrap_or("none");
    let _ = client.get(format!("{base}/userinfo")).bearer_auth(token).send().await;
}

fn header(entry: &Entry, name: &str) -> Option<String> {
    entry.response_headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

type Members = BTreeMap<(Message, String), Value>;

fn add_jwt(members: &mut Members, message: Message, token: &str) {
    let parts: Vec<&str> = token.split('.').collect();
    for (index, prefix) in [(0, "header."), (1, "")] {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(parts[index]).unwrap();
        for (name, value) in serde_json::from_slice::<Map<String, Value>>(&bytes).unwrap() {
            members.insert((message, format!("{prefix}{name}")), value);
        }
    }
    members.insert((message, "signature".into()), parts[2].into());
}

/// What went over the wire, member by member.
fn members(entries: &[Entry]) -> Members {
    let mut members = Members::new();
    for entry in entries {
        let message = match entry.endpoint {
            Endpoint::Discovery => Message::Discovery,
            Endpoint::Jwks => Message::Jwks,
            Endpoint::Authorization => Message::AuthorizationResponse,
            Endpoint::Token => Message::TokenResponse,
            Endpoint::UserInfo => Message::UserInfo,
            Endpoint::LogoutToken => {
                add_jwt(&mut members, Message::LogoutToken, &entry.response_body);
                continue;
            }
            Endpoint::EndSession | Endpoint::Unknown => continue,
        };
        let mut add = |name: &str, value: Value| members.insert((message, name.to_owned()), value);
        add("status", entry.status.into());
        add("content-type", json!(header(entry, "content-type")));
        if message == Message::AuthorizationResponse {
            let location = header(entry, "location").unwrap_or_default();
            for pair in location.split('?').nth(1).unwrap_or_default().split('&') {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                add(name, value.into());
            }
            continue;
        }
        add("location", json!(header(entry, "location")));
        let Ok(Value::Object(body)) = serde_json::from_str(&entry.response_body) else {
            add("body", entry.response_body.clone().into());
            continue;
        };
        for (name, value) in body {
            match value.as_str() {
                Some(token) if name == "id_token" => add_jwt(&mut members, Message::IdToken, token),
                _ => drop(members.insert((message, name), value)),
            }
        }
    }
    members
}

/// The messages that can differ as a whole: those whose body or fate a quirk
/// declares, and those that can come only after something it takes away.
fn as_a_whole(quirk: &Quirk) -> BTreeSet<Message> {
    let whole = |member: &&str| matches!(*member, "body" | "accept" | "page");
    let mut messages: BTreeSet<Message> =
        quirk.touches.iter().filter(|(_, member)| whole(member)).map(|(message, _)| *message).collect();
    let takes = |message, member| quirk.touches.contains(&(message, member));
    if messages.contains(&Message::Verdict) {
        messages.insert(Message::AuthorizationResponse);
    }
    if messages.contains(&Message::AuthorizationResponse) || takes(Message::AuthorizationResponse, "code") {
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

#[tokio::test]
async fn every_quirk_changes_just_what_it_declares() {
    for quirk in QUIRKS {
        // Only a client without PKCE meets this one.
        let pkce = quirk.name != "pkce-required-not-advertised";
        let honest = members(&conversation(None, pkce).await);
        let entries = conversation(Some(quirk), pkce).await;
        let altered: BTreeSet<&str> = entries.iter().flat_map(|entry| &entry.altered_by).map(String::as_str).collect();
        assert_eq!(altered, BTreeSet::from([quirk.name]));
        let odd = members(&entries);
        let whole = as_a_whole(quirk);
        let keys = honest.keys().chain(odd.keys());
        let differing: BTreeSet<_> = keys.filter(|key| honest.get(key) != odd.get(key)).collect();
        for (message, member) in &differing {
            let in_jwt = quirk.touches.iter().any(|(touched, _)| touched == message);
            let declared = quirk.touches.iter().any(|(touched, name)| touched == message && name == member)
                || (member == "signature" && in_jwt)
                || whole.contains(message);
            assert!(declared, "`{}` also changed `{member}` of {message:?}", quirk.name);
        }
        // Delay and cut-off are not in the bytes.
        let unseen = quirk.touches.iter().any(|(_, member)| matches!(*member, "delay" | "cut"));
        assert!(unseen || !differing.is_empty(), "`{}` changed nothing on the wire", quirk.name);
    }
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

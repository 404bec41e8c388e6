//! What clients and an issuer say to each other from discovery to logout. What
//! a quirk changes of it is for the tests to see.

use std::time::Duration;

use mock_idp::{
    Algorithm, Deviations, Entry, Issuer, LogoutTokenRequest, Provider, ProviderOptions, ProviderSettings, Quirk,
    Registration,
};
use serde_json::{Map, Value};

use crate::provider::{SECRET, options, registration};

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

// With characters that careless encoding loses.
const STATE: &str = "State/of+odd=characters";
const WEB: &str = "https://photos.example.test/auth/login";

const KINDS: &[Kind] = &[
    Kind { redirect_uri: APP, pkce: true, signed_userinfo: false, algorithm: Algorithm::Rs256, careless: false },
    Kind { redirect_uri: WEB, pkce: true, signed_userinfo: true, algorithm: Algorithm::Rs256, careless: false },
    Kind { redirect_uri: WEB, pkce: false, signed_userinfo: true, algorithm: Algorithm::Rs384, careless: false },
    Kind { redirect_uri: WEB, pkce: true, signed_userinfo: false, algorithm: Algorithm::Rs256, careless: true },
];

/// Everything that an issuer says from discovery to logout, for clients that
/// continue whatever they get. Seed and clock are fixed.
pub async fn conversations(client: &reqwest::Client, quirk: Option<(&Quirk, &Value)>) -> Vec<Vec<Entry>> {
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
            entries.extend(issuer.journal().entries_since(mark).unwrap());
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
    // A client that got no ID token has none to show.
    let hint = body["id_token"].as_str().map(|hint| ("id_token_hint", hint));
    for back in [None, Some(("post_logout_redirect_uri", kind.redirect_uri))] {
        let query: Vec<_> = hint.into_iter().chain(back).collect();
        ask(issuer, client.get(format!("{base}/end-session")).query(&query)).await;
    }
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

pub fn header(entry: &Entry, name: &str) -> Option<String> {
    entry.response_headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

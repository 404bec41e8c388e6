//! Honest variation, over real sockets: what the settings say is on the wire,
//! and nothing of it counts as an alteration.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::provider;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use mock_idp::{
    Deviations, Endpoint, Issuer, OpenError, PROFILES, Provider, ProviderSettings, Registration, SettingsError, profile,
};
use reqwest::redirect::Policy;
use serde_json::{Map, Value, json};

use crate::provider::{SECRET, options};

const WEB: &str = "https://photos.example.test/auth/login";
const APP: &str = "app.immich:///oauth-callback";
// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn provider() -> Provider {
    Provider::start(options()).await.unwrap()
}

fn settings(changes: &Value) -> ProviderSettings {
    ProviderSettings::default().with(changes.as_object().unwrap()).unwrap()
}

fn registration(path: &str, settings: ProviderSettings) -> Registration {
    Registration { settings, ..provider::registration(path, &[WEB, APP]) }
}

/// What a client learns that goes by the discovery document.
#[derive(Debug)]
struct SignIn {
    metadata: Map<String, Value>,
    keys: Vec<Value>,
    callback: IndexMap<String, String>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    userinfo: Map<String, Value>,
}

async fn sign_in(issuer: &Issuer, basic: bool, method: &str) -> SignIn {
    let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let discovery = format!("{}/.well-known/openid-configuration", issuer.url().trim_end_matches('/'));
    let metadata: Map<String, Value> = client.get(discovery).send().await.unwrap().json().await.unwrap();
    let at = |name: &str| metadata[name].as_str().unwrap().to_owned();
    let keys: Value = client.get(at("jwks_uri")).send().await.unwrap().json().await.unwrap();
    let challenge = if method == "plain" { VERIFIER } else { CHALLENGE };
    let query = [
        ("client_id", "c"),
        ("redirect_uri", WEB),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("state", "t"),
        ("code_challenge", challenge),
        ("code_challenge_method", method),
    ];
    let request = client.get(at("authorization_endpoint")).query(&query);
    let request = request.header("mock-idp-secret", SECRET).header("mock-idp-end-user", "alice");
    let answer = request.send().await.unwrap();
    let location = answer.headers().get("location").unwrap().to_str().unwrap().to_owned();
    let callback: IndexMap<String, String> = url::Url::parse(&location).unwrap().query_pairs().into_owned().collect();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", &callback["code"]),
        ("redirect_uri", WEB),
        ("code_verifier", VERIFIER),
    ];
    let mut request = client.post(at("token_endpoint"));
    if basic {
        request = request.basic_auth("c", Some("s"));
    } else {
        form.extend([("client_id", "c"), ("client_secret", "s")]);
    }
    let tokens: Value = request.form(&form).send().await.unwrap().json().await.unwrap();
    let id_token = tokens["id_token"].as_str().unwrap();
    let part = |index| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(id_token.split('.').nth(index).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let access_token = tokens["access_token"].as_str().unwrap();
    let userinfo = client.get(at("userinfo_endpoint")).bearer_auth(access_token).send().await.unwrap();
    let userinfo = userinfo.json().await.unwrap();
    let keys = keys["keys"].as_array().unwrap().clone();
    SignIn { keys, callback, header: part(0), claims: part(1), userinfo, metadata }
}

#[tokio::test]
async fn what_the_settings_say_is_on_the_wire() {
    let provider = provider().await;
    let settings = settings(&json!({
        "paths": {"authorization": "/global/authorize/", "token": "t", "jwks": "keys/"},
        "code-challenge-methods": ["plain"],
        "callback-parameters": {"session_state": "s-1"},
        "id-token-claims": ["email"],
        "further-audiences": ["project"],
        "authorized-party": true,
        "further-claims": {"home": "{issuer}"},
        "published-keys": "signing",
        "signing-algorithm": "ES256",
        "jwks-members": ["alg"],
        "key-ids": {"alphabet": "decimal", "length": 18},
        "logout-tokens": "sub",
        "discovery": {"set": {"x": "{origin}/x"}, "remove": ["scopes_supported"]},
    }));
    let issuer = provider.open(registration("/realms/a/", settings)).unwrap();
    let seen = sign_in(&issuer, false, "plain").await;
    let origin = provider.origin().as_str().trim_end_matches('/').to_owned();
    assert_eq!(issuer.url(), format!("{origin}/realms/a/"));
    for (name, expected) in [
        ("authorization_endpoint", json!(format!("{origin}/global/authorize/"))),
        ("token_endpoint", json!(format!("{origin}/realms/a/t"))),
        ("jwks_uri", json!(format!("{origin}/realms/a/keys/"))),
        ("code_challenge_methods_supported", json!(["plain"])),
        ("backchannel_logout_session_supported", json!(false)),
        ("x", json!(format!("{origin}/x"))),
    ] {
        assert_eq!(seen.metadata[name], expected, "{name}");
    }
    assert!(!seen.metadata.contains_key("scopes_supported"));
    assert_eq!(seen.callback.keys().collect::<Vec<_>>(), ["code", "state", "iss", "session_state"]);
    assert_eq!(seen.claims["aud"], json!(["c", "project"]));
    assert_eq!((&seen.claims["azp"], &seen.claims["home"]), (&json!("c"), &json!(issuer.url())));
    assert!(seen.claims.contains_key("email") && !seen.claims.contains_key("name"));
    assert!(seen.userinfo.contains_key("email") && seen.userinfo.contains_key("name"));
    assert_eq!(seen.keys.len(), 1);
    assert_eq!((&seen.keys[0]["alg"], &seen.keys[0]["kid"]), (&json!("ES256"), &seen.header["kid"]));
    assert_eq!(seen.keys[0]["kid"].as_str().unwrap().len(), 18);
    assert!(seen.keys[0].get("use").is_none());
    let entries = issuer.journal().entries();
    assert!(entries.iter().all(|entry| entry.altered_by.is_empty() && entry.endpoint != Endpoint::Unknown));
}

#[tokio::test]
async fn two_endpoints_cannot_share_a_path() {
    let provider = provider().await;
    let there = || settings(&json!({"paths": {"token": "/global/token"}}));
    let first = provider.open(registration("/a", there())).unwrap();
    let taken = |result: Result<Issuer, OpenError>| match result {
        Err(OpenError::Taken(url)) => url,
        other => format!("{other:?}"),
    };
    assert_eq!(taken(provider.open(registration("/b", there()))), "/global/token");
    let twice = settings(&json!({"paths": {"token": "same", "jwks": "same"}}));
    assert_eq!(taken(provider.open(registration("/c", twice))), "/c/same");
    let moved = settings(&json!({"paths": {"token": "elsewhere"}}));
    assert_eq!(first.set_settings(moved), Err(SettingsError::Moved));
    provider.close(&first);
    assert!(provider.open(registration("/b", there())).is_ok());
}

#[tokio::test]
async fn settings_change_between_two_messages() {
    let provider = provider().await;
    let issuer = provider.open(registration("/a", ProviderSettings::default())).unwrap();
    assert_eq!(sign_in(&issuer, true, "S256").await.claims["aud"], "c");
    issuer.set_settings(settings(&json!({"further-audiences": [], "session-ids": false}))).unwrap();
    let seen = sign_in(&issuer, true, "S256").await;
    assert_eq!(seen.claims["aud"], json!(["c"]));
    assert_eq!(seen.metadata["backchannel_logout_session_supported"], false);
    let wrong = settings(&json!({"discovery": {"remove": ["nothing"]}}));
    assert_eq!(issuer.set_settings(wrong), Err(SettingsError::NotInDocument("nothing".into())));
    assert_eq!(sign_in(&issuer, true, "S256").await.claims["aud"], json!(["c"]));
}

/// A client without a secret cannot verify signatures made with it.
#[tokio::test]
async fn nothing_is_signed_with_a_secret_that_there_is_not() {
    let provider = provider().await;
    let mut public = registration("/a", ProviderSettings::default());
    public.client.secret = None;
    let hmac = || settings(&json!({"signing-algorithm": "HS256"}));
    let refused = provider.open(Registration { settings: hmac(), ..public.clone() }).unwrap_err();
    assert!(refused.to_string().contains("`HS256` signs with the client secret"), "{refused}");
    let issuer = provider.open(public).unwrap();
    assert_eq!(issuer.set_settings(hmac()), Err(SettingsError::NoSecret("HS256")));
    let of_userinfo = settings(&json!({"userinfo-signing-algorithm": "HS512"}));
    assert_eq!(issuer.set_settings(of_userinfo), Err(SettingsError::NoSecret("HS512")));
}

/// An imitation at which sign-in fails would prove nothing.
#[tokio::test]
async fn at_every_profile_people_sign_in() {
    for name in PROFILES {
        let provider = provider().await;
        let profile = profile(name).unwrap();
        let settings = ProviderSettings::default().with(&profile.settings("mine", "c")).unwrap();
        let basic_only = settings.client_authentication.len() == 1;
        let mut registration = registration(&profile.issuer_path("mine", "c"), settings);
        registration.deviations = Deviations::parse(&profile.quirks(), &profile.overlay()).unwrap();
        let issuer = provider.open(registration).unwrap();
        let seen = sign_in(&issuer, basic_only, "S256").await;
        assert_eq!(seen.metadata["issuer"], issuer.url(), "{name}");
        assert_eq!(seen.claims["iss"], issuer.url(), "{name}");
        // The key that signed is there, under its id.
        let signing = seen.keys.iter().filter(|key| key["kid"] == seen.header["kid"]);
        assert_eq!(signing.count(), 1, "{name}");
        assert!(seen.claims.contains_key("email") || seen.userinfo.contains_key("email"), "{name}");
    }
}

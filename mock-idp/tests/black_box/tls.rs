//! Issuers over https, in the eyes of a client that knows the certificate
//! authority and of one that does not.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::provider;
use std::net::SocketAddr;
use std::time::Duration;

use mock_idp::{
    CertificateAuthority, Clock, Deviations, Endpoint, Entry, Issuer, Limits, OpenError, Provider, ProviderOptions,
    ProviderSettings, Registration, Tls,
};
use rstest::rstest;
use serde_json::{Map, Value, json};

/// Peers look at clocks of their own.
fn options(authority: CertificateAuthority) -> ProviderOptions {
    ProviderOptions { clock: Clock::system(), authority: Some(authority.into()), ..provider::options() }
}

async fn provider() -> Provider {
    Provider::start(options(CertificateAuthority::fresh(Clock::system().now()).unwrap())).await.unwrap()
}

fn open(provider: &Provider, tls: Tls, quirks: Value) -> Result<Issuer, OpenError> {
    let deviations = Deviations::parse(quirks.as_object().unwrap(), &Map::new()).unwrap();
    provider.open(Registration { tls, deviations, ..provider::registration(&format!("/{}", tls.name()), &[]) })
}

/// A client that trusts this authority and no other; whatever host it asks
/// for is this machine.
fn client(pem: &str) -> reqwest::Client {
    let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([certificate])
        .no_proxy()
        .resolve("provider.test", SocketAddr::from(([127, 0, 0, 1], 0)))
        .build()
        .unwrap()
}

fn stranger() -> reqwest::Client {
    client(CertificateAuthority::fresh(Clock::system().now()).unwrap().pem())
}

async fn discover(client: &reqwest::Client, issuer: &Issuer) -> Result<Value, String> {
    let url = format!("{}/.well-known/openid-configuration", issuer.url());
    let answer = client.get(url).send().await.map_err(|error| format!("{error:?}"))?;
    Ok(answer.json().await.unwrap())
}

fn seen(issuer: &Issuer, endpoint: Endpoint) -> usize {
    issuer.journal().entries().iter().filter(|entry| entry.endpoint == endpoint).count()
}

#[rstest]
#[case(Tls::Trusted, None)]
#[case(Tls::SelfSigned, Some("UnknownIssuer"))]
#[case(Tls::Expired, Some("Expired"))]
#[case(Tls::WrongHost, Some("NotValidForName"))]
#[case(Tls::MissingIntermediate, Some("UnknownIssuer"))]
#[case(Tls::UnknownCa, Some("UnknownIssuer"))]
#[tokio::test]
async fn only_a_good_certificate_is_taken(#[case] tls: Tls, #[case] refused_for: Option<&str>) {
    let authority = CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let knowing = client(authority.pem());
    let provider = Provider::start(options(authority)).await.unwrap();
    let issuer = open(&provider, tls, json!({})).unwrap();
    assert!(issuer.url().starts_with("https://127.0.0.1:"), "{}", issuer.url());
    match (discover(&knowing, &issuer).await, refused_for) {
        (Ok(document), None) => assert_eq!(document["issuer"], issuer.url()),
        (Err(error), Some(word)) => assert!(error.contains(word), "{error}"),
        (other, _) => panic!("{other:?}"),
    }
    assert_eq!(seen(&issuer, Endpoint::Discovery), usize::from(refused_for.is_none()));
    assert_eq!(seen(&issuer, Endpoint::Connection), 1);
    // Who does not know the authority takes none.
    discover(&stranger(), &issuer).await.unwrap_err();
    assert_eq!(seen(&issuer, Endpoint::Discovery), usize::from(refused_for.is_none()));
    assert_eq!(seen(&issuer, Endpoint::Connection), 2);
}

#[rstest]
#[case::by_name("localhost")]
#[case::by_address("127.0.0.1")]
#[case::by_the_public_name("provider.test")]
#[tokio::test]
async fn the_certificate_is_for_every_name_of_the_issuer(#[case] host: &str) {
    let authority = CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let knowing = client(authority.pem());
    let public_url = Some("http://provider.test:9000/".parse().unwrap());
    let provider = Provider::start(ProviderOptions { public_url, ..options(authority) }).await.unwrap();
    let issuer = open(&provider, Tls::Trusted, json!({})).unwrap();
    assert!(issuer.url().starts_with("https://provider.test:"), "{}", issuer.url());
    let url = format!("{}/.well-known/openid-configuration", issuer.url().replace("provider.test", host));
    let document: Value = knowing.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["token_endpoint"], format!("{}/token", issuer.url()));
}

/// A root of yesterday, as another process finds it in its folder.
#[tokio::test]
async fn an_authority_outlives_the_provider() {
    let folder = tempfile::tempdir().unwrap();
    let now = Clock::system().now();
    let pem = CertificateAuthority::create(folder.path(), now).unwrap().pem().to_owned();
    for _ in 0..2 {
        let authority = CertificateAuthority::load(folder.path(), now).unwrap();
        let provider = Provider::start(options(authority)).await.unwrap();
        let issuer = open(&provider, Tls::Trusted, json!({})).unwrap();
        discover(&client(&pem), &issuer).await.unwrap();
    }
}

/// What `tests/quirks.rs` looks at for the quirks that need no TLS.
#[rstest]
#[case("all", &["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"])]
#[case("authorization", &["authorization_endpoint"])]
#[case("token", &["token_endpoint"])]
#[case("userinfo", &["userinfo_endpoint"])]
#[case("jwks", &["jwks_uri"])]
#[tokio::test]
async fn http_endpoints_changes_just_what_it_declares(#[case] argument: &str, #[case] expected: &[&str]) {
    let authority = CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let knowing = client(authority.pem());
    let provider = Provider::start(options(authority)).await.unwrap();
    let honest = open(&provider, Tls::Trusted, json!({})).unwrap();
    let before = discover(&knowing, &honest).await.unwrap();
    provider.close(&honest);
    let odd = open(&provider, Tls::Trusted, json!({"http-endpoints": argument})).unwrap();
    let after = discover(&knowing, &odd).await.unwrap();
    assert_eq!(odd.journal().entries().last().unwrap().altered_by, ["http-endpoints"]);
    let members = before.as_object().unwrap().keys();
    let differing: Vec<&str> = members.filter(|name| before[*name] != after[*name]).map(String::as_str).collect();
    assert_eq!(differing, expected);
}

/// Also those that are not below the issuer's path.
#[tokio::test]
async fn http_endpoints_are_wherever_they_are() {
    let authority = CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let knowing = client(authority.pem());
    let provider = Provider::start(options(authority)).await.unwrap();
    let changes = json!({"paths": {"token": "/global/token"}});
    let settings = ProviderSettings::default().with(changes.as_object().unwrap()).unwrap();
    let quirks = json!({"http-endpoints": true});
    let deviations = Deviations::parse(quirks.as_object().unwrap(), &Map::new()).unwrap();
    let registration = provider::registration("/realms/a", &[]);
    let issuer = provider.open(Registration { tls: Tls::Trusted, deviations, settings, ..registration }).unwrap();
    let document = discover(&knowing, &issuer).await.unwrap();
    assert_eq!(document["token_endpoint"], format!("{}global/token", provider.origin()));
    assert_eq!(document["jwks_uri"], format!("{}realms/a/jwks", provider.origin()));
}

#[tokio::test]
async fn http_endpoints_are_really_there() {
    let provider = provider().await;
    let issuer = open(&provider, Tls::Trusted, json!({"http-endpoints": "token"})).unwrap();
    let plain = format!("{}trusted", provider.origin());
    let url = format!("{plain}/.well-known/openid-configuration");
    let document: Value = stranger().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["issuer"], issuer.url());
    assert_eq!(document["token_endpoint"], format!("{plain}/token"));
    assert_eq!(document["userinfo_endpoint"], format!("{}/userinfo", issuer.url()));
    let answer = stranger().post(format!("{plain}/token")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), seen(&issuer, Endpoint::Token)), (401, 1));
    assert_eq!(seen(&issuer, Endpoint::Connection), 0);
}

/// A waiter for a connection need not poll; and a silent peer delays no other.
#[tokio::test]
async fn a_connection_can_be_waited_for_behind_one_that_says_nothing() {
    let provider = provider().await;
    let issuer = open(&provider, Tls::SelfSigned, json!({})).unwrap();
    let address = provider.addresses().last().unwrap().2;
    let _silent = tokio::net::TcpStream::connect(address).await.unwrap();
    let mark = issuer.journal().mark();
    let waiting =
        issuer.journal().wait_for(mark, |entry| entry.endpoint == Endpoint::Connection, Duration::from_secs(10));
    let (found, asked) = tokio::join!(waiting, async { discover(&stranger(), &issuer).await });
    assert!(found.unwrap().is_some() && asked.is_err());
}

/// The limit of connections holds for those that have not shaken hands, too.
#[tokio::test]
async fn one_handshake_more_than_allowed_waits() {
    let authority = CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let knowing = client(authority.pem());
    let limits = Limits { connections: 1, ..Limits::default() };
    let provider = Provider::start_within(options(authority), limits).await.unwrap();
    let issuer = open(&provider, Tls::Trusted, json!({})).unwrap();
    let address = provider.addresses().last().unwrap().2;
    let silent = tokio::net::TcpStream::connect(address).await.unwrap();
    let meanwhile = async {
        // The provider does many other things meanwhile.
        for _ in 0..50 {
            let keys = stranger().get(format!("{}trusted/jwks", provider.origin()));
            assert_eq!(keys.header("connection", "close").send().await.unwrap().status(), 200);
        }
        assert_eq!(seen(&issuer, Endpoint::Connection), 0);
        drop(silent);
    };
    let (document, ()) = tokio::join!(discover(&knowing, &issuer), meanwhile);
    assert!(document.is_ok() && seen(&issuer, Endpoint::Connection) == 1, "{document:?}");
}

/// Also over TLS, where an answer that never comes is waited for no longer.
#[tokio::test]
async fn connections_end_with_the_provider() {
    let authority = CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let knowing = client(authority.pem());
    let provider = Provider::start(options(authority)).await.unwrap();
    let issuer = open(&provider, Tls::Trusted, json!({"hang": "discovery"})).unwrap();
    let mark = issuer.journal().mark();
    let end = async {
        let arrived = |entry: &Entry| entry.endpoint == Endpoint::Discovery;
        assert!(issuer.journal().wait_for(mark, arrived, Duration::from_secs(60)).await.unwrap().is_some());
        assert!(!provider.shut_down(Duration::ZERO).await, "it waits for no request");
    };
    let asked = tokio::time::timeout(Duration::from_secs(60), discover(&knowing, &issuer));
    let (answer, ()) = tokio::join!(asked, end);
    assert!(answer.is_ok_and(|answer| answer.is_err()), "the connection was not closed");
}

/// One listener for each kind, whichever call is first.
#[tokio::test]
async fn issuers_of_one_kind_share_a_listener() {
    let provider = provider().await;
    let origin = provider.origin_over(Tls::Expired).unwrap();
    assert_eq!(provider.origin_over(Tls::Expired).unwrap(), origin);
    assert!(open(&provider, Tls::Expired, json!({})).unwrap().url().starts_with(origin.as_str()));
    assert_ne!(provider.origin_over(Tls::UnknownCa).unwrap(), origin);
    let over_tls = provider.addresses().into_iter().filter(|(tls, ..)| *tls != Tls::None);
    assert_eq!(over_tls.count(), 2);
    assert_eq!(&provider.origin_over(Tls::None).unwrap(), provider.origin());
}

/// With a fixed port, those of TLS follow it in the order of the kinds; the
/// provider reports one that is in use.
#[tokio::test]
async fn ports_can_be_predicted() {
    let authority = || CertificateAuthority::fresh(Clock::system().now()).unwrap();
    let (provider, port) = loop {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        // Another process may have taken it in between.
        if let Ok(provider) = Provider::start(ProviderOptions { listen, ..options(authority()) }).await {
            break (provider, port);
        }
    };
    let neighbour = SocketAddr::from(([127, 0, 0, 1], port + 2));
    let _occupied = std::net::TcpListener::bind(neighbour);
    let error = open(&provider, Tls::SelfSigned, json!({})).unwrap_err();
    assert!(matches!(error, OpenError::Listen { address, .. } if address == neighbour), "{error}");
}

//! Arbitrary requests at a running provider, over raw sockets: whatever comes,
//! it does not panic, answers with no 5xx of its own making, and still answers
//! afterwards. `PROPTEST_CASES` says how many of each kind are tried.
//!
//! What was interesting by hand is in `corpus/requests`, one file a request.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::wire;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use mock_idp::{Deviations, Issuer, Limits, Parameter, Provider, QUIRKS, Quirk};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::provider::SECRET;
use crate::wire::{APP, Talk, blurt, exchange, status};

const THREAD: &str = "the provider";

/// The largest number that quirks take.
const LARGEST: i64 = 9_007_199_254_740_991;

/// Panics of the provider; those of a test are its own.
static PANICS: AtomicUsize = AtomicUsize::new(0);

struct Stage {
    runtime: Runtime,
    provider: Provider,
    issuer: Issuer,
    /// An access token that is good.
    access_token: String,
}

impl Stage {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(THREAD)
            .enable_all()
            .build()
            .unwrap();
        let (provider, issuer) = runtime.block_on(wire::provider(Limits::default()));
        let (_, access_token) = runtime.block_on(async { Talk::with(&provider).await.sign_in().await });
        Self { runtime, provider, issuer, access_token }
    }

    /// One for the tests that leave the issuer honest.
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Stage> = OnceLock::new();
        static COUNTING: OnceLock<()> = OnceLock::new();
        COUNTING.get_or_init(|| {
            let usual = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                if std::thread::current().name() == Some(THREAD) {
                    PANICS.fetch_add(1, Ordering::Relaxed);
                }
                usual(panic);
            }));
        });
        SHARED.get_or_init(Self::new)
    }

    /// Whether all is well with the provider, and was since the last time.
    fn is_well(&self) -> bool {
        let discovery = b"GET /here/.well-known/openid-configuration HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
        let answer = self.runtime.block_on(exchange(&self.provider, discovery));
        status(&answer) == Some(200) && PANICS.swap(0, Ordering::Relaxed) == 0
    }
}

fn config() -> ProptestConfig {
    let kept = FileFailurePersistence::Direct("tests/corpus/regressions-of-requests.txt");
    ProptestConfig { failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

/// A request that HTTP allows, whatever OpenID Connect says to it.
#[derive(Debug, Clone)]
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Request {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            format!("{} {} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len()).into_bytes());
        bytes.extend(&self.body);
        bytes
    }
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(&[
            "/here/.well-known/openid-configuration", "/here/jwks", "/here/authorize", "/here/token",
            "/here/userinfo", "/here/end-session",
        ][..]).prop_map(ToOwned::to_owned),
        1 => "/here(/[a-z.%2f]{0,6}){0,3}",
        1 => "/[!-~&&[^?#]]{0,20}",
    ]
}

/// Parameters, most of them right.
fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let right = [
        ("client_id", "c"),
        ("client_secret", "s"),
        ("redirect_uri", APP),
        ("post_logout_redirect_uri", APP),
        ("response_type", "code"),
        ("grant_type", "authorization_code"),
        ("scope", "openid email"),
        ("state", "t"),
        ("code_challenge_method", "S256"),
        ("code", "guessed"),
        ("nonce", "n"),
        ("id_token_hint", "a.b.c"),
    ];
    let right = prop::sample::subsequence(right.to_vec(), 6..=right.len()).prop_map(|pairs| {
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    });
    let odd = prop::collection::vec(("[a-z_]{0,14}|redirect_uri|scope|state|nonce", any::<String>()), 0..3);
    (right, odd).prop_map(|(right, odd)| [right, odd].concat())
}

/// A query or a body.
fn form() -> impl Strategy<Value = String> {
    let encode = |pairs: Vec<(String, String)>| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    prop_oneof![
        6 => parameters().prop_map(encode),
        1 => "[!-~&&[^#]]{0,40}",
        1 => Just(String::new()),
    ]
}

fn header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let token = Stage::shared().access_token.clone();
    let known = prop_oneof![
        Just(("mock-idp-secret".to_owned(), SECRET.as_bytes().to_vec())),
        Just(("mock-idp-end-user".to_owned(), b"alice".to_vec())),
        Just(("mock-idp-deny".to_owned(), b"access_denied".to_vec())),
        Just(("authorization".to_owned(), format!("Bearer {token}").into_bytes())),
        // `c:s`.
        Just(("authorization".to_owned(), b"Basic Yzpz".to_vec())),
    ];
    let value = prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..30);
    prop_oneof![
        5 => known,
        2 => ("authorization|content-type|cookie|mock-idp-[a-z-]{4,9}|accept|x-[a-z]{1,8}", value),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let method = prop_oneof![8 => "GET|POST|HEAD", 1 => "PUT|DELETE|OPTIONS|PATCH|TRACE", 1 => "[A-Z]{1,12}"];
    let body = prop_oneof![4 => form().prop_map(String::into_bytes), 1 => prop::collection::vec(any::<u8>(), 0..100)];
    (method, path(), form(), prop::collection::vec(header(), 0..5), body).prop_map(
        |(method, path, query, headers, body)| Request { method, target: format!("{path}?{query}"), headers, body },
    )
}

/// All that may be said about a quirk.
fn argument(quirk: &Quirk) -> BoxedStrategy<Value> {
    let said = match quirk.parameter {
        Parameter::Flag => Just(json!(true)).boxed(),
        Parameter::Text { .. } => any::<String>().prop_map(Value::from).boxed(),
        Parameter::Number { .. } => prop_oneof![0..100_i64, 0..=LARGEST].prop_map(Value::from).boxed(),
        Parameter::Status { .. } => (200..600).prop_map(Value::from).boxed(),
        Parameter::Choice(_) | Parameter::Endpoint | Parameter::Phase => {
            prop::sample::select(quirk.parameter.words()).prop_map(Value::from).boxed()
        }
    };
    prop_oneof![1 => Just(json!(true)), 3 => said].boxed()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_request_is_answered(request in request()) {
        let stage = Stage::shared();
        let answer = stage.runtime.block_on(exchange(&stage.provider, &request.bytes()));
        let status = status(&answer);
        prop_assert!(status.is_some_and(|status| status < 500), "{:?}", status);
        prop_assert!(stage.is_well());
    }

    #[test]
    fn any_bytes_are_survived(
        start in "((GET|POST) /here/[a-z]{0,9} HTTP/1\\.[019]\r\n|[A-Z]{0,4} ?)?",
        rest in prop::collection::vec(prop_oneof![3 => any::<u8>(), 1 => Just(b'\r'), 1 => Just(b'\n')], 0..120),
    ) {
        let stage = Stage::shared();
        let answer = stage.runtime.block_on(blurt(&stage.provider, &[start.as_bytes(), &rest].concat()));
        prop_assert!(status(&answer).is_none_or(|status| status < 500));
        prop_assert!(stage.is_well());
    }

    /// With a quirk, any status may be right; a panic never is.
    #[test]
    fn any_quirk_survives_any_request(
        (quirk, argument) in prop::sample::select(QUIRKS).prop_flat_map(|quirk| (Just(quirk), argument(quirk))),
        request in request(),
    ) {
        static OWN: OnceLock<Stage> = OnceLock::new();
        Stage::shared();
        let stage = OWN.get_or_init(Stage::new);
        let quirks = Map::from_iter([(quirk.name.to_owned(), argument)]);
        stage.issuer.set_deviations(Deviations::parse(&quirks, &Map::new()).unwrap());
        // Says that no more will come, so that what waits gives up.
        let _ = stage.runtime.block_on(blurt(&stage.provider, &request.bytes()));
        stage.issuer.set_deviations(Deviations::default());
        prop_assert!(stage.is_well());
    }
}

#[test]
fn the_corpus_is_survived() {
    let stage = Stage::shared();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/requests");
    let mut played = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let answer = stage.runtime.block_on(blurt(&stage.provider, &std::fs::read(&path).unwrap()));
        assert!(status(&answer).is_none_or(|status| status < 500), "{}", path.display());
        assert!(stage.is_well(), "{}", path.display());
        played += 1;
    }
    assert!(played > 10);
}

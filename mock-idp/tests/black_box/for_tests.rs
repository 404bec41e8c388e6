//! `MockIdp`, where the documentation's examples do not go: what it refuses, and
//! what it panics for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mock_idp::{EndUser, MockIdp, MockIdpError, OpenError, QuirkError, SignInError, Tls};
use rstest::rstest;
use serde_json::{Map, json};

/// What dropping it panics with; nothing if it does not.
fn dropped(idp: MockIdp) -> Option<String> {
    catch_unwind(AssertUnwindSafe(|| drop(idp))).err().map(|panic| *panic.downcast::<String>().unwrap())
}

fn request(idp: &MockIdp, redirect_uri: &str) -> String {
    let (issuer, id) = (idp.issuer(), idp.client_id());
    format!("{issuer}/authorize?response_type=code&scope=openid&client_id={id}&redirect_uri={redirect_uri}")
}

#[tokio::test]
async fn a_quirk_that_no_answer_shows_is_reported() {
    let idp = MockIdp::start().await;
    idp.misbehave("expired").unwrap();
    idp.misbehave("discovery-status=503").unwrap();
    reqwest::get(format!("{}/.well-known/openid-configuration", idp.issuer())).await.unwrap();
    // It is over, but it was shown.
    idp.behave();
    let told = dropped(idp).unwrap();
    assert!(told.contains("configured with `expired`, which changed none of its responses"), "{told}");
}

#[tokio::test]
async fn an_overlay_that_finds_nothing_is_reported() {
    let idp = MockIdp::start().await;
    idp.overlay("discovery", json!({"remove": ["nothing"]})).unwrap();
    let answer = reqwest::get(format!("{}/.well-known/openid-configuration", idp.issuer())).await.unwrap();
    assert_eq!(answer.status(), 500);
    let told = dropped(idp).unwrap();
    assert!(told.contains("failed: the overlay of `discovery` cannot remove `nothing`"), "{told}");
}

#[tokio::test]
async fn a_test_that_fails_says_only_why() {
    let idp = MockIdp::start().await;
    idp.misbehave("expired").unwrap();
    let failed = catch_unwind(AssertUnwindSafe(|| {
        let _idp = idp;
        panic!("the test fails");
    }));
    assert_eq!(failed.unwrap_err().downcast_ref::<&str>(), Some(&"the test fails"));
}

#[tokio::test]
async fn an_honest_provider_reports_nothing() {
    let idp = MockIdp::start().await;
    idp.sign_in(request(&idp, "http://localhost/"), &idp.user("alice")).await.unwrap();
    assert_eq!(idp.finish(), Ok(()));
    assert_eq!(dropped(MockIdp::start().await), None);
}

#[rstest]
#[case::elsewhere("http://127.0.0.1:9/authorize", "goes to http://127.0.0.1:9/authorize, but this provider is")]
#[case::no_url("/authorize", "`/authorize` is not a URL")]
#[tokio::test]
async fn a_browser_goes_to_this_provider(#[case] request: &str, #[case] told: &str) {
    let idp = MockIdp::start().await;
    let error = idp.sign_in(request, &idp.user("alice")).await.unwrap_err().to_string();
    assert!(error.contains(told), "{error}");
}

/// RFC 9700 §4.1: a code goes where the client is known to be.
#[rstest]
#[case::of_this_computer(&[], "https://localhost:3000/callback", true)]
#[case::of_another(&[], "https://photos.example.org/callback", false)]
#[case::registered(&["https://photos.example.org/callback"], "https://photos.example.org/callback", true)]
#[case::beside_registered_ones(&["https://photos.example.org/callback"], "http://localhost/callback", false)]
#[tokio::test]
async fn redirect_uris(#[case] registered: &[&str], #[case] uri: &str, #[case] taken: bool) {
    let builder = registered.iter().fold(MockIdp::builder(), |builder, uri| builder.redirect_uri(*uri));
    let idp = builder.start().await;
    match idp.sign_in(request(&idp, uri), &idp.user("alice")).await {
        Ok(callback) => assert!(taken && callback.as_str().starts_with(uri), "{callback}"),
        Err(SignInError::Stays { status, page }) => {
            assert!(!taken && status == 400 && page.contains("is not registered"), "{page}");
        }
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn names_beyond_ascii_sign_in_and_line_breaks_do_not() {
    let idp = MockIdp::start().await;
    assert!(idp.sign_in(request(&idp, "http://localhost/"), &idp.user("Żółw")).await.is_ok());
    let refused = idp.sign_in(request(&idp, "http://localhost/"), &idp.user("a\nb")).await;
    assert!(matches!(refused, Err(SignInError::Name(name)) if name == "a\nb"));
}

#[tokio::test]
async fn over_https_the_browser_takes_any_certificate() {
    let idp = MockIdp::builder().tls(Tls::Expired).start().await;
    let callback = idp.sign_in(request(&idp, "http://localhost/"), &idp.user("alice")).await.unwrap();
    assert!(callback.query_pairs().any(|(name, value)| name == "iss" && value == idp.issuer()));
}

#[tokio::test]
async fn a_failed_start_is_reported() {
    let first = MockIdp::builder().path("/a").start().await;
    let again = first.beside().path("/a").try_start().await;
    assert!(matches!(again, Err(MockIdpError::Open(OpenError::Taken(_)))), "{again:?}");
    let profile = MockIdp::builder().profile("keykloak").try_start().await;
    assert!(matches!(profile, Err(MockIdpError::Profile(_))), "{profile:?}");
    // The path is free again when its issuer is gone.
    let provider = first.beside().path("/b").start().await;
    drop(first);
    assert!(provider.beside().path("/a").try_start().await.is_ok());
}

#[tokio::test]
async fn quirks_that_hide_each_other_are_refused() {
    let idp = MockIdp::builder().user("bob", EndUser { sub: "b".into(), claims: Map::new() }).start().await;
    assert_eq!(idp.misbehave("expred"), Err(QuirkError::Unknown("expred".into())));
    idp.misbehave("discovery-status=500").unwrap();
    assert!(matches!(idp.misbehave("discovery-moved=302"), Err(QuirkError::Conflict(_))));
    // What was refused is not expected to show.
    idp.misbehave("discovery-status=503").unwrap();
    let answer = reqwest::get(format!("{}/.well-known/openid-configuration", idp.issuer())).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(idp.finish(), Ok(()));
}

#[tokio::test]
async fn a_product_is_imitated() {
    let idp = MockIdp::builder().profile("keycloak").start().await;
    assert!(idp.issuer().ends_with("/realms/test"), "{}", idp.issuer());
}

#[test]
fn every_method_has_an_example() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/for_tests");
    let texts = std::fs::read_dir(sources).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let (mut methods, mut without) = (0, Vec::new());
    for text in texts {
        // What stands between two methods: the body of one, and the comment of the next.
        let mut parts = text.split("\n    pub ");
        let mut before = parts.next().unwrap_or_default();
        for part in parts {
            let comment = before.rsplit("\n\n").next().unwrap_or_default();
            if let Some(method) = part.trim_start_matches("async ").strip_prefix("fn ") {
                methods += 1;
                let name = method.split('(').next().unwrap_or_default();
                without.extend((!comment.contains("/// ```")).then(|| name.to_owned()));
            }
            before = part;
        }
    }
    assert!(methods > 30 && without.is_empty(), "{methods} methods; no example: {without:?}");
}

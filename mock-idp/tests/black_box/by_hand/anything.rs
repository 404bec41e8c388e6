//! Arbitrary forms, bodies and queries at the routes for people: each has an
//! answer that is no fault of ours, and what came can be looked at afterwards.

use std::sync::OnceLock;

use mock_idp::by_hand::Service;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::person::{Browser, client, origin, request, serve};

struct Stage {
    runtime: Runtime,
    service: Service,
}

impl Stage {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Stage> = OnceLock::new();
        SHARED.get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let service = runtime.block_on(serve(""));
            Self { runtime, service }
        })
    }

    /// The status; a panic would be no answer at all.
    fn call(&self, method: &str, path: &str, query: &[(String, String)], body: String) -> u16 {
        let request = client().request(method.parse().unwrap(), format!("{}{path}", origin(&self.service)));
        let request = request.bearer_auth("top-secret").query(query).body(body);
        self.runtime.block_on(async { request.send().await.unwrap().status().as_u16() })
    }

    /// The end-users, and everything that came, in a form to show.
    fn is_well(&self) -> bool {
        self.call("GET", "/inspect", &[], String::new()) == 200
            && self.call("GET", "/control/journal", &[], String::new()) == 200
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => any::<String>(),
        1 => "(\\{|\\}|\"sub\"|:|\"[a-z]{0,3}\"|,|[0-9]|\\[|\\]){0,12}",
        1 => Just("{\"sub\": \"x\"}".to_owned()),
    ]
}

fn json_body() -> impl Strategy<Value = String> {
    let word = prop::sample::select(
        &[
            "quirks",
            "overlay",
            "expired",
            "slow",
            "id-token",
            "set",
            "remove",
            "append",
            "advance",
            "available",
            "as",
            "alice",
            "sub",
            "sid",
            "pkce",
            "required",
            "code-lifetime",
            "omit",
        ][..],
    );
    let leaf = prop_oneof![
        word.clone().prop_map(|word| json!(word)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
        Just(json!(null)),
        any::<String>().prop_map(|text| json!(text)),
    ];
    let value = leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(word.clone().prop_map(ToOwned::to_owned), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop_oneof![8 => value.prop_map(|value| value.to_string()), 1 => any::<String>()]
}

/// Whole pages are made each time, so an eighth of what `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.div_ceil(8), failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_form_is_answered(
        name in prop::sample::select(&["alice", "bob", "+", "", "nobody"][..]),
        claims in text(),
        decision in "allow|deny|",
        more in prop::collection::vec(("(mock-idp-)?[a-z.]{0,12}|prompt|login_hint|scope", text()), 0..3),
        cookie in prop::option::of("mock-idp-browser=(nonce|last|proof|=|&|[a-z%]){0,8}"),
    ) {
        let stage = Stage::shared();
        let wanted = request(&[]);
        let answer = stage.runtime.block_on(async {
            let mut browser = Browser::default();
            let page = browser.visit(&stage.service, &wanted).await;
            browser.cookie = cookie.or(browser.cookie);
            let field = format!("mock-idp-claims.{name}");
            let mut chosen = vec![("mock-idp-end-user", name), ("mock-idp-decision", &decision), (&field, &claims)];
            chosen.extend(more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            browser.submit(&stage.service, &page, &wanted, &chosen).await
        });
        prop_assert!(answer.status < 500, "{}", answer.status);
        prop_assert!(stage.is_well());
    }

    #[test]
    fn any_call_is_answered(
        (method, path) in prop::sample::select(&[
            ("PUT", "users"), ("PUT", "quirks"), ("PUT", "settings"), ("POST", "clock"), ("POST", "available"),
            ("POST", "logout-token"), ("POST", "rotate-keys"),
        ][..]),
        body in json_body(),
    ) {
        // Of its own, because it turns everything upside down.
        static OWN: OnceLock<Service> = OnceLock::new();
        let stage = Stage::shared();
        let service = OWN.get_or_init(|| stage.runtime.block_on(serve("")));
        let call = async |method: &str, path: &str, body: String| {
            let request = client().request(method.parse().unwrap(), format!("{}{path}", origin(service)));
            request.bearer_auth("top-secret").body(body).send().await.unwrap().status().as_u16()
        };
        let (status, health, page) = stage.runtime.block_on(async {
            let status = call(method, &format!("/control/{path}"), body).await;
            (status, call("GET", "/health", String::new()).await, call("GET", "/inspect", String::new()).await)
        });
        prop_assert!(status < 500, "{status}");
        prop_assert_eq!((health, page), (200, 200));
    }

    #[test]
    fn any_query_is_answered(
        path in prop::sample::select(&["/inspect", "/control/journal", "/health", "/authorize"][..]),
        query in prop::collection::vec(("since|before|secrets|wait|[a-z]{0,4}", "[0-9]{0,22}|show|\\PC{0,6}"), 0..3),
    ) {
        // Does not wait.
        let query: Vec<_> = query.into_iter().filter(|(name, value)| name != "wait" || value.len() < 3).collect();
        let stage = Stage::shared();
        prop_assert!(stage.call("GET", path, &query, String::new()) < 500);
    }
}

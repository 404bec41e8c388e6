//! Inputs for property tests: anything at all, leaning towards what looks like
//! the real thing, because pure noise seldom gets past the first check.
//!
//! `PROPTEST_CASES` says how many of them a test tries. All tests first try the
//! inputs that once broke something: `tests/corpus/regressions.txt`.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Map, Value};

/// How the property tests run.
pub(crate) fn config() -> ProptestConfig {
    let kept = FileFailurePersistence::Direct("tests/corpus/regressions.txt");
    ProptestConfig { failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

/// A query or a form.
pub(crate) fn form() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "([a-c%+]{0,4}[=&;]){0,8}",
        "((client_id|client_secret|code|state|grant_type)=([ -~]{0,8}|%[0-9a-fA-F]{0,2})&?){0,6}",
        any::<String>(),
    ]
}

/// A value of an `Authorization` header.
pub(crate) fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(?i:basic|bearer|digest)? {0,2}[A-Za-z0-9+/=:%. ]{0,40}",
        "\\PC{0,8}".prop_map(|text| {
            use base64::Engine;
            format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(text))
        }),
    ]
}

/// A JSON value without members.
pub(crate) fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(&[i64::MIN, -65_536, -1, 0, 99, 1_000, 65_535, 1 << 53, i64::MAX][..])
            .prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z-]{0,12}".prop_map(Value::from),
    ]
}

/// JSON, a few levels deep.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,8}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A JSON object.
pub(crate) fn object() -> impl Strategy<Value = Map<String, Value>> {
    let members = prop::collection::btree_map("[a-z_-]{0,16}", json(), 0..5);
    members.prop_map(|members| members.into_iter().collect())
}

//! What the provider saw of the target and the user agent.

use mock_idp::{Endpoint, Entry};
use serde_json::{Map, Value, json};

use super::evidence::Scene;
use super::redirect::parameters;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::TargetError;

pub(super) static SECTION: Section = Section {
    name: "provider-saw",
    text: "Requests at the provider in this step, by endpoint (`discovery`, `jwks`, `authorization`, `token`, \
           `userinfo`, `end-session`, `picture`, and `foreign-keys`, where only a token leads that must not be \
           believed): `count`, and `refused`, how many were answered with 4xx or 5xx; of the last one each parameter \
           by name, `headers.<name>`, `raw-query`, `body`, `method`; `nth.<n>` the same of the n-th one. \
           `order`: the endpoints in order. `connection.count`: how often somebody began to speak TLS there; where no request follows, the certificate was refused, and servers that \
           keep connections open may have begun before.",
    members: &[
        "discovery",
        "jwks",
        "authorization",
        "token",
        "userinfo",
        "end-session",
        "foreign-keys",
        "picture",
        "order",
        "connection",
    ],
    values: &[
        ("order", ValueKind::Texts),
        ("connection.count", ValueKind::Number),
        ("*.count", ValueKind::Number),
        ("*.refused", ValueKind::Number),
        ("*.headers", ValueKind::Table),
        ("*.nth", ValueKind::Table),
        ("*.nth.*", ValueKind::Table),
        ("*.nth.*.headers", ValueKind::Table),
        ("*.headers.*", ValueKind::Text),
        ("*.nth.*.headers.*", ValueKind::Text),
        ("*.method", ValueKind::Text),
        ("*.raw-query", ValueKind::Text),
        ("*.body", ValueKind::Text),
        ("*.*", ValueKind::Texts),
        ("*.nth.*.*", ValueKind::Texts),
    ],
    is_there,
};

/// Of a request that nobody made, only that there is none can be expected.
fn is_there(seen: &Value, below: &[&str]) -> bool {
    let [endpoint, rest @ ..] = below else { return true };
    let requests = |endpoint: &str| &seen[endpoint];
    match rest {
        [] | ["count" | "refused" | "nth"] | ["nth", _] => true,
        _ if matches!(*endpoint, "order" | "connection") => true,
        ["nth", number, ..] => {
            let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            index.is_some_and(|index| requests(endpoint)["nth"].get(index).is_some())
        }
        _ => requests(endpoint)["count"].as_u64() != Some(0),
    }
}

const ENDPOINTS: &[(&str, Endpoint)] = &[
    ("discovery", Endpoint::Discovery),
    ("jwks", Endpoint::Jwks),
    ("authorization", Endpoint::Authorization),
    ("token", Endpoint::Token),
    ("userinfo", Endpoint::UserInfo),
    ("end-session", Endpoint::EndSession),
    ("foreign-keys", Endpoint::ForeignKeys),
    ("picture", Endpoint::Picture),
];

/// How scenario files call an endpoint; none for what is no endpoint.
pub fn endpoint_name(endpoint: Endpoint) -> Option<&'static str> {
    ENDPOINTS.iter().find(|(_, known)| *known == endpoint).map(|(name, _)| *name)
}

#[expect(clippy::unused_async, reason = "sections are gathered alike")]
pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    // A gap is an error of the whole play, which is found when its steps are done.
    let entries = scene.world.issuer.journal().entries_since(scene.before.mark);
    Ok(describe(&entries.unwrap_or_else(|forgotten| forgotten.kept)))
}

fn describe(entries: &[Entry]) -> Value {
    let mut evidence = Map::new();
    for (name, endpoint) in ENDPOINTS {
        let seen = || entries.iter().filter(|entry| entry.endpoint == *endpoint);
        let requests: Vec<Map<String, Value>> = seen().map(request).collect();
        let mut section = requests.last().cloned().unwrap_or_default();
        section.insert("count".into(), requests.len().into());
        section.insert("refused".into(), seen().filter(|entry| entry.status >= 400).count().into());
        section.insert("nth".into(), json!(requests));
        evidence.insert((*name).to_owned(), Value::Object(section));
    }
    let order = entries.iter().filter_map(|entry| endpoint_name(entry.endpoint).map(Value::from));
    evidence.insert("order".into(), order.collect());
    let connections = entries.iter().filter(|entry| entry.endpoint == Endpoint::Connection).count();
    evidence.insert("connection".into(), json!({ "count": connections }));
    Value::Object(evidence)
}

fn request(entry: &Entry) -> Map<String, Value> {
    let mut section = parameters(entry.parameters.clone());
    let headers: Map<String, Value> =
        entry.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone().into())).collect();
    section.insert("headers".into(), Value::Object(headers));
    section.insert("method".into(), entry.method.clone().into());
    section.insert("raw-query".into(), entry.raw_query.clone().into());
    section.insert("body".into(), entry.body.clone().into());
    section
}

//! What the provider saw of the target and the user agent.

use mock_idp::{Endpoint, Entry};
use serde_json::{Map, Value, json};

use super::redirect::parameters;
use super::section::{Look, MemberRow, Section, joined, kinds, told_of};
use super::value::ValueKind::{Number, Table, Text, Texts};

pub(super) static SECTION: Section = REQUESTS;

const REQUESTS: Section = Section {
    name: "provider-saw",
    text: "Requests that the provider receives in this step, by endpoint (`discovery`, `jwks`, `authorization`, `token`, \
           `userinfo`, `end-session`, `picture`, and `foreign-keys`, an address that only a forged token names): `count`, and `refused`, how many the provider answered with 4xx or 5xx; of the last request each parameter by name, `headers.<name>`, `raw-query`, `body`, `method`; `nth.<n>` the same of the n-th request. `order`: the endpoints in order. `connection.count`: the number of TLS handshakes that clients began. If no request follows, the client refused the certificate. Servers that keep connections open may have begun earlier.",
    look: Look::Requests,
    names: &NAMES,
    values: || [kinds(ALL), kinds(OF_ENDPOINT), kinds(OF_REQUEST)].concat(),
    lacks,
    evidence: |seen| Ok(Some(describe(&seen.requests))),
};

/// The same of the second provider.
pub(super) static OTHER: Section = Section {
    name: "other-provider-saw",
    text: "Requests that the second provider receives in this step, by endpoint (`discovery`, `jwks`, `authorization`, `token`, \
           `userinfo`, `end-session`, `picture`, `foreign-keys`), with the members of `provider-saw`: `count`, `refused`, \
           `nth`, `headers`, `raw-query`, `body`, `method`, `order`, `connection`. Needs `[other-provider]`.",
    look: Look::OtherRequests,
    evidence: |seen| Ok(Some(describe(&seen.other_requests))),
    ..REQUESTS
};

/// Members about all requests.
const ALL: &[MemberRow<Vec<Entry>>] = &[
    MemberRow("order", Texts, |entries| {
        Some(entries.iter().filter_map(|entry| endpoint_name(entry.endpoint).map(Value::from)).collect())
    }),
    MemberRow("connection.count", Number, |entries| {
        Some(entries.iter().filter(|entry| entry.endpoint == Endpoint::Connection).count().into())
    }),
];

/// Members about the requests to one endpoint.
const OF_ENDPOINT: &[MemberRow<Vec<Entry>>] = &[
    MemberRow("*.count", Number, |entries| Some(entries.len().into())),
    MemberRow("*.refused", Number, |entries| Some(entries.iter().filter(|entry| entry.status >= 400).count().into())),
    MemberRow("*.nth", Table, |entries| Some(entries.iter().map(request).collect())),
];

/// Members about the last request to an endpoint, and about the n-th.
const OF_REQUEST: &[MemberRow<Entry>] = &[
    MemberRow("*.headers", Table, |entry| {
        Some(entry.headers.iter().map(|(name, value)| (name.to_lowercase(), Value::from(value.as_str()))).collect())
    }),
    MemberRow::within("*.headers.*", Text),
    MemberRow::within("*.nth.*", Table),
    MemberRow::within("*.nth.*.headers", Table),
    MemberRow::within("*.nth.*.headers.*", Text),
    MemberRow("*.method", Text, |entry| Some(entry.method.clone().into())),
    MemberRow("*.raw-query", Text, |entry| Some(entry.raw_query.clone().into())),
    MemberRow("*.body", Text, |entry| Some(entry.body.clone().into())),
    MemberRow::within("*.*", Texts),
    MemberRow::within("*.nth.*.*", Texts),
];

/// Where a request never came, a scenario can expect only that it is absent.
fn lacks(seen: &Value, below: &[&str]) -> Option<&'static str> {
    let [endpoint, rest @ ..] = below else { return None };
    let requests = |endpoint: &str| &seen[endpoint];
    let is_there = match rest {
        [] | ["count" | "refused" | "nth"] | ["nth", _] => true,
        _ if matches!(*endpoint, "order" | "connection") => true,
        ["nth", number, ..] => {
            let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            index.is_some_and(|index| requests(endpoint)["nth"].get(index).is_some())
        }
        _ => requests(endpoint)["count"].as_u64() != Some(0),
    };
    (!is_there).then_some("the provider received no request of this kind")
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

const NAMES: [&str; ENDPOINTS.len()] = {
    let mut names = [""; ENDPOINTS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = ENDPOINTS[index].0;
        index += 1;
    }
    names
};

/// How scenario files call an endpoint; none for what is no endpoint.
pub fn endpoint_name(endpoint: Endpoint) -> Option<&'static str> {
    ENDPOINTS.iter().find(|(_, known)| *known == endpoint).map(|(name, _)| *name)
}

fn describe(entries: &Vec<Entry>) -> Value {
    let mut evidence = Map::new();
    for (name, endpoint) in ENDPOINTS {
        let own: Vec<Entry> = entries.iter().filter(|entry| entry.endpoint == *endpoint).cloned().collect();
        let last = own.last().map_or_else(|| json!({}), request);
        evidence.insert((*name).to_owned(), joined(last, told_of(OF_ENDPOINT, &own)));
    }
    joined(Value::Object(evidence), told_of(ALL, entries))
}

/// Returns the evidence of a request: its parameters by name, and the members
/// of [`OF_REQUEST`].
fn request(entry: &Entry) -> Value {
    joined(Value::Object(parameters(entry.parameters.clone())), told_of(OF_REQUEST, entry))
}

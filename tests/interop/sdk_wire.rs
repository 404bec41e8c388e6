//! What the harness and the reference server say to each other, held against
//! the types that a version of `@immich/sdk` names.

use std::collections::BTreeMap;

use conformance_tests::options;
use harness::diagnostic::Source;
use harness::immich::ApiRoute;
use harness::reference::known_version;
use harness::report::Party;
use harness::runner::Worker;
use harness::scenario::Scenario;
use serde_json::Value;

use super::sdk::Contract;

/// Everything that people do. The last expectation fails, since the report of a
/// test that passes leaves the bodies out.
const SCENARIO: &str = r#"
format      = 1
title       = "People sign in, link and sign out"
problem     = "Fails"
severity    = "low"
requirement = ["OIDC Core §2"]
why         = "It is held against the types of Immich's own client."

[users.alice]
[users.bob]

[[steps]]
request.path = "/api/server/version"

[[steps]]
request.path = "/api/server/features"

[[steps]]
request.path = "/api/server/config"

[[steps]]
sign-in.as = "alice"

[[steps]]
request = { path = "/api/users/me", auth = "session" }

[[steps]]
logout = {}

[[steps]]
sign-in = { as = "alice", client = "mobile" }

[[steps]]
create-account.for = "bob"

[[steps]]
password-sign-in.for = "bob"

[[steps]]
link.as = "bob"

[[steps]]
unlink = {}

[[steps]]
request.path = "/api/server/ping"
expect.response.status = 299
"#;

/// The same of what came with Immich 3.2.
const SINCE_3_2: &str = r#"
[[steps]]
request.path = "/api/public/config"

[[steps]]
request = { path = "/api/config", auth = "session" }
"#;

/// Every member on the wire that the types do not have.
pub async fn wire_problems(contract: &Contract, version: &str) -> Result<Vec<String>, String> {
    let has_new = contract.routes.contains_key(ApiRoute::PUBLIC_CONFIG.name());
    let (start, last) = SCENARIO.rsplit_once("[[steps]]").unwrap_or_default();
    let text = format!("{start}{}[[steps]]{last}", if has_new { SINCE_3_2 } else { "" });
    let source = Source { path: "sdk.toml".into(), text };
    let scenario = Scenario::parse("sdk", source).map_err(|broken| format!("{:?}", broken.problems))?;
    let worker = Worker::with_reference(options(1), &known_version(version)?, &[]).await;
    let mut worker = worker.map_err(|error| error.to_string())?;
    let report = worker.test(&scenario, &scenario.cases()[0], None).await;
    worker.finish().await.map_err(|error| error.to_string())?;
    let exchanges = report.steps.held().iter().flat_map(|step| &step.exchanges).filter(|one| one.to == Party::Target);
    let (mut problems, mut seen) = (Vec::new(), 0);
    for exchange in exchanges.map(|report| &report.exchange) {
        let route = format!("{} {}", exchange.method, exchange.path());
        let Some(bodies) = contract.routes.get(&route) else {
            problems.push(format!("{route}: Immich has no such route"));
            continue;
        };
        seen += 1;
        let asked = serde_json::from_str(&exchange.request_body).unwrap_or(Value::Null);
        let answered = exchange.json().unwrap_or(Value::Null);
        let sides = [(bodies.request.as_deref().unwrap_or_default(), asked), (&bodies.response, answered)];
        for (name, body) in sides {
            unknown_members(&contract.types, name, &body, &route, &mut problems);
        }
    }
    // A play that ends early proves little.
    if seen < 14 {
        problems.push(format!("only {seen} requests were made: {:?}", report.result));
    }
    Ok(problems)
}

/// Notes the members of a body that its type does not have.
fn unknown_members(
    types: &BTreeMap<String, BTreeMap<String, String>>,
    name: &str,
    body: &Value,
    place: &str,
    problems: &mut Vec<String>,
) {
    let Some(members) = body.as_object() else { return };
    // A type that is no list of members, such as `never`, has none to compare.
    let Some(known) = types.get(name) else { return };
    for (member, value) in members {
        match known.get(member) {
            Some(kind) => unknown_members(types, kind, value, &format!("{place}: {member}"), problems),
            None => problems.push(format!("{place}: `{member}` is no member of {name}")),
        }
    }
}

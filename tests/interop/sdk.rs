//! `@immich/sdk` of npm, which Immich generates from its own API: what the
//! harness and the reference server name is held against each version, and the
//! package signs in at the reference server of its version. This proves the
//! form of the contract; how a real server behaves only a real server shows.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

use harness::http_client::ProviderClients;
use harness::immich::{ACCOUNT_MEMBERS, Access, ApiKey, ApiRoute, Immich, SETTINGS};
use harness::reference::{ReferenceOptions, ReferenceServer, known_version};
use libtest_mimic::{Failed, Trial};
use mock_idp::{Clock, Deviations};
use serde::Deserialize;
use serde_json::{Value, json};

use super::process::{installed, script};
use super::sdk_wire::wire_problems;
use super::sign_in::{BROWSER_HEADERS, CLIENT_ID, EMAIL, MOBILE, SUBJECT, SetUp, Stage};
use super::skipped;

/// The versions that npm has.
const VERSIONS: [&str; 6] = ["2.7.5", "3.0.0", "3.0.2", "3.0.3", "3.1.0", "3.2.2"];

/// What a version of the package names.
#[derive(Debug, Deserialize)]
pub struct Contract {
    /// The types of request and answer, by method and path.
    pub routes: BTreeMap<String, Bodies>,
    /// The types of members, by type and member.
    pub types: BTreeMap<String, BTreeMap<String, String>>,
    permissions: Vec<String>,
}

/// The types of a route's bodies.
#[derive(Debug, Deserialize)]
pub struct Bodies {
    /// That of the request, if it has one.
    pub request: Option<String>,
    /// That of the answer.
    pub response: String,
}

/// The tests of every version; ignored where the package is not at hand.
pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let is_there = installed().join("node/node_modules/immich-sdk-3.2.2").is_dir();
    let is_ignored = !is_there && !skipped::is_all_needed();
    if is_ignored {
        skipped::skipped("@immich/sdk, of npm, is not installed; `.ci/run` does it");
    }
    let mut trials = Vec::new();
    for version in VERSIONS {
        let shared = Arc::clone(stage);
        let names = move || verdict(contract_problems(&shared, version)?);
        trials.push(Trial::test(format!("@immich/sdk {version}::names what the harness names"), names));
        for way in ["web", "app"] {
            let shared = Arc::clone(stage);
            let signs_in = move || verdict(client_problems(&shared, version, way)?);
            trials.push(Trial::test(format!("@immich/sdk {version}::signs in as {way}"), signs_in));
        }
    }
    trials.into_iter().map(|trial| trial.with_ignored_flag(is_ignored)).collect()
}

fn verdict(problems: Vec<String>) -> Result<(), Failed> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// What a script prints, given its argument.
fn printed(name: &str, argument: &str) -> Result<Value, String> {
    let text = std::fs::read_to_string(script(name)).map_err(|error| error.to_string())?;
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", &text, argument]).current_dir(installed().join("node"));
    let output = node.output().map_err(|error| format!("node: {error}"))?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("{name} fails: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The reference server of a version.
async fn reference(version: &str) -> Result<ReferenceServer, String> {
    let clients = ProviderClients::of_the_system(b"").map_err(|error| error.to_string())?;
    let options = ReferenceOptions {
        version: known_version(version)?,
        ..ReferenceOptions::on_loopback(Arc::new(|| Clock::system().now()), clients)
    };
    ReferenceServer::start(options).await.map_err(|error| error.to_string())
}

/// Where what the harness and the reference server name of a version differs
/// from what the package names.
fn contract_problems(stage: &Stage, version: &str) -> Result<Vec<String>, String> {
    let contract = printed("node/sdk-contract.mjs", &format!("immich-sdk-{version}"))?;
    let contract: Contract = serde_json::from_value(contract).map_err(|error| error.to_string())?;
    stage.runtime.block_on(async {
        let server = reference(version).await?;
        let mut problems = route_problems(&contract, server.url()).await?;
        problems.extend(administrator_problems(&contract, &server).await?);
        problems.extend(wire_problems(&contract, version).await?);
        Ok(problems)
    })
}

/// Each route of the harness is in both, or in none.
async fn route_problems(contract: &Contract, server: &str) -> Result<Vec<String>, String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
    let client = client.map_err(|error| error.to_string())?;
    let mut problems = Vec::new();
    for route in ApiRoute::ALL.iter().filter(|route| route.path().starts_with("/api/")) {
        let method = route.method().parse().map_err(|_| format!("{route} has an odd method"))?;
        let answer = client.request(method, format!("{server}{}", route.path())).send().await;
        let is_served = answer.map_err(|error| error.to_string())?.status() != 404;
        if is_served != contract.routes.contains_key(route.name()) {
            problems.push(format!("{route}: the reference server has it is {is_served}, unlike Immich"));
        }
    }
    Ok(problems)
}

/// What the administrator uses: settings, permissions, accounts.
async fn administrator_problems(contract: &Contract, server: &ReferenceServer) -> Result<Vec<String>, String> {
    let client = reqwest::Client::builder().no_proxy().build().map_err(|error| error.to_string())?;
    let target = Immich::new(client, server.url(), ApiKey::new(server.api_key())).map_err(|error| error.to_string())?;
    let settings = target.settings().await.map_err(|error| error.to_string())?;
    let routes = target.settings_routes();
    let document = contract.routes.get(routes.get.name()).map(|bodies| bodies.response.as_str()).unwrap_or_default();
    let section = contract.types.get(document).and_then(|document| document.get("oauth"));
    let theirs = section.and_then(|section| contract.types.get(section)).ok_or("no OAuth settings in the package")?;
    let ours = settings["oauth"].as_object().ok_or("no OAuth settings at the reference server")?;
    let mut problems = Vec::new();
    for name in theirs.keys().filter(|name| !ours.contains_key(*name)) {
        problems.push(format!("oauth.{name}: the reference server lacks it"));
    }
    for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
        problems.push(format!("oauth.{name}: only the reference server has it"));
    }
    for name in theirs.keys().filter(|name| harness::immich::setting("oauth", name).is_none()) {
        problems.push(format!("oauth.{name}: the harness does not know it"));
    }
    for setting in SETTINGS.iter().filter(|setting| setting.section == "oauth" && setting.core) {
        if !theirs.contains_key(setting.name) {
            problems.push(format!("oauth.{}: not every Immich has it", setting.name));
        }
    }
    let missing =
        Access::Api.permissions(routes).into_iter().filter(|name| !contract.permissions.iter().any(|one| one == name));
    problems.extend(missing.map(|name| format!("{name}: there is no such permission")));
    let account = contract.types.get("UserAdminResponseDto").ok_or("no accounts in the package")?;
    let unknown = ACCOUNT_MEMBERS.iter().filter(|(name, _)| !account.contains_key(*name));
    problems.extend(unknown.map(|(name, _)| format!("accounts have no `{name}`")));
    Ok(problems)
}

/// What the package, as a client, is answered otherwise than it should be.
fn client_problems(stage: &Stage, version: &str, way: &str) -> Result<Vec<String>, String> {
    let server = stage.runtime.block_on(reference(version))?;
    let pages = ["/auth/login", "/user-settings"].map(|page| format!("{}{page}", server.url()));
    let redirect_uris = pages.into_iter().chain([MOBILE.to_owned()]).collect();
    let set_up = SetUp::default();
    let issuer = stage.open(set_up, redirect_uris, &Deviations::default());
    let wish = json!({
        "sdk": format!("immich-sdk-{version}"),
        "way": way,
        "server": server.url(),
        "api_key": server.api_key(),
        "issuer": issuer.url(),
        "client_id": CLIENT_ID,
        "client_secret": set_up.secret(),
        "browser_headers": BTreeMap::from(BROWSER_HEADERS),
    });
    let report = printed("node/sdk-client.mjs", &wish.to_string());
    stage.close(&issuer);
    let report = report?;
    let end_session = format!("{}/end-session", issuer.url());
    let is_way_to_provider = |url: &Value| url.as_str().is_some_and(|url| url.starts_with(&end_session));
    // The app sends no cookie that says how the session began.
    let leads = way == "app" || is_way_to_provider(&report["farewell"]["redirectUri"]);
    let checks = [
        ("the features say that OAuth is on", report["features"]["oauth"] == true),
        ("the session is the end-user's", report["session"]["userEmail"] == EMAIL),
        ("the account is the end-user's", report["account"]["oauthId"] == SUBJECT),
        ("session and account agree", report["account"]["id"] == report["session"]["userId"]),
        ("signing out works", report["farewell"]["successful"] == true),
        ("signing out leads to the provider", leads),
        ("the session is over then", report["ended"] == true),
        ("unlinking takes the subject away", report["unlinked"]["oauthId"] == ""),
        ("linking gives it to the other account", report["linked"]["oauthId"] == SUBJECT),
        ("that account is another", report["linked"]["id"] != report["account"]["id"]),
        ("unlinking works there, too", report["unlinkedAgain"]["oauthId"] == ""),
    ];
    let failed = checks.iter().filter(|(_, holds)| !holds);
    Ok(failed.map(|(what, _)| format!("not so: {what}\n{report:#}")).collect())
}

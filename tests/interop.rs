//! Third-party clients against `mock-idp`: each signs in honestly in every way
//! that it can, meets every quirk of the list, and does what its documentation
//! says. A client that is not at hand is ignored, and said so, unless it has to
//! be there; `.ci/run` brings them all. Immich's own client does so at the
//! reference server.
//!
//! `UPDATE_REFUSALS=1` writes `interop/refusals.toml` and `docs/interop.md`
//! anew instead of comparing.

#![expect(clippy::expect_used, reason = "a failing test should panic")]

#[path = "interop/claim.rs"]
mod claim;
#[path = "interop/client.rs"]
mod client;
#[path = "interop/honest.rs"]
mod honest;
#[cfg(feature = "openidconnect")]
#[path = "interop/openidconnect.rs"]
mod openidconnect;
#[path = "interop/peer.rs"]
mod peer;
#[path = "interop/process.rs"]
mod process;
#[path = "interop/sdk.rs"]
mod sdk;
#[path = "interop/sdk_wire.rs"]
mod sdk_wire;
#[path = "interop/sign_in.rs"]
mod sign_in;
#[path = "skipped.rs"]
mod skipped;
#[path = "interop/table.rs"]
mod table;
#[path = "interop/verdict.rs"]
mod verdict;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use claim::Claims;
use client::Client;
use peer::{PEERS, Peer};
use sign_in::Stage;

/// What is tested of every client; what is wrong, if anything is.
type Check = fn(&Stage, &dyn Client, &Peer) -> Vec<String>;

const CHECKS: &[(&str, Check)] = &[
    ("signs in honestly", honest::problems),
    ("refuses what it refused", refuses_what_it_refused),
    ("does what its documentation says", does_what_it_claims),
];

fn refuses_what_it_refused(stage: &Stage, client: &dyn Client, peer: &Peer) -> Vec<String> {
    let broken = verdict::controls(stage, client, peer);
    if !broken.is_empty() {
        return broken;
    }
    let new = verdict::judge_all(stage, client, peer);
    if updating() {
        verdict::remember(peer.name, new);
        return Vec::new();
    }
    let remembered = verdict::remembered().swap_remove(peer.name).unwrap_or_default();
    verdict::differences(peer.name, &remembered, &new)
}

fn does_what_it_claims(stage: &Stage, client: &dyn Client, peer: &Peer) -> Vec<String> {
    match Claims::read() {
        Ok(claims) => claims.broken(stage, client, peer),
        Err(problem) => vec![format!("claims.toml: {problem}")],
    }
}

fn the_page_is_up_to_date() -> Result<(), Failed> {
    let (is, should_be) = table::page(&verdict::remembered(), &Claims::read()?);
    if is == should_be { Ok(()) } else { Err("docs/interop.md is out of date: UPDATE_REFUSALS=1 writes it".into()) }
}

fn updating() -> bool {
    std::env::var_os("UPDATE_REFUSALS").is_some_and(|value| value == "1")
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let stage = Arc::new(Stage::new());
    let mut trials = Vec::new();
    for peer in PEERS {
        let client = (peer.start)(stage.runtime.handle().clone());
        // Its feature takes long to build; `.ci/run` tests it apart.
        let is_left_out = peer.name == "openidconnect" && cfg!(not(feature = "openidconnect"));
        let is_ignored = client.is_err() && (is_left_out || !skipped::is_all_needed());
        if let (Err(reason), true) = (&client, is_ignored) {
            skipped::skipped(&format!("{}: {reason}", peer.name));
        }
        let client = client.map(Arc::<dyn Client>::from);
        for (name, check) in CHECKS {
            let (stage, client) = (Arc::clone(&stage), client.clone());
            let run = move || {
                let problems = check(&stage, &*client?, peer);
                if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
            };
            trials.push(Trial::test(format!("{}::{name}", peer.name), run).with_ignored_flag(is_ignored));
        }
    }
    if !updating() {
        trials.extend(sdk::trials(&stage));
        trials.push(Trial::test("docs/interop.md is up to date", the_page_is_up_to_date));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if updating() {
        let (_, page) = table::page(&verdict::remembered(), &Claims::read().unwrap_or_default());
        table::write(&page);
    }
    conclusion.exit_code()
}

//! What the program does, seen from outside, at servers in processes of their
//! own. One binary, so that it is linked once and what waits, waits beside the
//! rest.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

// The tests call the library as the other test binaries do.
extern crate oidc_harness as harness;

#[path = "access/main.rs"]
mod access;
mod action;
mod answers;
#[path = "authoring/main.rs"]
mod authoring;
#[path = "browser/main.rs"]
mod browser;
mod command_line;
mod doctor_sign_in;
mod documents;
mod environment;
#[path = "staging/golden.rs"]
mod golden;
#[path = "guard/main.rs"]
mod guard;
#[path = "dialects/other_server.rs"]
mod other_server;
mod provider_by_hand;
#[path = "staging/proxy.rs"]
mod proxy;
mod reference;
mod secrets;
#[path = "staging/server.rs"]
mod server;
mod skipped;
mod staging;
mod topologies;
mod under_fire;

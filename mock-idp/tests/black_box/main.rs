//! The provider over real sockets. One binary, so that it is linked once and
//! what waits, waits beside the rest.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

mod by_hand;
mod conversation;
mod exposure;
mod for_tests;
mod guests;
mod honest;
mod limits;
mod overlays;
mod protocol;
#[path = "../provider/mod.rs"]
mod provider;
mod quirks;
mod refresh;
mod requests;
mod settings;
mod tls;
mod transport;
mod vocabulary;
#[path = "../wire/mod.rs"]
mod wire;

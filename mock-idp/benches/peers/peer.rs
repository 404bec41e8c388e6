//! Who is measured: how each is started, and how one signs in there.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One provider, in one configuration.
pub struct Peer {
    /// What tables call it.
    pub name: &'static str,
    /// RSA signatures of one code flow.
    pub signatures: u8,
    /// How one signs in.
    pub sign_in: SignIn,
    /// How it is started at a port.
    pub command: fn(u16) -> Command,
    /// A file that is there if it is installed.
    program: fn() -> PathBuf,
}

/// How a client names the end-user to the authorization endpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// The endpoint signs in a fixed end-user, or headers name one.
    AtOnce,
    /// By the form of its page.
    Form,
    /// By the cookies of a session, which redirects make once.
    Session,
}

pub const CLIENT_ID: &str = "client";
pub const CLIENT_SECRET: &str = "secret";
pub const REDIRECT_URI: &str = "https://photos.example.test/auth/login";
/// What mock-idp wants to know of user agents; the others do not mind.
pub const HEADERS: &str = "mock-idp-secret: of-the-benchmark\r\nmock-idp-end-user: alice\r\n";

/// Ours first.
pub const PEERS: &[Peer] = &[
    Peer {
        name: "mock-idp",
        signatures: 1,
        sign_in: SignIn::AtOnce,
        command: |port| ours(port),
        program: || env!("CARGO_BIN_EXE_mock-idp").into(),
    },
    Peer {
        name: "oauth2-mock-server",
        signatures: 2,
        sign_in: SignIn::AtOnce,
        command: |port| {
            let mut command = node("node_modules/oauth2-mock-server/dist/oauth2-mock-server.mjs");
            command.args(["-a", "127.0.0.1", "-p", &port.to_string()]);
            command
        },
        program: || installed("npm/node_modules/oauth2-mock-server/package.json"),
    },
    Peer {
        name: "oidc-provider",
        signatures: 1,
        sign_in: SignIn::Session,
        command: |port| {
            let mut command = node("oidc-provider.mjs");
            command.args([&port.to_string(), CLIENT_ID, CLIENT_SECRET, REDIRECT_URI]);
            command
        },
        program: || installed("npm/node_modules/oidc-provider/package.json"),
    },
    Peer {
        name: "oidc-provider-mock",
        signatures: 1,
        sign_in: SignIn::Form,
        command: |port| {
            let mut command = Command::new(installed("python/bin/oidc-provider-mock"));
            command.args(["--port", &port.to_string()]);
            command
        },
        program: || installed("python/bin/oidc-provider-mock"),
    },
];

impl Peer {
    /// Whether it can be started.
    pub fn is_installed(&self) -> bool {
        (self.program)().exists()
    }
}

fn ours(port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-idp"));
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--redirect-uri", REDIRECT_URI]);
    command.args(["--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET, "--secret", "of-the-benchmark"]);
    command
}

/// A script in the Node.js that was installed with it.
fn node(script: &str) -> Command {
    let mut command = Command::new(installed("npm/node_modules/.bin/node"));
    command.arg(installed("npm").join(script));
    command
}

/// Where `install` puts things.
pub fn installed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers").join(path)
}

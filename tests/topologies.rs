//! Where runner, target and provider can stand: each as an example that is
//! played, with hosts that are network namespaces. docs/staging.md describes
//! them. Skipped, with a message, where namespaces are not permitted.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::{golden, server};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tokio::net::TcpStream;

#[path = "topologies/host.rs"]
mod host;
#[path = "topologies/reverse_proxy.rs"]
mod reverse_proxy;

use crate::server::{Staging, finished, free_port, shown};
use crate::skipped::{missing, skipped};
use host::Host;

/// Sign-ins by browser and app, accounts, and several settings.
const FILTER: &str = "auto-register";

/// Another host, or nothing where there can be none.
fn another_host() -> Option<Host> {
    let host = Host::new();
    if host.is_none() {
        skipped("no user may make network namespaces here");
    }
    host
}

async fn good(staging: &Staging, command: Command) {
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains(" passed"), "{}", shown(&output));
    staging.is_as_it_was().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_on_one_host() {
    let staging = Staging::start().await;
    good(&staging, staging.run_of(FILTER)).await;
}

/// As in a container on a bridge: the provider listens for others, and the
/// server calls it by the address of the bridge, or by a name for it.
#[tokio::test(flavor = "multi_thread")]
async fn the_target_in_a_container() {
    let Some(container) = another_host() else { return };
    let staging = container.staging(&[]).await;
    let port = free_port(container.gateway());
    for name in [container.gateway().to_string(), "host.containers.test".to_owned()] {
        let mut command = staging.run_of(FILTER);
        command.args(["--idp-listen", &format!("0.0.0.0:{port}"), "--idp-url", &format!("http://{name}:{port}")]);
        good(&staging, command).await;
    }
}

/// The usual first mistakes: the server gets an address that leads to itself,
/// one that refuses connections, or a name that it cannot resolve.
#[tokio::test(flavor = "multi_thread")]
async fn the_target_in_a_container_does_not_reach_the_provider() {
    let Some(container) = another_host() else { return };
    let staging = container.staging(&[]).await;
    let gateway = container.gateway();
    let port = free_port(gateway);
    for (name, url) in [
        ("unreached-loopback", None),
        ("unreached-not-listening", Some(format!("http://{gateway}:{port}"))),
        ("unreached-name", Some(format!("http://unknown.test:{port}"))),
        ("unreached-proxy", Some(format!("https://{gateway}:{port}"))),
    ] {
        let mut command = staging.run_of(FILTER);
        command.args(["--idp-listen", &format!("127.0.0.1:{port}")]);
        command.args(url.iter().flat_map(|url| ["--idp-url", url]));
        let output = finished(command).await;
        assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
        // Where a line ends depends on how long the addresses are.
        let said = regex_lite::Regex::new("\n {6,}").unwrap().replace_all(&shown(&output), " ").into_owned();
        let said = said.replace(&gateway.to_string(), "[GATEWAY]").replace(&port.to_string(), "[PORT]");
        golden::compare(name, &staging, &said);
        staging.is_as_it_was().await;
    }
}

/// The provider on this machine's loopback, a reverse proxy with a certificate
/// before it, and a server elsewhere that knows only the proxy. Every issuer
/// begins with https, so this does for servers that take no other, too.
#[tokio::test(flavor = "multi_thread")]
async fn the_provider_behind_a_reverse_proxy() {
    let Some(elsewhere) = another_host() else { return };
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let port = free_port(Ipv4Addr::LOCALHOST);
    let listen = SocketAddr::from((elsewhere.gateway(), 0));
    let proxy = reverse_proxy::before(port, listen, "idp.example.test", &ca).await;
    let staging = elsewhere.staging(&["--ca", ca.to_str().unwrap()]).await;
    let mut command = staging.run_of(FILTER);
    command.args(["--idp-listen", &format!("127.0.0.1:{port}")]);
    command.args(["--idp-url", &format!("https://idp.example.test:{}", proxy.port())]);
    good(&staging, command).await;
}

/// A runner that can open connections and take none: what the server sends to
/// its own loopback comes through the tunnel.
#[tokio::test(flavor = "multi_thread")]
async fn the_runner_behind_nat() {
    let Some(public) = another_host() else { return };
    if !Path::new("/usr/sbin/sshd").exists() {
        missing("sshd, of openssh-server, at which the tunnel ends, is not installed");
        return;
    }
    let staging = public.staging(&[]).await;
    let (port, remote) = (free_port(Ipv4Addr::LOCALHOST), 9000);
    let mut tunnel = public.tunnel(staging.folder.path(), remote, port);
    tunnel.is_up().await;
    let mut command = staging.run_of(FILTER);
    command.args(["--idp-listen", &format!("127.0.0.1:{port}")]);
    command.args(["--idp-url", &format!("http://127.0.0.1:{remote}")]);
    good(&staging, command).await;
}

/// Several servers that share what they have and take turns in answering; a
/// change of the settings comes late to those that did not take it.
#[tokio::test(flavor = "multi_thread")]
async fn the_target_of_several_replicas() {
    let mut staging = Staging::launch(tempfile::tempdir().unwrap(), &["--replicas", "3"]);
    staging.used(|_| {}).await;
    let mut command = staging.run_of(FILTER);
    command.args(["--replicas", "3"]);
    good(&staging, command).await;
    // Without a word about them, a run asks one that is behind sooner or later:
    // in the preflight or when it puts things back (3), or in a test (1).
    let output = finished(staging.run_of(FILTER)).await;
    assert!(matches!(output.status.code(), Some(1 | 3)), "{}", shown(&output));
}

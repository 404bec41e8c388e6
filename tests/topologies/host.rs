//! Another host: a network namespace with a cable to this one.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};

use serde_json::json;

use super::server::{Staging, is_alive};

static HOSTS: AtomicU8 = AtomicU8::new(0);

/// Another host.
pub struct Host {
    name: String,
    /// Tells its network from those of others.
    number: (u8, u8),
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = ip(&["netns", "delete", &self.name]);
        let _ = std::fs::remove_dir_all(self.files());
    }
}

fn ip(arguments: &[&str]) -> bool {
    let status = Command::new("ip").args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

impl Host {
    /// Makes one, if that is allowed here.
    pub fn new() -> Option<Self> {
        let process = std::process::id();
        let index = HOSTS.fetch_add(1, Ordering::Relaxed);
        let name = format!("oidc-{process}-{index}");
        if !ip(&["netns", "add", &name]) {
            return None;
        }
        let host = Self { name, number: (u8::try_from(process % 250).ok()?, index) };
        let (here, there) = (format!("oh{process}h{index}"), format!("oh{process}t{index}"));
        let made = ip(&["link", "add", &here, "type", "veth", "peer", "name", &there, "netns", &host.name])
            && ip(&["address", "add", &format!("{}/30", host.gateway()), "dev", &here])
            && ip(&["link", "set", &here, "up"])
            && ip(&["-n", &host.name, "address", "add", &format!("{}/30", host.address()), "dev", &there])
            && ip(&["-n", &host.name, "link", "set", &there, "up"])
            && ip(&["-n", &host.name, "link", "set", "lo", "up"]);
        // What is in there, `ip netns exec` puts into /etc.
        std::fs::create_dir_all(host.files()).ok()?;
        let gateway = host.gateway();
        let names = format!("127.0.0.1 localhost\n{gateway} host.containers.test idp.example.test\n");
        std::fs::write(Path::new(&host.files()).join("hosts"), names).ok()?;
        made.then_some(host)
    }

    fn files(&self) -> String {
        format!("/etc/netns/{}", self.name)
    }

    /// This machine, as that host sees it.
    pub fn gateway(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, 213, self.number.0, self.number.1 * 4 + 1)
    }

    /// That host, as this machine sees it.
    pub fn address(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, 213, self.number.0, self.number.1 * 4 + 2)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    /// A server in use, on that host.
    pub async fn staging(&self, arguments: &[&str]) -> Staging {
        let listen = SocketAddr::from((self.address(), 2283)).to_string();
        let command = self.command(env!("CARGO_BIN_EXE_oidc-harness"));
        let mut staging = Staging::launch_by(command, &listen, tempfile::tempdir().unwrap(), arguments);
        staging
            .used(|settings| {
                settings["oauth"]["enabled"] = json!(true);
                settings["oauth"]["issuerUrl"] = json!("https://accounts.example.org");
                settings["oauth"]["clientSecret"] = json!("a secret of theirs");
            })
            .await;
        staging
    }

    /// A tunnel by `ssh -R`: connections to the port `remote` on that host's
    /// loopback reach the port `local` on this one's.
    pub fn tunnel(&self, folder: &Path, remote: u16, local: u16) -> Tunnel {
        let path = |name: &str| folder.join(name).display().to_string();
        for name in ["host_key", "user_key"] {
            let mut command = Command::new("ssh-keygen");
            command.args(["-q", "-t", "ed25519", "-N", "", "-f", &path(name)]);
            assert!(command.status().unwrap().success());
        }
        let text = format!(
            "ListenAddress {}\nPort 2222\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n",
            self.address(),
            path("host_key"),
            path("user_key.pub")
        );
        std::fs::write(path("sshd_config"), text).unwrap();
        let _ = std::fs::create_dir_all("/run/sshd");
        let mut command = self.command("/usr/sbin/sshd");
        let server = command.args(["-D", "-e", "-f", &path("sshd_config")]).stderr(Stdio::piped()).spawn().unwrap();
        Tunnel { server, client: None, destination: self.address(), key: path("user_key"), remote, local }
    }
}

/// A tunnel; dropping it ends both ends.
pub struct Tunnel {
    server: Child,
    client: Option<Child>,
    destination: Ipv4Addr,
    key: String,
    remote: u16,
    local: u16,
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        for end in self.client.iter_mut().chain([&mut self.server]) {
            let _ = end.kill();
            let _ = end.wait();
        }
    }
}

impl Tunnel {
    /// Waits for the server, and opens the tunnel.
    pub async fn is_up(&mut self) {
        while tokio::net::TcpStream::connect((self.destination, 2222)).await.is_err() {
            is_alive(&mut self.server);
            tokio::task::yield_now().await;
        }
        let mut command = Command::new("ssh");
        command.args(["-N", "-i", &self.key, "-p", "2222", "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes"]);
        command.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "ExitOnForwardFailure=yes", "-v"]);
        command.args(["-R", &format!("127.0.0.1:{}:127.0.0.1:{}", self.remote, self.local)]);
        let client = command.arg(self.destination.to_string()).stderr(Stdio::piped()).spawn().unwrap();
        let client = self.client.insert(client);
        // It says so when the other end listens.
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(client.stderr.take().unwrap()));
        let mut said = String::new();
        for line in lines.by_ref().map_while(Result::ok) {
            if line.contains("remote forward success") {
                // What it says from here on has to go somewhere.
                std::thread::spawn(move || lines.for_each(drop));
                return;
            }
            said = said + &line + "\n";
        }
        panic!("the tunnel did not open: {said}");
    }
}

//! A server that somebody uses, in a process of its own, and runs against it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use harness::target::{ApiKey, Immich};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_oidc-harness");

/// A server that somebody uses: with settings and an account of its own.
pub struct Staging {
    process: Child,
    /// Where it is.
    pub url: String,
    /// Where runs find it: there, or at a proxy before it.
    pub address: String,
    /// What runs leave behind.
    pub folder: tempfile::TempDir,
    before: (Value, Vec<Value>),
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Staging {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with these defects.
    pub async fn with(defects: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(BINARY)
            .args(["reference", "--listen", "127.0.0.1:0", "--api-key-file"])
            .arg(folder.path().join("key"))
            .args(defects.iter().flat_map(|name| ["--defect", name]))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.next().unwrap().unwrap();
        lines.next().unwrap().unwrap();
        let mut staging = Self { process, address: url.clone(), url, folder, before: (Value::Null, Vec::new()) };
        let target = staging.target();
        let mut settings = target.settings().await.unwrap();
        settings["oauth"]["enabled"] = json!(true);
        settings["oauth"]["issuerUrl"] = json!("https://accounts.example.org");
        settings["oauth"]["clientSecret"] = json!("a secret of theirs");
        settings["oauth"]["autoRegister"] = json!(false);
        settings["passwordLogin"]["enabled"] = json!(false);
        settings["trash"]["days"] = json!(7);
        target.put_settings(settings).await.unwrap();
        staging.before = staging.state().await;
        staging
    }

    pub fn key(&self) -> ApiKey {
        ApiKey::new(&std::fs::read_to_string(self.folder.path().join("key")).unwrap())
    }

    pub fn target(&self) -> Immich {
        Immich::new(client(), &self.url, self.key()).unwrap()
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    pub async fn state(&self) -> (Value, Vec<Value>) {
        let accounts = self.target().accounts().await.unwrap();
        let settings = self.target().settings().await.unwrap();
        (settings, accounts.into_iter().map(|account| account.document).collect())
    }

    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(BINARY);
        command.arg(name).args(["--target", &self.address, "--api-key-file"]).arg(self.folder.path().join("key"));
        command.arg("--journal").arg(self.journal()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run_of(&self, filter: &str) -> Command {
        let mut command = self.command("run");
        command.args(["--baseline", "none", "--replace-oauth-settings", "--filter", filter]);
        command
    }

    pub async fn is_as_it_was(&self) {
        assert_eq!(self.state().await, self.before);
        assert!(!self.journal().exists(), "the journal is still there");
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

pub fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

pub fn signal(child: &Child, name: &str) {
    Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
}

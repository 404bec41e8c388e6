//! A server in use, in a process of its own, and runs against it.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use harness::immich::{ApiKey, Immich};
use serde_json::{Value, json};

use crate::environment::{self, bare};

/// A server in use: with its own settings and an account.
pub struct Staging {
    process: Child,
    /// Where it is.
    pub url: String,
    /// Where runs find it: there, or at a proxy before it.
    pub address: String,
    /// What runs leave behind.
    pub folder: tempfile::TempDir,
    /// The file that it takes its settings from, if it does.
    pub file: Option<PathBuf>,
    before: (Value, Vec<Value>),
    content: Option<Vec<u8>>,
}

/// Runs the server again whenever it ends, until there is a file `end`.
const SUPERVISOR: &str = "while [ ! -e end ]; do \"$@\" & echo $! >new; mv new pid; wait $!; done 2>/dev/null";

/// The same, with the environment variables of a file, as a shell reads it.
const SUPERVISOR_OF_VARIABLES: &str = "while [ ! -e end ]; do (set -a; . ./photos.env; exec \"$@\") & echo $! >new; mv new \
                                       pid; wait $!; done 2>/dev/null";

/// Ends the server, and waits until it runs again.
pub const RESTART: &str =
    "cd '[FOLDER]'; old=$(cat pid); kill -9 $old; while [ \"$(cat pid)\" = $old ]; do sleep 0.01; done";

impl Drop for Staging {
    fn drop(&mut self) {
        // Of one under the supervisor.
        let _ = std::fs::write(self.folder.path().join("end"), "");
        if let Ok(pid) = std::fs::read_to_string(self.folder.path().join("pid")) {
            let _ = Command::new("kill").args(["-9", pid.trim()]).status();
        }
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
        let arguments: Vec<&str> = defects.iter().flat_map(|name| ["--defect", name]).collect();
        let mut staging = Self::launch(tempfile::tempdir().unwrap(), &arguments);
        staging
            .used(|settings| {
                settings["oauth"]["enabled"] = json!(true);
                settings["oauth"]["issuerUrl"] = json!("https://accounts.example.org");
                settings["oauth"]["clientSecret"] = json!("a secret of theirs");
                settings["oauth"]["autoRegister"] = json!(false);
                settings["passwordLogin"]["enabled"] = json!(false);
                settings["trash"]["days"] = json!(7);
            })
            .await;
        staging
    }

    /// One that takes its settings from a file with this content.
    pub async fn reading(content: &str) -> Self {
        let (folder, file) = Self::with_file(content);
        let staging = Self::launch(folder, &["--config-file", file.to_str().unwrap()]);
        staging.of_file(file, content).await
    }

    /// The same, if it reads the file only when it starts. [`RESTART`] restarts it.
    pub async fn reading_once(content: &str) -> Self {
        let (folder, file) = Self::with_file(content);
        let path = file.display().to_string();
        let staging = Self::supervised(SUPERVISOR, folder, &["--config-file", &path, "--read-config-once"]);
        staging.of_file(file, content).await
    }

    /// One that takes its settings from environment variables, which a file with
    /// this content sets. [`RESTART`] restarts it.
    pub async fn starting_with(content: &str) -> Self {
        let (folder, file) = Self::with_file_named("photos.env", content);
        let staging = Self::supervised(SUPERVISOR_OF_VARIABLES, folder, &["--settings-from-environment"]);
        staging.of_file(file, content).await
    }

    fn supervised(supervisor: &str, folder: tempfile::TempDir, arguments: &[&str]) -> Self {
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let binary = environment::harness(folder.path());
        let mut command = Command::new("sh");
        command.args(["-c", supervisor, "sh"]).arg(binary.get_program()).current_dir(folder.path());
        Self::launch_by(command, &listen, folder, arguments)
    }

    fn with_file(content: &str) -> (tempfile::TempDir, PathBuf) {
        Self::with_file_named("immich.yaml", content)
    }

    fn with_file_named(name: &str, content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        (folder, file)
    }

    async fn of_file(self, file: PathBuf, content: &str) -> Self {
        let mut staging = self;
        staging.content = Some(content.as_bytes().to_vec());
        staging.file = Some(file);
        staging.before = staging.state().await;
        staging
    }

    /// One as it comes, in a process of its own.
    pub fn launch(folder: tempfile::TempDir, arguments: &[&str]) -> Self {
        let command = environment::harness(folder.path());
        Self::launch_by(command, "127.0.0.1:0", folder, arguments)
    }

    /// The same, where this command, which ends with the binary, runs it.
    pub fn launch_by(command: Command, listen: &str, folder: tempfile::TempDir, arguments: &[&str]) -> Self {
        let mut process = bare(command, folder.path())
            .args(["reference", "--listen", listen, "--api-key-file"])
            .arg(folder.path().join("key"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.next().unwrap().unwrap();
        lines.next().unwrap().unwrap();
        let before = (Value::Null, Vec::new());
        Self { process, address: url.clone(), url, folder, file: None, before, content: None }
    }

    /// Gives it settings of its own, which it must have in the end.
    pub async fn used(&mut self, change: impl FnOnce(&mut Value)) {
        let target = self.target();
        let mut settings = target.settings().await.unwrap();
        change(&mut settings);
        target.put_settings(settings).await.unwrap();
        self.before = self.state().await;
    }

    /// Expects these settings in the end.
    pub fn expected(&mut self, change: impl FnOnce(&mut Value)) {
        change(&mut self.before.0);
    }

    /// Expects the accounts that there are now.
    pub async fn expected_accounts(&mut self) {
        self.before.1 = self.state().await.1;
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
        let mut command = environment::harness(self.folder.path());
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
        if let (Some(file), Some(content)) = (&self.file, &self.content) {
            assert_eq!(&std::fs::read(file).unwrap(), content);
        }
        assert!(!self.journal().exists(), "the journal is still there");
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

pub fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs it to its end, while what it asks here is answered.
pub async fn finished(mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap()
}

/// Ends a wait for what a program does: after its end, that will not come.
pub fn is_alive(child: &mut Child) {
    if let Some(status) = child.try_wait().unwrap() {
        let mut said = String::new();
        let _ = child.stdout.take().map(|mut output| output.read_to_string(&mut said));
        let _ = child.stderr.take().map(|mut output| output.read_to_string(&mut said));
        panic!("it ended, by {status}: {said}");
    }
}

/// A port that no other test has, and that the system gives to no other: it chooses
/// ports from 32768 on. It was free a moment ago.
pub fn free_port(address: Ipv4Addr) -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 12_000).unwrap();
    loop {
        let port = 20_000 + (own + GIVEN.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind((address, port)).is_ok() {
            return port;
        }
    }
}

pub fn signal(child: &Child, name: &str) {
    Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
}

//! A client in another language: one long-lived process that speaks JSON over
//! standard input and output, one line a command. The scripts are in `node/`
//! and `python/`; `.ci/run` installs the libraries they need.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Callback, Client, Configuration, Identity, Refusal, Started};

/// Scripts give up on a provider after five seconds; this is for a script
/// that hangs.
const DEADLINE: Duration = Duration::from_secs(120);

/// A running script.
pub struct Process {
    mode: &'static str,
    running: Mutex<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    sessions: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Refused {
    Refused(Refusal),
}

/// Where `.ci/run` installs clients.
pub fn installed() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../interop")
}

/// Where a script is.
pub fn script(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(path)
}

impl Process {
    /// `openid-client` of npm, used in this way; or why not.
    pub fn node(mode: &'static str) -> Result<Self, String> {
        let folder = installed().join("node");
        if !folder.join("node_modules/openid-client").is_dir() {
            return Err("openid-client, of npm, is not installed; `.ci/run` does it".into());
        }
        let text = std::fs::read_to_string(script("node/client.mjs")).map_err(|error| error.to_string())?;
        // Evaluated in the folder of the libraries, because Node looks for
        // them there and not beside the script.
        let mut command = Command::new("node");
        command.args(["--input-type=module", "--eval", &text]).current_dir(folder);
        Self::start(command, mode)
    }

    /// Authlib of the Python package index; or why not.
    pub fn python() -> Result<Self, String> {
        let python = installed().join("python/bin/python");
        if !python.is_file() {
            return Err("Authlib, of PyPI, is not installed; `.ci/run` does it".into());
        }
        let mut command = Command::new(python);
        // Deprecated algorithms are part of what is tested.
        command.args(["-W", "ignore"]).arg(script("python/client.py"));
        Self::start(command, "")
    }

    fn start(mut command: Command, mode: &'static str) -> Result<Self, String> {
        for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(name);
        }
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("{command:?} cannot be run: {error}"))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or("the script has no standard input or output")?;
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { mode, running: Mutex::new(Running { child, input, answers, sessions: 0 }) })
    }

    /// Asks for something. A script that breaks is a fault of ours, never a
    /// refusal.
    fn ask(running: &mut Running, wish: &Value) -> Result<Value, Refusal> {
        writeln!(running.input, "{wish}").expect("the script reads");
        let line = running.answers.recv_timeout(DEADLINE).expect("the script answers");
        let answer: Value = serde_json::from_str(&line).expect("the script answers in JSON");
        match Refused::deserialize(&answer) {
            Ok(Refused::Refused(refusal)) => Err(refusal),
            Err(_) => Ok(answer),
        }
    }
}

impl Client for Process {
    fn start(&self, configuration: &Configuration) -> Result<Started, Refusal> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.sessions += 1;
        let session = running.sessions;
        let mut wish = json!(configuration);
        wish["command"] = "start".into();
        wish["mode"] = self.mode.into();
        wish["session"] = session.into();
        let answer = Self::ask(&mut running, &wish)?;
        let url = answer["url"].as_str().expect("the script says where to go").to_owned();
        Ok(Started { session, url })
    }

    fn finish(&self, session: u64, callback: &Callback) -> Result<Identity, Refusal> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let wish = json!({ "command": "finish", "session": session, "callback": callback.url, "form": callback.form });
        let answer = Self::ask(&mut running, &wish)?;
        Ok(serde_json::from_value(answer).expect("the script says who signed in"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = running.child.kill();
        let _ = running.child.wait();
    }
}

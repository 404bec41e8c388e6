//! A server that is started for the tests, from its command until it is
//! stopped. What the tests do there is for [`super::SharedRun`].

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use mock_idp::Interruption;

use crate::cli::complain;
use crate::exit_code::ExitCode;
use crate::guard::{JournalError, StartTurn};
use crate::immich::{Immich, TargetError};

/// How long a server may take until it answers: it may migrate a database.
const PATIENCE: Duration = Duration::from_secs(300);

/// After this time without an answer, a line says for what the tests wait.
const SILENCE: Duration = Duration::from_secs(10);

/// How long a server may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(10);

const PAUSE: Duration = Duration::from_millis(50);

/// What Unix says of an executable file that it cannot run (`ENOEXEC`).
const EXEC_FORMAT: i32 = 8;

/// The status of a shell that does not find a program (POSIX, Shell Command
/// Language §2.8.2).
const NOT_FOUND: i32 = 127;

/// Why there is no started server.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartFault {
    /// No flag names a server.
    #[error("the test starts a server with a command, but has no flag --target")]
    NoAddress,
    /// Another server is at the address.
    #[error("{0} already answers, although the test has not started its server yet")]
    Taken(String),
    /// The command cannot run.
    #[error("cannot start the server with `{program}`: {reason}")]
    Command {
        /// The program.
        program: String,
        /// What the system says.
        reason: std::io::Error,
    },
    /// It ended too early.
    #[error("`{program}` ended before the server answered: {status}")]
    Ended {
        /// The program.
        program: String,
        /// How.
        status: ExitStatus,
    },
    /// No answer.
    #[error("{patience} s after its start, the server does not answer: {0}", patience = PATIENCE.as_secs())]
    Silent(TargetError),
    /// No API key.
    #[error("{patience} s after its start, the server has written no API key to {0}", patience = PATIENCE.as_secs())]
    NoKey(PathBuf),
    /// Ctrl-C.
    #[error("interrupted; the test stopped the server")]
    Interrupted,
    /// No asynchronous runtime.
    #[error("cannot wait for the server: {0}")]
    Runtime(std::io::Error),
    /// The turn to start it.
    #[error(transparent)]
    Turn(#[from] JournalError),
}

impl StartFault {
    /// What to do about it.
    pub(super) fn help(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NoAddress => Some("add the server's address: --target URL".into()),
            Self::Taken(url) => {
                Some(format!("stop the server that answers there, or set OIDC_HARNESS_TARGET={url} to test it").into())
            }
            Self::Command { reason, .. } => Some(match (reason.kind(), reason.raw_os_error()) {
                (ErrorKind::PermissionDenied, _) => "make the file executable: `chmod +x FILE`".into(),
                (_, Some(EXEC_FORMAT)) => "begin the script with the program that runs it, such as `#!/bin/sh`".into(),
                _ => "the path of the program is relative to the folder of the crate".into(),
            }),
            Self::Ended { status, .. } if status.code() == Some(NOT_FOUND) => {
                Some("install the program that the command calls, or add its folder to PATH".into())
            }
            Self::Ended { .. } => Some(
                "use a command that runs as long as the server does, such as `docker compose up` without -d".into(),
            ),
            Self::Silent(error) => Some(error.help()),
            Self::NoKey(_) => {
                Some("change the command so that it writes an administrator's API key to this file".into())
            }
            Self::Interrupted | Self::Runtime(_) => None,
            Self::Turn(error) => Some(error.help().into()),
        }
    }

    /// The exit code that tells it.
    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoAddress => ExitCode::Usage,
            Self::Interrupted => ExitCode::Interrupted,
            _ => ExitCode::Unreachable,
        }
    }
}

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(super) struct StartedServer {
    process: Child,
    program: String,
    /// The other processes of cargo-nextest start theirs after this one.
    _turn: StartTurn,
}

impl StartedServer {
    /// Starts a server and waits until it answers at its address, and until the
    /// file holds a key. Waits first while another process has started the same
    /// server.
    pub(super) fn start(command: Command, server: Option<&Immich>, key: Option<&Path>) -> Result<Self, StartFault> {
        let server = server.ok_or(StartFault::NoAddress)?;
        let turn = StartTurn::take(server.origin())?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartFault::Runtime)?;
        runtime.block_on(async {
            let mut interruption = Interruption::listen();
            tokio::select! {
                started = Self::launch(command, turn, server, key) => started,
                () = interruption.wait() => Err(StartFault::Interrupted),
            }
        })
    }

    async fn launch(
        mut command: Command,
        turn: StartTurn,
        server: &Immich,
        key: Option<&Path>,
    ) -> Result<Self, StartFault> {
        if server.ping().await.is_ok() {
            return Err(StartFault::Taken(server.origin().to_owned()));
        }
        // Ctrl-C must not reach the server before the run has restored it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let program = command.get_program().to_string_lossy().into_owned();
        let process = command.stdin(Stdio::null()).spawn();
        let process = process.map_err(|reason| StartFault::Command { program: program.clone(), reason })?;
        let mut started = Self { process, program, _turn: turn };
        started.wait(server, key).await?;
        Ok(started)
    }

    async fn wait(&mut self, server: &Immich, key: Option<&Path>) -> Result<(), StartFault> {
        let start = Instant::now();
        let mut was_said = false;
        while let Some(lack) = lack(server, key).await {
            let program = self.program.clone();
            match self.process.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => return Err(StartFault::Ended { program, status }),
                Err(reason) => return Err(StartFault::Command { program, reason }),
            }
            if start.elapsed() > PATIENCE {
                return Err(lack);
            }
            if start.elapsed() > SILENCE && !was_said {
                complain(&format!("waiting until the server of `{program}` answers and has an API key"));
                was_said = true;
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

impl Drop for StartedServer {
    /// Stops the server and what it has started, at last by force.
    fn drop(&mut self) {
        let start = Instant::now();
        signal(&mut self.process, "TERM");
        while matches!(self.process.try_wait(), Ok(None)) && start.elapsed() < GRACE {
            std::thread::sleep(PAUSE);
        }
        signal(&mut self.process, "KILL");
        let _ = self.process.wait();
    }
}

/// What keeps the tests from starting.
async fn lack(server: &Immich, key: Option<&Path>) -> Option<StartFault> {
    if let Err(error) = server.ping().await {
        return Some(StartFault::Silent(error));
    }
    let is_empty = |path: &&Path| std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    key.filter(is_empty).map(|path| StartFault::NoKey(path.to_owned()))
}

/// Sends a signal to all processes that the command has started.
#[cfg(unix)]
fn signal(process: &mut Child, name: &str) {
    // The standard library sends no signals to groups; every shell does.
    let kill = format!("kill -s {name} -- -{}", process.id());
    let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
}

#[cfg(not(unix))]
fn signal(process: &mut Child, _: &str) {
    let _ = process.kill();
}

//! The command that restarts a server which reads its configuration file only
//! when it starts. Whether the settings are in force then is for
//! [`super::settings_in_force`].

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::TargetError;

/// How long the command may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A line for the shell `sh`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartCommand(String);

impl RestartCommand {
    /// The command with this line.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// Runs the command, and waits until it ends. It has no terminal and a
    /// process group of its own, so Ctrl-C does not end a server that it starts.
    ///
    /// # Errors
    /// It cannot be started, takes too long, or ends with another status than 0.
    pub(super) async fn run(&self) -> Result<(), TargetError> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(&self.0).kill_on_drop(true);
        shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        shell.process_group(0);
        let reason = match tokio::time::timeout(PATIENCE, shell.status()).await {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => format!("ended with {status}"),
            Ok(Err(error)) => format!("does not start: {error}"),
            Err(_) => format!("did not end within {} s", PATIENCE.as_secs()),
        };
        Err(TargetError::Restart(reason))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("exit 0", None)]
    #[case("exit 3", Some("the restart command ended with exit status: 3"))]
    #[case("sleep 60 & exit 0", None)]
    #[tokio::test]
    async fn a_command_must_succeed(#[case] line: &str, #[case] expected: Option<&str>) {
        let found = RestartCommand::new(line).run().await.err().map(|error| error.to_string());
        assert_eq!(found.as_deref(), expected);
    }
}

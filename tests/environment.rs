//! What a program that a test starts finds around it. Isolates tests from the
//! caller's environment: with `OIDC_HARNESS_TARGET` set, `cargo test` plays the
//! scenarios against that server, but no other test; and colours, a CI or what
//! is at home must make no difference.

use std::path::Path;
use std::process::Command;

/// What programs need to be found and to keep their files, and what measures
/// coverage.
const KEPT: &[&str] = &["PATH", "TMPDIR", "LLVM_PROFILE_FILE", "SystemRoot"];

/// The command with none of the caller's variables, at home in this folder.
pub fn bare(mut command: Command, home: &Path) -> Command {
    command.env_clear().env("HOME", home);
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

/// The harness, bare, and called as if it were found on the path.
pub fn harness(home: &Path) -> Command {
    let mut command = bare(Command::new(env!("CARGO_BIN_EXE_oidc-harness")), home);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "oidc-harness");
    command
}

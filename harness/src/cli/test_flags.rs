//! What a test file of `cargo test` says in the words of `run`, and the
//! variables of the environment beside it.

use std::path::PathBuf;

use clap::{CommandFactory, Parser};

use super::command_line::CommandLine;
use super::judging::Judging;
use super::{output, variables};
use crate::exit_code::ExitCode;
use crate::immich::Immich;
use crate::runner::Run;

// A doc comment would be the help text of the test file.
#[derive(Debug, Parser)]
#[command(name = "cargo test")]
pub(crate) struct TestFlags {
    #[command(flatten)]
    judging: Judging,
}

impl TestFlags {
    /// Reads flags, and variables for what no flag says; complains about what
    /// is wrong with them.
    pub(crate) fn read(flags: &[String]) -> Result<Self, ExitCode> {
        variables::check(&CommandLine::command())?;
        Self::try_parse_from(std::iter::once("cargo test").chain(flags.iter().map(String::as_str))).map_err(|error| {
            output::complain(error.to_string().trim_end());
            ExitCode::Usage
        })
    }

    /// Reads keys, certificates and the baseline, and returns the run; complains
    /// about what is wrong with them.
    pub(crate) fn run(&self) -> Result<Run, ExitCode> {
        let baseline = self.judging.baseline()?;
        self.judging.run(baseline, false).map_err(|problem| problem.fail())
    }

    /// The servers without a key, to see whether they answer; none for the
    /// reference server.
    pub(crate) fn servers(&self) -> Result<Vec<Immich>, ExitCode> {
        self.judging.target.unkeyed().map_err(|problem| problem.fail())
    }

    /// The files that must hold a key before the run.
    pub(crate) fn key_files(&self) -> Vec<PathBuf> {
        self.judging.target.key_files()
    }

    /// The words that name the servers; none for the reference server.
    pub(crate) fn targets(&self) -> Vec<String> {
        let targets = self.judging.target.addresses();
        targets.flat_map(|url| ["--target".to_owned(), url.to_owned()]).collect()
    }

    /// What has to be typed besides, for the same to be judged again.
    pub(crate) fn untyped(&self) -> Vec<String> {
        self.judging.untyped().iter().map(|word| (*word).to_owned()).collect()
    }
}

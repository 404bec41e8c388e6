//! What a test file of `cargo test` says in the words of `run`, and the
//! variables of the environment beside it.

use std::path::Path;

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

    /// The server without a key, to see whether it answers; none for the
    /// reference server.
    pub(crate) fn server(&self) -> Result<Option<Immich>, ExitCode> {
        self.judging.target.unkeyed().map_err(|problem| problem.fail())
    }

    /// The file that must hold a key before the run.
    pub(crate) fn key_file(&self) -> Option<&Path> {
        self.judging.target.key_file()
    }

    /// The words that name the server; none for the reference server.
    pub(crate) fn target(&self) -> Result<Vec<String>, ExitCode> {
        let address = self.judging.target.address().map_err(|problem| problem.fail())?;
        Ok(address.into_iter().flat_map(|url| ["--target".to_owned(), url.to_owned()]).collect())
    }

    /// What has to be typed besides, for the same to be judged again.
    pub(crate) fn untyped(&self) -> Vec<String> {
        self.judging.untyped().iter().map(|word| (*word).to_owned()).collect()
    }
}

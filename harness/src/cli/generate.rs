//! `oidc-harness generate`: what editors, shells and `man` read, made from the
//! very types and flags that it describes.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::output::{fail, print};
use crate::exit_code::ExitCode;
use crate::immich::dialect_schema;
use crate::{baseline, doctor, report, scenario};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print a script that completes commands and flags in a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page, or write the pages of all commands
    Man {
        /// Write the pages of all commands to this folder; default: print the first page
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print a JSON schema, for completion in editors
    Schema {
        /// Which files the schema describes
        #[arg(value_enum, default_value_t = SchemaOf::Scenario)]
        of: SchemaOf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaOf {
    /// Scenario files.
    Scenario,
    /// Baseline files.
    Baseline,
    /// Dialect files.
    Dialect,
    /// JSON reports.
    Report,
    /// What `doctor --json` prints.
    Doctor,
}

pub(super) fn execute(arguments: &Arguments, command: clap::Command) -> ExitCode {
    match &arguments.what {
        What::Completions { shell } => completions(*shell, command),
        What::Man { folder: Some(folder) } => all_pages(folder, command),
        What::Man { folder: None } => first_page(command),
        What::Schema { of } => schema(*of),
    }
}

fn completions(shell: Shell, mut command: clap::Command) -> ExitCode {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    print(&String::from_utf8_lossy(&script));
    ExitCode::Good
}

fn first_page(command: clap::Command) -> ExitCode {
    let mut page = Vec::new();
    match clap_mangen::Man::new(command).render(&mut page) {
        Ok(()) => {
            print(&String::from_utf8_lossy(&page));
            ExitCode::Good
        }
        Err(error) => fail(&error, None, ExitCode::Harness),
    }
}

fn all_pages(folder: &Path, command: clap::Command) -> ExitCode {
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    match written {
        Ok(()) => {
            print(&format!("{}\n    the manual, one page per command: man -l {0}/oidc-harness.1\n", folder.display()));
            ExitCode::Good
        }
        Err(error) => fail(&format!("cannot write {}: {error}", folder.display()), None, ExitCode::Harness),
    }
}

fn schema(of: SchemaOf) -> ExitCode {
    let schema = match of {
        SchemaOf::Scenario => scenario::schema::scenario(),
        SchemaOf::Baseline => baseline::schema(),
        SchemaOf::Dialect => dialect_schema(),
        SchemaOf::Report => report::schema(),
        SchemaOf::Doctor => doctor::schema(),
    };
    print(&format!("{schema:#}\n"));
    ExitCode::Good
}

//! `oidc-harness completions` and `oidc-harness man`, made from the very
//! command line that they are about.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::output::{fail, print};
use crate::exit::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn execute(arguments: &Arguments, mut command: clap::Command) -> ExitCode {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    print(&String::from_utf8_lossy(&script));
    ExitCode::Good
}

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Writes the pages of all commands into this folder, as
    /// `oidc-harness-run.1` and so on. Default: print the first page.
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(super) fn man(arguments: &ManArguments, command: clap::Command) -> ExitCode {
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        return match clap_mangen::Man::new(command).render(&mut page) {
            Ok(()) => {
                print(&String::from_utf8_lossy(&page));
                ExitCode::Good
            }
            Err(error) => fail(&error, None, ExitCode::Harness),
        };
    };
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    match written {
        Ok(()) => {
            print(&format!("{}\n    the manual, one page per command: man -l {0}/oidc-harness.1\n", folder.display()));
            ExitCode::Good
        }
        Err(error) => fail(&format!("{} cannot be written: {error}", folder.display()), None, ExitCode::Harness),
    }
}

//! `oidc-harness fmt`.

use std::path::PathBuf;

use clap::Args;

use super::output::{complain, fail, look, print, render, unread};
use crate::exit_code::ExitCode;
use crate::formatter::format;
use crate::plural::counted;
use crate::scenario::read_files;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Scenario files or folders, and baselines
    #[arg(value_name = "PATH", default_value = "scenarios")]
    paths: Vec<PathBuf>,
    /// Only check: exit code 2 if a file is not formatted
    #[arg(long)]
    check: bool,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let files = match read_files(&arguments.paths) {
        Ok(files) => files,
        Err(error) => return unread(&error),
    };
    let mut code = ExitCode::Good;
    if !files.broken.is_empty() {
        complain(&render(&files.broken));
        code = ExitCode::Usage;
    }
    let (mut changed, mut total) = (0, files.broken.len());
    for source in files.sources {
        total += 1;
        let text = match format(&source) {
            Ok(text) => text,
            Err(problems) => {
                for problem in problems {
                    complain(&(problem.render(&source, look()) + "\n"));
                }
                code = ExitCode::Usage;
                continue;
            }
        };
        if text == source.text {
            continue;
        }
        changed += 1;
        let path = source.path.display();
        if arguments.check {
            complain(&format!("error: {path} is not formatted\nhelp: run `oidc-harness fmt {path}`"));
            code = ExitCode::Usage;
        } else if let Err(error) = std::fs::write(&source.path, text) {
            return fail(&format!("cannot write {path}: {error}"), None, ExitCode::Harness);
        } else {
            print(&format!("{path}\n"));
        }
    }
    let verb = if arguments.check { "to be formatted" } else { "formatted" };
    print(&format!("{}, {changed} {verb}\n", counted(total, "file", "files")));
    code
}

//! `oidc-harness diff`.

use std::path::PathBuf;

use clap::Args;

use super::output::{fail, print, read_report, tell};
use crate::exit_code::ExitCode;
use crate::report::{compare, difference_page};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The JSON report of the earlier run
    old: PathBuf,
    /// The JSON report of the later run
    new: PathBuf,
    /// Print the differences as Markdown
    #[arg(long)]
    markdown: bool,
    /// Also write the differences to this file, as one HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Says what broke and what was fixed; 1 if anything broke.
pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let read = read_report(&arguments.old).and_then(|old| Ok((old, read_report(&arguments.new)?)));
    let (old, new) = match read {
        Ok(both) => both,
        Err(problem) => return problem.fail(),
    };
    let difference = compare(&old, &new);
    if arguments.markdown {
        print(&difference.markdown());
    } else {
        tell(&difference.text());
    }
    if let Some(path) = &arguments.html
        && let Err(error) = std::fs::write(path, difference_page(&difference, &old, &new))
    {
        return fail(&format!("cannot write {}: {error}", path.display()), None, ExitCode::Harness);
    }
    if difference.broke.is_empty() { ExitCode::Good } else { ExitCode::Failed }
}

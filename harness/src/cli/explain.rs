//! `oidc-harness explain`.

use clap::Args;

use super::output::{fail, print};
use crate::exit::ExitCode;
use crate::explain::{entries, find};
use crate::scenario::Catalogue;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A quirk, profile, step, expectation, setting, defect, requirement,
    /// result, exit code or scenario.
    #[arg(required = true)]
    name: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    // `explain exit code 3` and `explain RFC 9207 §2.4` need no quotes.
    let name = arguments.name.join(" ");
    let entries = entries(&Catalogue::embedded());
    match find(&entries, &name) {
        Ok(found) => {
            print(&found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
            ExitCode::Good
        }
        Err(near) => {
            let help = match near.as_slice() {
                [] => "`oidc-harness list` and `oidc-harness quirks` name scenarios and quirks".to_owned(),
                near => format!("did you mean {}?", near.join(", ")),
            };
            fail(&format!("nothing is called `{name}`"), Some(&help), ExitCode::Usage)
        }
    }
}

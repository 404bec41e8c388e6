//! How help is laid out: commands in two groups, 80 columns, and variables in
//! `--help` only. What the flags mean stands beside them.

use clap::{Arg, Command};

use crate::exit_code::ExitCode;
use crate::paragraph::{WIDTH, advice};

/// How many commands come first.
pub(super) const IN_FRONT: usize = 7;

/// The command line with its help laid out.
pub(super) fn laid_out(command: Command) -> Command {
    let commands = grouped(&command);
    command
        .max_term_width(WIDTH)
        .help_template(format!(
            "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{commands}\nOptions:\n{{options}}{{after-help}}"
        ))
        .after_long_help(after_long_help())
        .mut_subcommands(|command| {
            command.mut_args(with_variable).mut_subcommands(|inner| inner.mut_args(with_variable))
        })
}

/// The commands in two groups.
fn grouped(command: &Command) -> String {
    let width = command.get_subcommands().map(|one| one.get_name().len()).max().unwrap_or_default();
    let lines = |some: &[&Command]| -> String {
        let line = |one: &&Command| {
            let about = one.get_about().map(ToString::to_string).unwrap_or_default();
            format!("  {:<width$}  {about}\n", one.get_name())
        };
        some.iter().map(line).collect()
    };
    let all: Vec<&Command> = command.get_subcommands().collect();
    let (front, more) = all.split_at(IN_FRONT.min(all.len()));
    format!("Commands:\n{}\nMore commands:\n{}", lines(front), lines(more))
}

/// The flag with its variable in the long help; a line of `-h` is too short for
/// it.
fn with_variable(flag: Arg) -> Arg {
    let Some(variable) = flag.get_env().map(|name| name.to_string_lossy().into_owned()) else { return flag };
    let text = flag.get_long_help().or(flag.get_help()).map(ToString::to_string).unwrap_or_default();
    flag.hide_env(true).long_help(format!("{text}\n\nEnvironment variable: {variable}"))
}

/// Where to begin, and how it ends.
fn after_long_help() -> String {
    let line = |code: &ExitCode| advice(&format!("  {:<5}", code.code()), code.text());
    let codes: Vec<String> = ExitCode::ALL.iter().flat_map(line).collect();
    format!("{BEGINNING}\n\nExit codes:\n{}", codes.join("\n"))
}

const BEGINNING: &str = "\
Start here:
  oidc-harness run
       Play all tests against the built-in reference server
  oidc-harness run --target URL --api-key-file FILE --preflight-only
       Check your server, print fixes, and leave nothing changed
  oidc-harness doctor URL
       Find out why sign-in fails at your provider
  oidc-harness explain NAME
       Explain any word of a scenario, a report or a message";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::CommandLine;

    /// Returns the short help of a command, and of those below it.
    fn short_helps(command: &mut Command) -> Vec<String> {
        let own = command.render_help().to_string();
        let below = command.get_subcommands_mut().filter(|one| one.get_name() != "help").flat_map(short_helps);
        std::iter::once(own).chain(below).collect()
    }

    #[test]
    fn short_help_is_one_screen_of_80_columns() {
        let mut command = laid_out(CommandLine::command());
        command.build();
        let helps = short_helps(&mut command);
        assert!(helps.len() > 15);
        for help in helps {
            let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > WIDTH).collect();
            assert_eq!(wide, Vec::<&str>::new());
            assert!(help.lines().count() <= 44, "{} lines:\n{help}", help.lines().count());
        }
    }
}

//! `oidc-harness run`.

use std::io::IsTerminal;
use std::time::Instant;

use clap::Args;

use super::flag::{RESULT, SERVER, TESTS};
use super::github_actions::tell_github;
use super::judging::Judging;
use super::output::{
    colour, complain, complain_of, fail, fail_by_file, no_such_test, print, render, tell, tell_missing, unread,
};
use super::progress::Progress;
use super::report_destination::{Own, Sink, write};
use super::server::tell_of_preparation;
use super::typed::Typed;
use super::watch;
use crate::diagnostic::did_you_mean;
use crate::dialect_file::sketch;
use crate::escape::{terminal, terminal_lines};
use crate::exit_code::ExitCode;
use crate::guard::Server;
use crate::immich::Access;
use crate::plural::noun;
use crate::report::{Detail, Live, Outcome, Report, Style, formats_help};
use crate::runner::{Ended, Event, Run, RunError};
use crate::scenario::{Catalogue, Filter, Keep, Shard, scenario_files};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Arguments {
    #[command(flatten)]
    typed: Typed<Arguments>,
    /// Files, folders, or names of built-in tests
    ///
    /// If the path exists, it is a scenario file or a folder of them; `FILE::CASE`
    /// is one case of a file. Any other word is the name of a built-in topic,
    /// scenario or test, as `oidc-harness list` prints it, or a glob such as
    /// 'id-token/*'. Default: all built-in tests.
    #[arg(value_name = "TEST")]
    tests: Vec<String>,
    /// Play only tests with this in their name; may be repeated
    ///
    /// If the text is the whole name of a test, the run plays only this test.
    #[arg(long = "filter", value_name = "TEXT", help_heading = TESTS)]
    filters: Vec<String>,
    /// Play only tests with this tag: smoke, compatible, secure, or your own
    ///
    /// `smoke` tests are a first look, `compatible` tests check what Immich does,
    /// `secure` tests check that the server refuses attacks. If all tests of such
    /// a tag pass, the run ends with a line that you may publish.
    #[arg(long, value_name = "TAG", help_heading = TESTS)]
    tag: Option<String>,
    /// Play one of several equal parts of the tests, such as 1/4
    ///
    /// `oidc-harness report` joins the JSON reports of all parts.
    #[arg(long, value_name = "I/N", env = "OIDC_HARNESS_SHARD", help_heading = TESTS, hide_short_help = true)]
    shard: Option<Shard>,
    /// Stop at the first red test
    #[arg(long, help_heading = TESTS)]
    fail_fast: bool,
    /// Play changed files again after each save, until Ctrl-C
    #[arg(
        long,
        requires = "tests",
        conflicts_with_all = ["preflight_only", "shard"],
        help_heading = TESTS
    )]
    watch: bool,
    #[command(flatten)]
    judging: Judging,
    /// Only check the server, and print fixes
    ///
    /// The check leaves nothing changed. If an earlier run was killed, it first
    /// restores the server.
    #[arg(long, help_heading = SERVER)]
    preflight_only: bool,
    /// Write a report of this kind, to a file with =FILE
    #[arg(long = "report", value_name = "KIND[=FILE]", help_heading = RESULT, long_help = formats_help())]
    reports: Vec<String>,
    /// Also print the tests that pass
    #[arg(long, short, help_heading = RESULT)]
    verbose: bool,
    /// Print only red tests, at the end
    #[arg(long, short, conflicts_with = "verbose", help_heading = RESULT)]
    quiet: bool,
}

impl Arguments {
    /// The flags that repeat this judgement, word by word.
    pub(super) fn flags(&self) -> Vec<String> {
        let untyped = self.judging.untyped().iter().map(|word| (*word).to_owned());
        self.typed.words().into_iter().chain(untyped).collect()
    }

    /// That the tests which the arguments choose have no such tag, or are not in
    /// this part.
    fn nothing_wanted(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!("--tag {tag}"));
        let flags = [
            (!self.filters.is_empty()).then(|| "--filter".to_owned()),
            tag,
            self.shard.is_some().then(|| "--shard".to_owned()),
        ];
        let given: Vec<String> = flags.into_iter().flatten().collect();
        match given.as_slice() {
            [] => "there is no test".to_owned(),
            [one] => format!("no test matches {one}"),
            [some @ .., last] => format!("no test matches both {} and {last}", some.join(", ")),
        }
    }

    fn wanted(&self) -> Filter {
        Filter { texts: self.filters.clone(), tag: self.tag.clone(), ..Filter::choices(&self.tests) }
    }
}

/// The files that a run reads, or keeps for itself.
fn own(arguments: &Arguments, run: &Run) -> Vec<Own> {
    let mut own = arguments.judging.files();
    own.extend(run.server().map(|server| ("the journal", server.journal.clone())));
    own.extend(scenario_files(&arguments.wanted().paths()).map(|path| ("a scenario file", path)));
    own
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let baseline = match arguments.judging.baseline() {
        Ok(baseline) => baseline,
        Err(code) => return code,
    };
    let prepared = arguments
        .judging
        .run(baseline, arguments.fail_fast)
        .and_then(|run| Ok((Sink::parse(&arguments.reports, &own(&arguments, &run))?, run)));
    let (sinks, mut run) = match prepared {
        Ok(prepared) => prepared,
        Err(problem) => return problem.fail(),
    };
    run.keeps_steps = sinks.iter().any(Sink::shows_steps);
    if arguments.preflight_only {
        let Some(server) = run.server() else {
            let help = "give a server with --target; the built-in reference server needs no check";
            return fail(&"--preflight-only needs a server", Some(help), ExitCode::Usage);
        };
        return preflight(&run, server).await;
    }
    let wanted = arguments.wanted();
    if arguments.watch {
        if let Some(name) = wanted.names().next() {
            let help = "pass the files or folders that you edit: `oidc-harness run --watch scenarios`";
            return fail(
                &format!("--watch needs a file or a folder; `{name}` is neither"),
                Some(help),
                ExitCode::Usage,
            );
        }
        let paths = wanted.paths();
        return watch::execute(&paths, async |catalogue| judge(&run, catalogue, &arguments, &sinks).await).await;
    }
    match Catalogue::chosen(&wanted, Keep::Files) {
        Ok(catalogue) => judge(&run, catalogue, &arguments, &sinks).await,
        Err(error) => unread(&error),
    }
}

/// Plays what is wanted of a catalogue, and reports.
async fn judge(run: &Run, mut catalogue: Catalogue, arguments: &Arguments, sinks: &[Sink]) -> ExitCode {
    if !catalogue.broken.is_empty() {
        complain(render(&catalogue.broken).trim_end());
        return ExitCode::Usage;
    }
    if let Some(baseline) = &run.baseline {
        tell_missing(&catalogue.inventory, baseline);
    }
    let wanted = arguments.wanted();
    if let Some(unmatched) = wanted.unmatched(&catalogue.inventory).filter(|_| !arguments.watch) {
        return no_such_test(unmatched, &catalogue.inventory);
    }
    let meant = arguments.tag.as_deref().and_then(|tag| catalogue.meant_tag(tag));
    catalogue.retain(&wanted);
    if let Some(shard) = arguments.shard {
        catalogue.retain_shard(shard);
    }
    if catalogue.scenarios.is_empty() {
        let help = meant.map_or_else(|| "`oidc-harness list` lists all tests".to_owned(), did_you_mean);
        return fail(&arguments.nothing_wanted(), Some(&help), ExitCode::Usage);
    }
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (false, true) => Detail::Verbose,
        (false, false) => Detail::Usual,
    };
    let style = Style { colour: colour(), is_terminal: std::io::stdout().is_terminal(), detail };
    let live = Live::new(style, arguments.judging.strict);
    if run.is_sound() {
        live.note_sign_in();
    }
    let shown = sinks.iter().any(Sink::is_live);
    let progress = Progress::of(catalogue.tests(), shown && detail > Detail::Quiet, Instant::now());
    let observe = |event: &Event| match event {
        Event::Started { test, .. } => progress.begin(test),
        Event::SetAside { test } => progress.set_aside(test),
        Event::Judged(test) if shown => {
            progress.test(&test.report, arguments.judging.strict, &live.case(&test.report));
        }
        Event::SignInWorks => live.note_sign_in(),
        Event::Ended => progress.end(),
        event => tell_of_preparation(event),
    };
    match run.play(catalogue, observe).await {
        Ok(Ended { report, fault, left }) => {
            let report = Report { flags: arguments.flags(), ..report };
            let code = write(&report, sinks, style, shown);
            tell_github(&report, &sinks.iter().map(Sink::kind).collect::<Vec<_>>());
            let skipped = report.counts.get(Outcome::Skipped);
            if shown && skipped > 0 && run.server().is_some_and(|server| server.access == Access::ReadOnly) {
                complain(&format!(
                    "Read-only: the run tested no sign-in. To play the other {skipped} tests, replace\n  --read-only \
                     by --api-key-file FILE."
                ));
            }
            if !left.is_empty() {
                complain_of("left: ", &accounts_left(&left));
            }
            if let Some(fault) = fault {
                ended_badly(run, &fault);
            }
            if code == ExitCode::Interrupted {
                complain(&RunError::Interrupted.to_string());
            }
            code
        }
        Err(error) => ended_badly(run, &error),
    }
}

/// So many accounts are named one by one.
const NAMED: usize = 10;

/// The accounts with these emails that a run left, as agreed.
fn accounts_left(emails: &[String]) -> String {
    let named = emails.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = emails.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let stay = noun(&emails.len(), "account of the run stays", "accounts of the run stay");
    format!("{} {stay} on the server; an administrator must delete: {named}{more}", emails.len())
}

pub(super) fn ended_badly(run: &Run, error: &RunError) -> ExitCode {
    let code = say(error);
    if let Some(left) = left(run, error) {
        complain_of("left: ", &left);
    }
    code
}

/// What a run that ended by `error` left at the server, and the command that
/// restores it.
pub(crate) fn left(run: &Run, error: &RunError) -> Option<String> {
    let server = run.server().filter(|server| !error.is_done_at(server) && server.is_unfinished())?;
    let key = if error.is_about_the_key() {
        "with a valid key, and the key of this run as --sealing-key-file FILE"
    } else {
        "with the same key"
    };
    let force = if error.needs_force() { " --force" } else { "" };
    let (url, journal) = (&server.url, server.journal.display());
    let left = if server.access == Access::Fixed { "possibly accounts" } else { "settings and possibly accounts" };
    let restarts = server.access.file().is_some_and(|file| file.restart().is_some());
    let restart = if restarts { " --restart-command COMMAND" } else { "" };
    Some(format!(
        "{url} still has {left} of the run. Run `oidc-harness restore{force} --target {url} --journal \
         {journal}{restart}` {key}"
    ))
}

fn say(error: &RunError) -> ExitCode {
    if matches!(error, RunError::Interrupted) {
        complain(&error.to_string());
        return error.exit_code();
    }
    let help = error.help();
    match error {
        // It is laid out in lines; what the server says in them is one line each.
        RunError::SignIn(_) => fail_by_file(error, help.as_deref(), error.exit_code()),
        _ => fail(error, help.as_deref(), error.exit_code()),
    }
}

async fn preflight(run: &Run, server: &Server) -> ExitCode {
    let checked = match run.preflight(tell_of_preparation).await {
        Ok(checked) => checked,
        Err(error) => {
            let code = ended_badly(run, &error);
            suggest_dialect(run, server, &error).await;
            return code;
        }
    };
    for check in checked.iter().flat_map(|checked| &checked.found.checks) {
        if let Ok(text) = &check.outcome {
            tell(&format!("ok    {}: {}\n", check.name, terminal(text)));
        }
    }
    let Some(error) = checked.and_then(|checked| checked.failure()) else { return ExitCode::Good };
    let code = say(&error);
    suggest_dialect(run, server, &error).await;
    code
}

/// Prints a first dialect of a server that answers otherwise than Immich, if
/// the caller gave none.
async fn suggest_dialect(run: &Run, server: &Server, error: &RunError) {
    let is_of_contract = match error {
        RunError::Target(error) => error.is_answer(),
        RunError::SignIn(_) => true,
        _ => false,
    };
    let target = Server::immich(server, run.options.client.clone()).ok();
    let Some(target) = target.filter(|target| is_of_contract && target.dialect().is_immichs()) else { return };
    // The error says already what is wrong with a server that gives no answer.
    if let Ok(Some(text)) = sketch(&target).await {
        complain(
            "help: standard output shows a draft of a dialect for this server. Save it in a file, complete it, and \
             pass it with --dialect FILE",
        );
        print(&terminal_lines(&text));
    }
}

//! What a test file says, and the tests that come of it.

use std::path::PathBuf;
use std::process::{self, Command};
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Trial};

use super::shared_run::SharedRun;
use super::started_server::StartedServer;
use super::test_result::{Tested, something_passed, tested};
use crate::cli::{TARGET, TestFlags, complain, fail, unread};
use crate::diagnostic::DiagnosticLook;
use crate::exit_code::ExitCode;
use crate::report::headlines;
use crate::scenario::{Catalogue, CatalogueError, Filter, Keep, Scenario, scenario_name, test_name};

/// The last test.
const END: &str = "the server is as it was, and something passed";

/// The tests of a server, one for each case of each scenario.
#[derive(Debug)]
#[must_use = "`run` runs the tests"]
pub struct CargoTest {
    flags: Vec<String>,
    command: Option<Command>,
    folders: Vec<PathBuf>,
    with_built_in: bool,
}

/// Returns the built-in scenarios as tests of the server that `flags` name.
///
/// The flags are those of `oidc-harness run` for server, provider and judging;
/// without any, the built-in reference server is tested. Environment variables
/// count as they do for `run`. `OIDC_HARNESS_TARGET` names another server than
/// this one: then no flag counts, and no command is started.
///
/// ```no_run
/// use std::process::{Command, ExitCode};
///
/// fn main() -> ExitCode {
///     oidc_harness::cargo_test(&["--target", "http://127.0.0.1:2283", "--api-key-file", "api-key"])
///         .start(Command::new("./start-server"))
///         .scenarios("scenarios")
///         .run()
/// }
/// ```
pub fn cargo_test(flags: &[&str]) -> CargoTest {
    let flags = flags.iter().map(|word| (*word).to_owned()).collect();
    CargoTest { flags, command: None, folders: Vec::new(), with_built_in: true }
}

impl CargoTest {
    /// Starts the server by `command` if any test is to run, waits until it
    /// answers and the API key file is there, and stops it after the last test.
    /// The command runs as long as the server does.
    pub fn start(self, command: Command) -> Self {
        Self { command: Some(command), ..self }
    }

    /// Adds scenario files, or a folder of them, to the built-in scenarios.
    pub fn scenarios(mut self, path: impl Into<PathBuf>) -> Self {
        self.folders.push(path.into());
        self
    }

    /// Plays scenario files, or a folder of them, without the built-in
    /// scenarios.
    pub fn only_scenarios(self, path: impl Into<PathBuf>) -> Self {
        Self { with_built_in: false, ..self }.scenarios(path)
    }

    /// Runs the tests that the arguments of the process choose, as the test
    /// harness of Rust does, and returns how the process ends: 0 if all is as
    /// expected; 101 if a test failed; or the exit code of
    /// [`ExitCode`](crate::exit_code::ExitCode) for what kept the run from starting.
    pub fn run(self) -> process::ExitCode {
        let arguments = Arguments::from_args();
        match self.run_by(&arguments) {
            Ok(code) => code,
            Err(code) => process::ExitCode::from(code.code()),
        }
    }

    fn run_by(self, arguments: &Arguments) -> Result<process::ExitCode, ExitCode> {
        let catalogue = self.catalogue(arguments).map_err(|error| unread(&error))?;
        let chosen = chosen(&catalogue, arguments);
        if arguments.list || chosen.scenarios.is_empty() {
            return Ok(libtest_mimic::run(arguments, trials(&catalogue, None)).exit_code());
        }
        // Stops the server after all else is done.
        let (run, _server) = self.begun(chosen)?;
        let conclusion = libtest_mimic::run(arguments, trials(&catalogue, Some(&run)));
        let code = conclusion.exit_code();
        if conclusion.num_failed > 1
            && let Ok(report) = run.end()
        {
            complain(&headlines(&report));
        }
        // The tests that were chosen may all be over before the run is.
        match run.complaint() {
            None => Ok(code),
            Some(complaint) => {
                complain(&format!("error: {complaint}"));
                Ok(process::ExitCode::FAILURE)
            }
        }
    }

    /// The files in which a test may be chosen: to read them all takes longer
    /// than most tests do, and cargo-nextest starts a process for each test.
    fn catalogue(&self, arguments: &Arguments) -> Result<Catalogue, CatalogueError> {
        let filter = Filter { texts: arguments.filter.iter().cloned().collect(), ..Filter::default() };
        if self.with_built_in {
            Catalogue::embedded_and(&self.folders, &filter, Keep::Files)
        } else {
            Catalogue::read_for(&self.folders, &filter, Keep::Files)
        }
    }

    /// Starts the server, if a command is given, and the run.
    fn begun(self, chosen: Catalogue) -> Result<(Arc<SharedRun>, Option<StartedServer>), ExitCode> {
        let is_elsewhere = std::env::var_os(TARGET).is_some();
        let flags = if is_elsewhere { Vec::new() } else { self.flags };
        let read = TestFlags::read(&flags)?;
        let server = match self.command.filter(|_| !is_elsewhere) {
            Some(command) => Some(started(command, &read)?),
            None => None,
        };
        let run = read.run()?;
        let flags = if is_elsewhere { read.target()? } else { flags };
        Ok((SharedRun::start(run, &[flags, read.untyped()].concat(), chosen), server))
    }
}

fn started(command: Command, flags: &TestFlags) -> Result<StartedServer, ExitCode> {
    let started = StartedServer::start(command, flags.server()?.as_ref(), flags.key_file());
    started.map_err(|fault| fail(&fault, fault.help().as_deref(), fault.exit_code()))
}

/// The cases that `arguments` choose.
fn chosen(catalogue: &Catalogue, arguments: &Arguments) -> Catalogue {
    let is_chosen = |name: String| !arguments.is_filtered_out(&Trial::test(name, || Ok(())));
    let mut scenarios = catalogue.scenarios.clone();
    for scenario in &mut scenarios {
        let name = scenario.name.clone();
        scenario.retain(|test| is_chosen(test_name(&name, test.case.as_deref())));
    }
    scenarios.retain(|scenario| !scenario.tests.is_empty());
    Catalogue { scenarios, inventory: catalogue.inventory.clone(), ..Catalogue::default() }
}

/// All tests; without a run, none of them is to be run.
fn trials(catalogue: &Catalogue, run: Option<&Arc<SharedRun>>) -> Vec<Trial> {
    let broken = catalogue.broken.iter().map(|broken| {
        let text: String =
            broken.problems.iter().map(|problem| problem.render(&broken.source, DiagnosticLook::PLAIN)).collect();
        Trial::test(scenario_name(&broken.source.path), move || Err(text.into()))
    });
    let cases = catalogue.scenarios.iter().flat_map(|scenario| {
        scenario.tests.iter().map(move |test| {
            let name = test_name(&scenario.name, test.case.as_deref());
            let (run, scenario, test) = (run.cloned(), scenario.clone(), name.clone());
            Trial::ignorable_test(name, move || result(run.as_deref(), &test, &scenario))
        })
    });
    let last = run.cloned();
    let end = Trial::ignorable_test(END, move || match &last {
        Some(run) => something_passed(&run.end()?),
        None => Ok(Completion::ignored_with("no case is chosen")),
    });
    broken.chain(cases).chain([end]).collect()
}

fn result(run: Option<&SharedRun>, test: &str, scenario: &Scenario) -> Tested {
    let run = run.ok_or("it is not chosen")?;
    let report = run.result_of(test)?;
    tested(&report, run.strict(), || run.failure(&report, &scenario.source))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use super::*;

    const OWN: &str = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\nrequirement = [\"OIDC Core §2\"]\n\
        why = \"w\"\n[users.alice]\n[[steps]]\nsign-in.as = \"alice\"\nexpect.outcome = \"signed-in\"\n[cases.one]\n[cases.two]\n";

    fn names(tests: &CargoTest, arguments: &[&str]) -> Vec<String> {
        let arguments = Arguments::from_iter(["tests"].iter().chain(arguments));
        let catalogue = tests.catalogue(&arguments).unwrap();
        let chosen = chosen(&catalogue, &arguments);
        let trials = trials(&catalogue, None);
        let listed = trials.iter().filter(|trial| !arguments.is_filtered_out(trial));
        let listed: Vec<String> = listed.map(|trial| trial.name().to_owned()).collect();
        let others = listed.iter().filter(|name| **name == END || **name == "ours/broken").count();
        assert_eq!(chosen.tests(), listed.len() - others);
        listed
    }

    #[test]
    fn own_scenarios_stand_beside_the_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("ours")).unwrap();
        std::fs::write(folder.path().join("ours/sign-in.toml"), OWN).unwrap();
        let own = ["ours/sign-in::one", "ours/sign-in::two"];
        let tests = cargo_test(&[]).scenarios(folder.path());
        let all = names(&tests, &[]);
        for name in own.iter().chain(&["id-token/wrong-audience::claims-in-userinfo", END]) {
            assert!(all.iter().any(|one| one == name), "{name}");
        }
        assert_eq!(names(&tests, &["ours/"]), own);
        assert_eq!(names(&tests, &["--exact", "ours/sign-in::two"]), ["ours/sign-in::two"]);
        assert_eq!(names(&tests, &["--exact", END]), [END]);
        assert_eq!(names(&tests, &["--ignored"]), Vec::<String>::new());
        let alone = cargo_test(&[]).only_scenarios(folder.path());
        assert_eq!(names(&alone, &[]), [own[0], own[1], END]);
    }

    #[test]
    fn a_broken_file_is_a_test_that_fails() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("ours")).unwrap();
        std::fs::write(folder.path().join("ours/broken.toml"), "format = 1\ntitle = \n").unwrap();
        let tests = cargo_test(&[]).only_scenarios(folder.path());
        assert_eq!(names(&tests, &["--exact", "ours/broken"]), ["ours/broken"]);
        assert!(cargo_test(&[]).scenarios(folder.path().join("none")).catalogue(&Arguments::default()).is_err());
    }
}

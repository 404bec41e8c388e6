//! Printing, and the things that all commands complain about.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::baseline::Baseline;
use crate::diagnostic::{DiagnosticLook, Source, did_you_mean};
use crate::escape::{terminal, terminal_lines};
use crate::exit_code::ExitCode;
use crate::guard::JournalError;
use crate::immich::TargetError;
use crate::paragraph::{WIDTH, advice, fitted};
use crate::report::{FormatError, REPORT_FORMAT, Report};
use crate::scenario::{Broken, Catalogue, CatalogueError, Inventory, PUBLIC_TAGS, Unmatched};

/// Why a result could not be written to standard output; the first time only.
static UNPRINTED: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints a result. A closed pipe is not a fault; [`ended`] reports any other
/// failure to write.
pub(super) fn print(text: &str) {
    let mut output = io::stdout().lock();
    note(output.write_all(text.as_bytes()).and_then(|()| output.flush()));
}

/// Prints a result while `render` makes it.
pub(super) fn print_as_it_comes(
    render: impl FnOnce(&mut dyn Write) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let mut output = BufWriter::new(io::stdout().lock());
    match render(&mut output) {
        Ok(()) => note(output.flush()),
        Err(FormatError::Io(error)) => note(Err(error)),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Notes what came of printing.
fn note(printed: io::Result<()>) {
    if let Err(error) = printed
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        UNPRINTED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// How a command ends that would end so: not well, if its results could not be
/// printed.
pub(super) fn ended(code: ExitCode) -> ExitCode {
    match UNPRINTED.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(error) => {
            let help = "the output is incomplete: check that the disk has free space";
            code.worse(fail(&format!("cannot write to standard output: {error}"), Some(help), ExitCode::Harness))
        }
        None => code,
    }
}

/// Prints a text for people to standard output; on a terminal, no line is wider.
pub(super) fn tell(text: &str) {
    if io::stdout().is_terminal() { print(&fitted(text)) } else { print(text) }
}

/// Prints a complaint; on a terminal, no line is wider.
pub(crate) fn complain(text: &str) {
    let mut errors = io::stderr();
    let _ = if errors.is_terminal() { writeln!(errors, "{}", fitted(text)) } else { writeln!(errors, "{text}") };
}

/// Prints what the parser of arguments says: help to standard output, or a
/// complaint.
pub(super) fn parser_said(said: &clap::Error) {
    if said.use_stderr() && io::stderr().is_terminal() {
        let text = said.render();
        let text = if wants_colour(&io::stderr()) { text.ansi().to_string() } else { text.to_string() };
        complain(text.trim_end());
    } else {
        note(said.print());
    }
}

/// Complains and says what to do. What a server says moves no cursor, and
/// begins no line.
pub(crate) fn fail(what: &impl std::fmt::Display, help: Option<&str>, code: ExitCode) -> ExitCode {
    failed(&terminal(&what.to_string()), help, code)
}

/// The same of a file of the caller's, which takes several lines.
pub(super) fn fail_by_file(what: &impl std::fmt::Display, help: Option<&str>, code: ExitCode) -> ExitCode {
    failed(&terminal_lines(&what.to_string()), help, code)
}

fn failed(what: &str, help: Option<&str>, code: ExitCode) -> ExitCode {
    complain_of("error: ", what);
    if let Some(help) = help {
        complain_of("help: ", &terminal_lines(help));
    }
    code
}

/// Prints a complaint with a label. On a terminal, it takes lines of its own
/// width, unless it is laid out already.
pub(super) fn complain_of(label: &str, text: &str) {
    if io::stderr().is_terminal() && !text.contains('\n') {
        complain(&advice(label, text).join("\n"));
    } else {
        complain(&format!("{label}{text}"));
    }
}

/// Whether standard output wants colour.
pub(super) fn colour() -> bool {
    wants_colour(&io::stdout())
}

fn wants_colour(stream: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    !set("NO_COLOR") && (set("CLICOLOR_FORCE") || stream.is_terminal())
}

/// How a complaint about a file looks.
pub(super) fn look() -> DiagnosticLook {
    let width = if io::stderr().is_terminal() { WIDTH } else { DiagnosticLook::PLAIN.width };
    DiagnosticLook { colour: colour(), width }
}

/// The catalogue in the binary, or the one at `paths`; complains if that
/// cannot be read.
pub(super) fn catalogue(paths: &[PathBuf]) -> Result<Catalogue, ExitCode> {
    if paths.is_empty() { Ok(Catalogue::embedded()) } else { Catalogue::read(paths).map_err(|error| unread(&error)) }
}

/// The scenario file called `name`, if there is one, or else the catalogue in
/// the binary; complains if it cannot be read or is broken. A file may be named
/// as `list` names it, where no built-in one is.
pub(super) fn own_or_built_in(name: &str) -> Result<(bool, Catalogue), ExitCode> {
    // A word such as `baseline` may be that of another file.
    let listed = own_files(name).into_iter().filter(|_| name.contains('/') && !Catalogue::knows(name));
    let own = std::iter::once(name.to_owned()).chain(listed).map(PathBuf::from).find(|path| path.is_file());
    let catalogue = catalogue(own.as_slice())?;
    if !catalogue.broken.is_empty() {
        complain(render(&catalogue.broken).trim_end());
        return Err(ExitCode::Usage);
    }
    Ok((own.is_some(), catalogue))
}

/// Complains about files that cannot be read.
pub(crate) fn unread(error: &CatalogueError) -> ExitCode {
    fail(error, None, ExitCode::Usage)
}

/// Complains about a word or a text that chooses no test.
pub(super) fn no_such_test(unmatched: Unmatched<'_>, inventory: &Inventory) -> ExitCode {
    // `new` writes there, and what it writes is not in the binary.
    let list = if Path::new("scenarios").is_dir() {
        "`oidc-harness list` lists all built-in tests. For your own files, pass their folder: `oidc-harness run \
         scenarios`"
    } else {
        "`oidc-harness list` lists all tests"
    };
    let (what, help) = match unmatched {
        Unmatched::Name(name) => {
            let help = tag_or_file(name).or_else(|| inventory.meant(name).map(did_you_mean));
            (format!("no file, folder or test has the name `{name}`"), help)
        }
        Unmatched::Text(text) => {
            (format!("no test matches `--filter {text}`"), inventory.closest(text).map(did_you_mean))
        }
    };
    fail(&what, Some(help.as_deref().unwrap_or(list)), ExitCode::Usage)
}

/// What to type in place of a tag, or of the name of a file that is the
/// author's own.
fn tag_or_file(name: &str) -> Option<String> {
    if PUBLIC_TAGS.iter().any(|tag| tag.name == name) {
        return Some(format!("`{name}` is a tag: `oidc-harness run --tag {name}`"));
    }
    let (start, case) =
        name.split_once("::").map_or((name, String::new()), |(start, case)| (start, format!("::{case}")));
    let file = own_files(start).into_iter().find(|path| Path::new(path).is_file())?;
    Some(format!("pass the path of your own file: `{file}{case}`"))
}

/// The files that an author may call `name`.
fn own_files(name: &str) -> [String; 2] {
    [format!("{name}.toml"), format!("scenarios/{name}.toml")]
}

/// Why a command cannot be followed as it was given.
#[derive(Debug)]
pub(super) struct UsageProblem {
    pub(super) text: String,
    pub(super) help: Option<Cow<'static, str>>,
}

impl From<String> for UsageProblem {
    fn from(text: String) -> Self {
        Self { text, help: None }
    }
}

impl From<TargetError> for UsageProblem {
    fn from(error: TargetError) -> Self {
        Self { text: error.to_string(), help: Some(error.help()) }
    }
}

impl From<JournalError> for UsageProblem {
    fn from(error: JournalError) -> Self {
        Self { text: error.to_string(), help: Some(error.help().into()) }
    }
}

impl UsageProblem {
    /// Prints the problem. Returns the exit code for a mistake in the arguments.
    pub(super) fn fail(&self) -> ExitCode {
        fail_by_file(&self.text, self.help.as_deref(), ExitCode::Usage)
    }
}

/// The JSON report at `path`; complains if it is none.
pub(super) fn read_report(path: &Path) -> Result<Report, UsageProblem> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let report: Report = serde_json::from_str(&text).map_err(|_| UsageProblem {
        text: format!("{name} is not a JSON report"),
        help: Some("write one with `oidc-harness run --report json=FILE`".into()),
    })?;
    if report.format != REPORT_FORMAT {
        return Err(format!(
            "{name} has format {}, but this program reads format {REPORT_FORMAT}: update the program",
            report.format
        )
        .into());
    }
    Ok(report)
}

/// A baseline; complains about all that is wrong with it.
pub(super) fn baseline(source: Source) -> Result<Baseline, ExitCode> {
    Baseline::parse(source, false).map_err(|broken| {
        complain(render(&[broken]).trim_end());
        ExitCode::Usage
    })
}

/// Warns about entries of a baseline that name unknown tests, or no reference.
/// Returns how many warnings there are.
pub(super) fn tell_missing(inventory: &Inventory, baseline: &Baseline) -> usize {
    let mut warnings = inventory.missing(baseline);
    warnings.extend(baseline.untracked());
    for warning in &warnings {
        complain(&format!("{}\n", warning.render(&baseline.source, look())));
    }
    warnings.len()
}

/// All that is wrong with broken files.
pub(super) fn render(broken: &[Broken]) -> String {
    let look = look();
    let shown = broken.iter().flat_map(|file| file.problems.iter().map(|problem| problem.render(&file.source, look)));
    shown.map(|text| text + "\n\n").collect()
}

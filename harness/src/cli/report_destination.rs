//! Where reports go: the terminal, or files.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::output::{UsageProblem, complain, fail, print, print_as_it_comes};
use crate::escape::terminal;
use crate::exit_code::ExitCode;
use crate::folder::folder_of;
use crate::report::{FORMATS, Format, FormatError, Rendering, Report, Style, baseline_contents, format};

/// A format, and where it goes; to standard output if to no file.
#[derive(Debug)]
pub(super) struct Sink {
    format: &'static Format,
    file: Option<PathBuf>,
}

/// A file that the command reads, or keeps for itself, with what it is: no
/// report may take its place.
pub(super) type Own = (&'static str, PathBuf);

/// What a baseline is called among them; a new one may take its place.
pub(super) const BASELINE: &str = "the baseline";

impl Sink {
    /// Reads what was asked for, and sees to it that files can be written and
    /// are none of the command's `own`; the terminal report goes along, unless
    /// another one goes to standard output. What only programs read goes to no
    /// terminal.
    pub(super) fn parse(reports: &[String], own: &[Own]) -> Result<Vec<Self>, UsageProblem> {
        let mut sinks: Vec<Self> = reports.iter().map(|text| Self::one(text)).collect::<Result<_, _>>()?;
        if let Some(problem) = sinks.iter().find_map(Self::misplaced).filter(|_| io::stdout().is_terminal()) {
            return Err(problem);
        }
        let own: Vec<(&str, Destination)> = own.iter().map(|(what, path)| (*what, Destination::of(path))).collect();
        let mut files: Vec<Destination> = Vec::new();
        for (sink, file) in sinks.iter().filter_map(|sink| Some((sink, sink.file.as_ref()?))) {
            let place = Destination::of(file);
            let is_renewed = |what: &str| what == BASELINE && sink.format.name == "baseline";
            if let Some((what, _)) = own.iter().find(|(what, other)| other.is_same(&place) && !is_renewed(what)) {
                return Err(format!("{} is {what}, and the report would overwrite it", file.display()).into());
            }
            if files.iter().any(|other| other.is_same(&place)) {
                return Err(format!(
                    "two reports have the file {}: the second would overwrite the first",
                    file.display()
                )
                .into());
            }
            files.push(place);
            // Better now than after the run.
            can_be_written(file).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        }
        if sinks.iter().all(|sink| sink.file.is_some()) {
            sinks.insert(0, Self::one("human")?);
        }
        Ok(sinks)
    }

    fn one(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        match format(name) {
            Some(_) if file == Some("") => Err(format!("`{text}` does not name a file; write KIND=FILE")),
            Some(format) => Ok(Self { format, file: file.map(PathBuf::from) }),
            None => {
                let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
                Err(format!(
                    "unknown report `{name}`; allowed reports: {}, each with or without =FILE",
                    names.join(", ")
                ))
            }
        }
    }

    /// What is wrong with it on a terminal, if anything is.
    fn misplaced(&self) -> Option<UsageProblem> {
        let Self { format, file: None } = self else { return None };
        let (name, ending) = (format.name, format.ending?);
        Some(UsageProblem {
            text: format!("the {name} report is for programs, not for a terminal"),
            help: Some(format!("write it to a file: --report {name}=report.{ending}").into()),
        })
    }

    /// The name of its format.
    pub(super) const fn kind(&self) -> &'static str {
        self.format.name
    }

    /// Whether it shows the steps of tests that passed.
    pub(super) const fn shows_steps(&self) -> bool {
        self.format.shows_steps
    }

    /// Writes the report there.
    fn put(&self, report: &Report, style: Style) -> Result<(), FormatError> {
        match (&self.file, self.format.rendering) {
            (None, Rendering::Text(render)) => print(&render(report, style)?),
            (None, Rendering::Stream(render)) => print_as_it_comes(|out| render(report, out))?,
            (Some(path), Rendering::Stream(render)) => {
                let mut out = BufWriter::new(File::create(path)?);
                render(report, &mut out)?;
                out.flush()?;
            }
            (Some(path), Rendering::Text(render)) => {
                // What cannot be rendered takes the place of no earlier report.
                let text = render(report, style)?;
                std::fs::write(path, &text)?;
                if self.format.name == "baseline"
                    && let Some(contents) = baseline_contents(&text)
                {
                    complain(&terminal(&format!("wrote {}: {contents}", path.display())));
                }
            }
        }
        Ok(())
    }

    /// Whether it goes to a file.
    pub(super) fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// Whether it shows every test as it comes.
    pub(super) fn is_live(&self) -> bool {
        self.file.is_none() && self.format.after_live.is_some()
    }
}

/// Where a path leads, so that two names of one file are the same; that of a
/// file that is not there yet, too.
#[derive(Debug)]
struct Destination {
    path: PathBuf,
    /// The device and the inode, which hard links share.
    node: Option<(u64, u64)>,
}

/// The links that Linux follows in one path (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

impl Destination {
    fn of(path: &Path) -> Self {
        let mut path = path.to_owned();
        // A link that leads nowhere yet leads to the file that will be there.
        for _ in 0..MOST_LINKS {
            let Ok(target) = std::fs::read_link(&path) else { break };
            path = folder_of(&path).join(target);
        }
        let new = || Some(std::fs::canonicalize(folder_of(&path)).ok()?.join(path.file_name()?));
        let place = std::fs::canonicalize(&path).ok().or_else(new).unwrap_or(path);
        Self { node: node(&place), path: place }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.path == other.path || self.node.is_some() && self.node == other.node
    }
}

#[cfg(unix)]
fn node(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Returns none: on other systems, the standard library does not know the node.
#[cfg(not(unix))]
const fn node(_: &Path) -> Option<(u64, u64)> {
    None
}

/// Finds out whether a file can be written, and leaves what is there as it
/// was: nothing, or a report of an earlier run, which stays if this one has
/// nothing to tell.
fn can_be_written(file: &Path) -> io::Result<()> {
    match OpenOptions::new().append(true).open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            OpenOptions::new().create(true).append(true).open(file)?;
            // Behind a link that led nowhere, it is what the link names that goes.
            std::fs::remove_file(std::fs::canonicalize(file)?)
        }
        opened => opened.map(drop),
    }
}

/// Writes the report wherever it is wanted; the exit code of the run, unless a
/// file cannot be written. `is_live_done` says whether live formats already have every
/// test.
pub(super) fn write(report: &Report, sinks: &[Sink], style: Style, is_live_done: bool) -> ExitCode {
    // A report that says what no run ends with is not of ours, and not good.
    let of_run = ExitCode::of(report.exit_code).unwrap_or(ExitCode::Failed);
    deliver(report, sinks, style, is_live_done).err().unwrap_or(of_run)
}

/// The same, whatever came of the run.
pub(super) fn deliver(report: &Report, sinks: &[Sink], style: Style, is_live_done: bool) -> Result<(), ExitCode> {
    let mut delivered = Ok(());
    for sink in sinks {
        if let (true, true, Some(after_live)) = (is_live_done, sink.is_live(), sink.format.after_live) {
            // The error that follows describes a run without tests.
            if report.ended_at().is_none() {
                print(&after_live(report, style));
            }
            continue;
        }
        let style = if sink.file.is_some() { Style { colour: false, ..style } } else { style };
        if let Err(problem) = sink.put(report, style) {
            let file = sink.file.as_ref().map(|path| path.display().to_string());
            let what = file.unwrap_or_else(|| sink.format.name.to_owned());
            let help = if let FormatError::Steps(error) = &problem { Some(error.help()) } else { None };
            delivered = Err(fail(&format!("cannot write {what}: {problem}"), help, ExitCode::Harness));
        }
    }
    delivered
}

//! Where reports go: the terminal, or files.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use super::output::{fail, print};
use crate::exit::ExitCode;
use crate::report::{FORMATS, Format, Report, Style, format};

/// A format, and where it goes; to standard output if to no file.
#[derive(Debug)]
pub(super) struct Sink {
    format: &'static Format,
    file: Option<PathBuf>,
}

impl Sink {
    /// Reads what was asked for, and sees to it that files can be written;
    /// people are told as well, unless something else goes to standard output.
    pub(super) fn parse(reports: &[String]) -> Result<Vec<Self>, String> {
        let mut sinks: Vec<Self> = reports.iter().map(|text| Self::one(text)).collect::<Result<_, _>>()?;
        let mut files = BTreeSet::new();
        for file in sinks.iter().filter_map(|sink| sink.file.as_ref()) {
            if !files.insert(file) {
                return Err(format!("{} is named for two reports, and would hold the last one only", file.display()));
            }
            // Better now than after the run.
            can_be_written(file).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        }
        if sinks.iter().all(|sink| sink.file.is_some()) {
            sinks.insert(0, Self::one("human")?);
        }
        Ok(sinks)
    }

    fn one(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        match format(name) {
            Some(_) if file == Some("") => Err(format!("`{text}` names no file")),
            Some(format) => Ok(Self { format, file: file.map(PathBuf::from) }),
            None => {
                let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
                Err(format!("`{name}` is no report; there are {}, each with or without =FILE", names.join(", ")))
            }
        }
    }

    /// A page at `file`.
    pub(super) fn html(file: PathBuf) -> Result<Self, String> {
        Self::one("html").map(|sink| Self { file: Some(file), ..sink })
    }

    /// Whether it shows every test as it comes.
    pub(super) fn is_live(&self) -> bool {
        self.file.is_none() && self.format.after_live.is_some()
    }
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

/// Writes the report wherever it is wanted; the exit code of the run, unless
/// a file cannot be written. `told` says whether live formats were told of
/// every test already.
pub(super) fn write(report: &Report, sinks: &[Sink], style: Style, told: bool) -> ExitCode {
    // A report that says what no run ends with is not of ours, and not good.
    let of_run = ExitCode::of(report.exit_code).unwrap_or(ExitCode::Failed);
    deliver(report, sinks, style, told).err().unwrap_or(of_run)
}

/// The same, whatever came of the run.
pub(super) fn deliver(report: &Report, sinks: &[Sink], style: Style, told: bool) -> Result<(), ExitCode> {
    let mut delivered = Ok(());
    for sink in sinks {
        if let (true, true, Some(after_live)) = (told, sink.is_live(), sink.format.after_live) {
            print(&after_live(report, style));
            continue;
        }
        let style = if sink.file.is_some() { Style { colour: false, ..style } } else { style };
        let rendered = (sink.format.render)(report, style).map_err(|error| error.to_string());
        let written = match (&sink.file, rendered) {
            (None, Ok(text)) => {
                print(&text);
                Ok(())
            }
            (Some(path), Ok(text)) => std::fs::write(path, text).map_err(|error| error.to_string()),
            (_, Err(problem)) => Err(problem),
        };
        if let Err(problem) = written {
            let file = sink.file.as_ref().map(|path| path.display().to_string());
            let what = file.unwrap_or_else(|| sink.format.name.to_owned());
            delivered = Err(fail(&format!("{what} cannot be written: {problem}"), None, ExitCode::Harness));
        }
    }
    delivered
}

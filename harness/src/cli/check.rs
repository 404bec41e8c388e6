//! `oidc-harness check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{self, catalogue, complain, fail, print, render, tell_missing, unread};
use crate::diagnostic::Source;
use crate::document::{FileFormat, Node};
use crate::escape::terminal;
use crate::exit_code::ExitCode;
use crate::plural::counted;
use crate::scenario::{Catalogue, is_among_baselines, read_files};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Scenario files or folders, and baselines
    #[arg(value_name = "PATH", default_value = "scenarios")]
    paths: Vec<PathBuf>,
    /// First convert files of an older format
    #[arg(long)]
    fix: bool,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    if arguments.fix
        && let Err(code) = fix(&arguments.paths)
    {
        return code;
    }
    let baselines: Vec<Source> = arguments.paths.iter().filter_map(|path| baseline(path)).collect();
    let is_scenario = |path: &&PathBuf| !baselines.iter().any(|baseline| baseline.path == **path);
    let scenarios: Vec<PathBuf> = arguments.paths.iter().filter(is_scenario).cloned().collect();
    let code = if scenarios.is_empty() { ExitCode::Good } else { check(&scenarios) };
    let wrong = baselines.into_iter().filter(|source| !is_right(source.clone())).count();
    if wrong > 0 { ExitCode::Usage } else { code }
}

/// Turns scenario files of an older format into the present one. Of baselines,
/// none can be: what was found is not in them.
fn fix(paths: &[PathBuf]) -> Result<(), ExitCode> {
    let files = read_files(paths).map_err(|error| unread(&error))?;
    for source in files.sources.iter().filter(|source| !is_baseline(source)) {
        let Some(text) = FileFormat::SCENARIO.migrated(source) else { continue };
        let path = terminal(&source.path.display().to_string());
        std::fs::write(&source.path, text)
            .map_err(|error| fail(&format!("{path} cannot be written: {error}"), None, ExitCode::Harness))?;
        print(&format!("{path}: converted to format {}\n", FileFormat::SCENARIO.present));
    }
    Ok(())
}

fn check(paths: &[PathBuf]) -> ExitCode {
    let catalogue = match catalogue(paths) {
        Ok(catalogue) => catalogue,
        Err(code) => return code,
    };
    if !catalogue.broken.is_empty() {
        complain(render(&catalogue.broken).trim_end());
        return ExitCode::Usage;
    }
    let scenarios = counted(catalogue.scenarios.len(), "scenario", "scenarios");
    let tests = counted(catalogue.tests(), "test", "tests");
    print(&format!("{scenarios}, {tests}: no mistakes found\n"));
    ExitCode::Good
}

/// The file, if it is a baseline: those have entries where scenarios have
/// steps, or lie among others.
fn baseline(path: &Path) -> Option<Source> {
    let source = Source { path: path.to_owned(), text: std::fs::read_to_string(path).ok()? };
    is_baseline(&source).then_some(source)
}

fn is_baseline(source: &Source) -> bool {
    let has_entries = |node: Node| node.get("known").is_some() && node.get("steps").is_none();
    is_among_baselines(&source.path) || Node::parse(source).is_ok_and(has_entries)
}

/// Says what is wrong with a baseline, and which of its tests are not in the
/// binary. Returns whether it can be used.
fn is_right(source: Source) -> bool {
    let Ok(baseline) = output::baseline(source) else { return false };
    let warnings = tell_missing(&Catalogue::embedded().inventory, &baseline);
    let known = counted(baseline.known.len(), "test is known", "tests are known");
    let verdict = if warnings == 0 { "no mistakes found".to_owned() } else { counted(warnings, "warning", "warnings") };
    print(&format!("the baseline {}, {known}: {verdict}\n", terminal(&baseline.name)));
    true
}

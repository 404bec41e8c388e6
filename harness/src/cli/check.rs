//! `oidc-harness check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{self, catalogue, complain, print, render, tell_missing};
use crate::diagnostic::Source;
use crate::document::Node;
use crate::escape::terminal;
use crate::exit::ExitCode;
use crate::plural::counted;
use crate::scenario::{Catalogue, is_among_baselines};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Scenario files or folders, and baselines.
    #[arg(default_value = "scenarios")]
    paths: Vec<PathBuf>,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let baselines: Vec<Source> = arguments.paths.iter().filter_map(|path| baseline(path)).collect();
    let is_scenario = |path: &&PathBuf| !baselines.iter().any(|baseline| baseline.path == **path);
    let scenarios: Vec<PathBuf> = arguments.paths.iter().filter(is_scenario).cloned().collect();
    let code = if scenarios.is_empty() { ExitCode::Good } else { check(&scenarios) };
    let wrong = baselines.into_iter().filter(|source| !is_right(source.clone())).count();
    if wrong > 0 { ExitCode::Usage } else { code }
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
    print(&format!("{scenarios}, {tests}: nothing is wrong\n"));
    ExitCode::Good
}

/// The file, if it is a baseline: those have entries where scenarios have
/// steps, or lie among others.
fn baseline(path: &Path) -> Option<Source> {
    let source = Source { path: path.to_owned(), text: std::fs::read_to_string(path).ok()? };
    let has_entries = |node: Node| node.get("known").is_some() && node.get("steps").is_none();
    let is_baseline = is_among_baselines(path) || Node::parse(&source).is_ok_and(has_entries);
    is_baseline.then_some(source)
}

/// Says what is wrong with a baseline, and which of its tests are not in the
/// binary. Whether it can be used.
fn is_right(source: Source) -> bool {
    let Ok(baseline) = output::baseline(source) else { return false };
    let lacks = tell_missing(&Catalogue::embedded().inventory, &baseline);
    let known = counted(baseline.known.len(), "test is known", "tests are known");
    let verdict = if lacks { "" } else { ": nothing is wrong" };
    print(&format!("the baseline {}, {known}{verdict}\n", terminal(&baseline.name)));
    true
}

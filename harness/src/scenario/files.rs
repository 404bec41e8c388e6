//! Scenario files on disk, found and read; what is in them is for
//! [`super::Catalogue`].

use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::Arc;

use walkdir::WalkDir;

use super::Broken;
use crate::diagnostic::{Diagnostic, Source};

/// Why scenario files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The path cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Read {
        /// The path.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// There is no such path.
    #[error("there is no file or folder {0}")]
    Missing(PathBuf),
    /// The path holds no scenario.
    #[error("there is no scenario file at {0}")]
    Nothing(PathBuf),
}

/// Files that were read.
#[derive(Debug, Default)]
pub struct Files {
    /// Those that are text.
    pub sources: Vec<Source>,
    /// The others.
    pub broken: Vec<Broken>,
}

impl Files {
    /// All of them, as far as they can be read.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().chain(self.broken.iter().map(|broken| broken.source.as_ref()))
    }
}

/// The scenario files at `paths`, and those in the folders among them.
pub fn read_files(paths: &[PathBuf]) -> Result<Files, CatalogueError> {
    let mut files = Files::default();
    for path in paths {
        let unreadable =
            |error: &dyn std::fmt::Display| CatalogueError::Read { path: path.clone(), reason: error.to_string() };
        if !path.exists() {
            return Err(CatalogueError::Missing(path.clone()));
        }
        let before = files.sources.len() + files.broken.len();
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| unreadable(&error))?;
            if entry.file_type().is_file() && is_scenario(entry.path()) {
                let path = entry.path().to_owned();
                let bytes = std::fs::read(&path)
                    .map_err(|error| CatalogueError::Read { path: path.clone(), reason: error.to_string() })?;
                match String::from_utf8(bytes) {
                    Ok(text) => files.sources.push(Source { path, text }),
                    Err(error) => files.broken.push(no_text(path, &error)),
                }
            }
        }
        if files.sources.len() + files.broken.len() == before {
            return Err(CatalogueError::Nothing(path.clone()));
        }
    }
    Ok(files)
}

/// The paths of the scenario files at `paths`, as far as they can be found.
pub fn scenario_files(paths: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let entries = paths.iter().flat_map(WalkDir::new).filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file() && is_scenario(entry.path())).map(walkdir::DirEntry::into_path)
}

fn no_text(path: PathBuf, error: &FromUtf8Error) -> Broken {
    let place = error.utf8_error().valid_up_to();
    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
    let problem = Diagnostic::error("this is not UTF-8", place..place + char::REPLACEMENT_CHARACTER.len_utf8());
    let problem = problem.note("save the file as UTF-8");
    Broken { source: Arc::new(Source { path, text }), problems: vec![problem] }
}

/// Whether a file of that name is one of ours.
pub fn is_scenario(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml") && !is_among_baselines(path)
}

/// Whether a file lies where baselines do.
pub fn is_among_baselines(path: &Path) -> bool {
    path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "baselines")
}

//! Scenario files on disk, found and read; what is in them is for
//! [`super::Catalogue`].

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::diagnostic::Source;

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

/// The scenario files at `paths`, and those in the folders among them.
pub fn read_files(paths: &[PathBuf]) -> Result<Vec<Source>, CatalogueError> {
    let mut sources = Vec::new();
    for path in paths {
        let unreadable =
            |error: &dyn std::fmt::Display| CatalogueError::Read { path: path.clone(), reason: error.to_string() };
        if !path.exists() {
            return Err(CatalogueError::Missing(path.clone()));
        }
        let before = sources.len();
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| unreadable(&error))?;
            if entry.file_type().is_file() && is_scenario(entry.path()) {
                let text = std::fs::read_to_string(entry.path()).map_err(|error| CatalogueError::Read {
                    path: entry.path().to_owned(),
                    reason: error.to_string(),
                })?;
                sources.push(Source { path: entry.path().to_owned(), text });
            }
        }
        if sources.len() == before {
            return Err(CatalogueError::Nothing(path.clone()));
        }
    }
    Ok(sources)
}

/// Whether a file of that name is one of ours.
pub fn is_scenario(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml")
        && !path.components().any(|part| part.as_os_str() == "baselines")
}

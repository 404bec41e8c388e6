//! Scenario files on disk and in the binary, found and read; what is in them is for
//! [`super::Catalogue`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::Arc;

use oidc_harness_scenarios::{self as built_in, EmbeddedFile};
use walkdir::{DirEntry, WalkDir};

use super::Broken;
use crate::diagnostic::{Diagnostic, Source};
use crate::folder::folder_of;

/// Why scenario files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The path cannot be read.
    #[error("cannot read {path}: {reason}")]
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
    #[error("the folder {0} contains no scenario file")]
    Nothing(PathBuf),
}

/// Files that were read.
#[derive(Debug, Default)]
pub struct Files {
    /// Those that are text.
    pub sources: Vec<Source>,
    /// The others.
    pub broken: Vec<Broken>,
    /// Further ones in the folders of files that were named, in which a proof may be.
    pub beside: Vec<Source>,
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
        for entry in entries(path) {
            let path = entry.map_err(|error| unreadable(&error))?.into_path();
            let bytes = std::fs::read(&path)
                .map_err(|error| CatalogueError::Read { path: path.clone(), reason: error.to_string() })?;
            match String::from_utf8(bytes) {
                Ok(text) => files.sources.push(Source { path, text }),
                Err(error) => files.broken.push(no_text(path, &error)),
            }
        }
        if files.sources.len() + files.broken.len() == before {
            return Err(CatalogueError::Nothing(path.clone()));
        }
    }
    files.beside = files_beside(paths);
    Ok(files)
}

/// The other files in the folders of those paths that are files, as far as they can be
/// read.
fn files_beside(paths: &[PathBuf]) -> Vec<Source> {
    let named = paths.iter().filter(|path| path.is_file()).map(|path| (folder_of(path), path.file_name()));
    let named: BTreeSet<_> = named.collect();
    let folders: BTreeSet<&Path> = named.iter().map(|(folder, _)| *folder).collect();
    let entries = folders.into_iter().flat_map(|folder| WalkDir::new(folder).max_depth(1).sort_by_file_name());
    let files = entries.filter_map(Result::ok).filter(is_scenario).map(DirEntry::into_path);
    let others = files.filter(|path| !named.contains(&(folder_of(path), path.file_name())));
    others.filter_map(|path| Some(Source { text: std::fs::read_to_string(&path).ok()?, path })).collect()
}

/// The scenario files in the binary.
pub(super) fn embedded_files() -> Files {
    Files { sources: built_in::scenarios().map(source).collect(), ..Files::default() }
}

/// A file in the binary, by its path in the repository.
pub(super) fn source(file: EmbeddedFile) -> Source {
    Source { path: Path::new("scenarios").join(file.path), text: file.text.to_owned() }
}

/// The paths of the scenario files at `paths`, as far as they can be found.
pub fn scenario_files(paths: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    paths.iter().flat_map(|path| entries(path)).filter_map(Result::ok).map(DirEntry::into_path)
}

/// The scenario files at `path`, by name.
fn entries(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let entries = WalkDir::new(path).sort_by_file_name().into_iter();
    entries.filter(|entry| entry.as_ref().map_or(true, is_scenario))
}

fn no_text(path: PathBuf, error: &FromUtf8Error) -> Broken {
    let place = error.utf8_error().valid_up_to();
    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
    let problem = Diagnostic::error("this is not UTF-8", place..place + char::REPLACEMENT_CHARACTER.len_utf8());
    let problem = problem.note("save the file as UTF-8");
    Broken { source: Arc::new(Source { path, text }), problems: vec![problem] }
}

/// Whether it is a file of ours. A Cargo package has TOML files of another kind
/// in its own folder; its scenarios are below, in the folders of their topics.
fn is_scenario(entry: &DirEntry) -> bool {
    let path = entry.path();
    let is_of_package = || entry.depth() > 0 && path.with_file_name("Cargo.toml").is_file();
    let is_toml = path.extension().is_some_and(|ending| ending == "toml");
    is_toml && entry.file_type().is_file() && !is_among_baselines(path) && !is_of_package()
}

/// Whether a file lies where baselines do.
pub fn is_among_baselines(path: &Path) -> bool {
    path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "baselines")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_package_keeps_its_scenarios_in_topic_folders() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("topic")).unwrap();
        for name in ["Cargo.toml", "clippy.toml", "topic/one.toml"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let names = |path: &str| {
            let paths = [folder.path().join(path)];
            let read: Vec<_> = read_files(&paths).unwrap().sources.into_iter().map(|source| source.path).collect();
            assert_eq!(scenario_files(&paths).collect::<Vec<_>>(), read);
            read.iter().map(|path| path.strip_prefix(folder.path()).unwrap().display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(""), ["topic/one.toml"]);
        assert_eq!(names("clippy.toml"), ["clippy.toml"]);
        std::fs::remove_file(folder.path().join("Cargo.toml")).unwrap();
        assert_eq!(names(""), ["clippy.toml", "topic/one.toml"]);
    }

    /// A command that plays one test names its file alone.
    #[test]
    fn a_proof_may_be_in_the_folder_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let topic = folder.path().join("topic");
        std::fs::create_dir_all(topic.join("deeper")).unwrap();
        for name in ["one.toml", "other.toml", "text.txt", "deeper/third.toml"] {
            std::fs::write(topic.join(name), "").unwrap();
        }
        let beside = |path: &Path| {
            let beside = read_files(&[path.to_owned()]).unwrap().beside;
            beside.into_iter().map(|source| source.path).collect::<Vec<_>>()
        };
        assert_eq!(beside(&topic.join("one.toml")), [topic.join("other.toml")]);
        assert!(beside(&topic).is_empty());
    }
}

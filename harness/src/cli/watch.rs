//! `oidc-harness run --watch`: plays what changed, as soon as it is saved.
//!
//! It compares texts of files, and ignores what the system's events say:
//! editors rename, truncate and touch in many ways, and an event only says that
//! it is time to look.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use mock_idp::Interruption;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use super::output::{fail, print};
use crate::diagnostic::Source;
use crate::exit_code::ExitCode;
use crate::folder::folder_of;
use crate::scenario::{Catalogue, Files, read_files};

/// Editors empty a file before they fill it; by then both is done.
const PAUSE: Duration = Duration::from_millis(50);

/// Plays all, then what changes, until Ctrl-C.
pub(super) async fn execute(paths: &[PathBuf], judge: impl AsyncFn(Catalogue) -> ExitCode) -> ExitCode {
    let mut interruption = Interruption::listen();
    let (mut watch, mut changed) = match Watch::begin(paths) {
        Ok(begun) => begun,
        Err(problem) => return fail(&problem, None, ExitCode::Usage),
    };
    loop {
        if std::io::stdout().is_terminal() {
            print("\x1b[2J\x1b[H");
        }
        let ended = judge(catalogue_of(changed, &watch.all())).await;
        // Asked in the middle of it, the run put everything back.
        if matches!(ended, ExitCode::Interrupted) {
            return ended;
        }
        print("\nwaiting for changes; press Ctrl-C to stop\n");
        tokio::select! {
            files = watch.changed() => changed = files,
            () = interruption.wait() => {
                // The terminal wrote `^C`; what comes next has a line of its own.
                if std::io::stdout().is_terminal() {
                    print("\n");
                }
                return ExitCode::Good;
            }
        }
    }
}

fn catalogue_of(files: Files, unread: &[Source]) -> Catalogue {
    let mut catalogue = Catalogue::of_beside(files.sources, &[unread, &files.beside].concat());
    catalogue.broken.extend(files.broken);
    catalogue
}

/// Scenario files, and how they looked last.
struct Watch {
    paths: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, String>,
    events: mpsc::UnboundedReceiver<()>,
    /// Once dropped, it reports no more changes.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Begins to watch; all files there are.
    fn begin(paths: &[PathBuf]) -> Result<(Self, Files), String> {
        let (sender, events) = mpsc::unbounded_channel();
        let handler = move |event: notify::Result<Event>| {
            // Reading is an event, too, and would go on for ever.
            if event.map_or(true, |event| !event.kind.is_access()) {
                let _ = sender.send(());
            }
        };
        let mut watcher = notify::recommended_watcher(handler).map_err(|error| error.to_string())?;
        for path in paths {
            // A file that is replaced is another one; its folder stays.
            let (place, mode) = if path.is_dir() {
                (path.as_path(), RecursiveMode::Recursive)
            } else {
                (folder_of(path), RecursiveMode::NonRecursive)
            };
            watcher.watch(place, mode).map_err(|error| format!("cannot watch {}: {error}", place.display()))?;
        }
        let files = read_files(paths).map_err(|error| error.to_string())?;
        let mut watch = Self { paths: paths.to_owned(), seen: BTreeMap::new(), events, _watcher: watcher };
        watch.note(&files);
        Ok((watch, files))
    }

    /// Waits until something was saved; the files that differ.
    async fn changed(&mut self) -> Files {
        while self.events.recv().await.is_some() {
            tokio::time::sleep(PAUSE).await;
            while self.events.try_recv().is_ok() {}
            let changed = self.look();
            if changed.all().next().is_some() {
                return changed;
            }
        }
        std::future::pending().await
    }

    /// The files that differ from what was seen, which is noted.
    fn look(&mut self) -> Files {
        let mut changed = Files::default();
        let is_new = |source: &Source| self.seen.get(&source.path) != Some(&source.text);
        // One that is not there may be between two states of an editor.
        for files in self.paths.iter().filter_map(|path| read_files(std::slice::from_ref(path)).ok()) {
            changed.sources.extend(files.sources.into_iter().filter(is_new));
            changed.broken.extend(files.broken.into_iter().filter(|broken| is_new(&broken.source)));
            changed.beside.extend(files.beside);
        }
        self.note(&changed);
        changed
    }

    /// All files, as they looked last.
    fn all(&self) -> Vec<Source> {
        self.seen.iter().map(|(path, text)| Source { path: path.clone(), text: text.clone() }).collect()
    }

    fn note(&mut self, files: &Files) {
        self.seen.extend(files.all().map(|source| (source.path.clone(), source.text.clone())));
    }
}

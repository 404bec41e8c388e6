//! `oidc-harness run --watch`: plays what changed, as soon as it is saved.
//!
//! Which files changed is told by their text, not by the system's events:
//! editors rename, truncate and touch in many ways, and an event only says
//! that it is time to look.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use mock_idp::Interruption;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use super::output::{fail, print};
use crate::diagnostic::Source;
use crate::exit::ExitCode;
use crate::folder::folder_of;
use crate::scenario::{Catalogue, Files, read_files};

/// Editors empty a file before they fill it; by then both is done.
const PAUSE: Duration = Duration::from_millis(50);

/// Plays all, then what changes, until somebody ends it.
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
        let ended = judge(Catalogue::of(changed)).await;
        // Asked in the middle of it, the run put everything back.
        if matches!(ended, ExitCode::Interrupted) {
            return ended;
        }
        print("\nwaiting for a file to be saved; Ctrl-C ends it\n");
        tokio::select! {
            sources = watch.changed() => changed = sources,
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

/// Scenario files, and how they looked last.
struct Watch {
    paths: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, String>,
    events: mpsc::UnboundedReceiver<()>,
    /// Dropped, it tells nothing any more.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Begins to watch; all files there are.
    fn begin(paths: &[PathBuf]) -> Result<(Self, Vec<Source>), String> {
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
            watcher.watch(place, mode).map_err(|error| format!("{} cannot be watched: {error}", place.display()))?;
        }
        let Files { sources, .. } = read_files(paths).map_err(|error| error.to_string())?;
        let seen = sources.iter().map(|source| (source.path.clone(), source.text.clone())).collect();
        Ok((Self { paths: paths.to_owned(), seen, events, _watcher: watcher }, sources))
    }

    /// Waits until something was saved; the files that differ.
    async fn changed(&mut self) -> Vec<Source> {
        while self.events.recv().await.is_some() {
            tokio::time::sleep(PAUSE).await;
            while self.events.try_recv().is_ok() {}
            let changed = self.look();
            if !changed.is_empty() {
                return changed;
            }
        }
        std::future::pending().await
    }

    /// The files that differ from what was seen, which is noted.
    fn look(&mut self) -> Vec<Source> {
        // One that is not there may be between two states of an editor.
        let read = self.paths.iter().filter_map(|path| read_files(std::slice::from_ref(path)).ok());
        let there = read.flat_map(|files| files.sources);
        let changed: Vec<Source> = there.filter(|source| self.seen.get(&source.path) != Some(&source.text)).collect();
        self.seen.extend(changed.iter().map(|source| (source.path.clone(), source.text.clone())));
        changed
    }
}

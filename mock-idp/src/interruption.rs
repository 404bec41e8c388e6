//! Signals that end the program: Ctrl-C, SIGTERM and the like. Listened for
//! from the beginning, so that none is lost.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for the wish that the program ends.
#[derive(Debug)]
pub struct Interruption {
    #[cfg(unix)]
    signals: Vec<Signal>,
}

impl Interruption {
    /// Listens from now on, inside of a runtime.
    pub fn listen() -> Self {
        Self {
            // A system without one of them cannot send it.
            #[cfg(unix)]
            signals: [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()]
                .into_iter()
                .filter(|kind| *kind != SignalKind::hangup() || !is_ignored(*kind))
                .filter_map(|kind| signal(kind).ok())
                .collect(),
        }
    }

    /// Returns at the first such signal.
    #[cfg(unix)]
    pub async fn wait(&mut self) {
        if self.signals.is_empty() {
            std::future::pending::<()>().await;
        }
        let waiting = self.signals.iter_mut().map(|signal| Box::pin(signal.recv()));
        futures_util::future::select_all(waiting).await;
    }

    /// Returns at the first such signal.
    #[cfg(not(unix))]
    pub async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whether the parent process, such as `nohup`, ignores this signal. Told by
/// Linux alone.
#[cfg(unix)]
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (kind.as_raw_value() - 1) & 1 == 1
}

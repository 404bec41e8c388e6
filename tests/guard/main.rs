//! What a run must not leave behind, overwrite or mistake, seen from outside: a
//! faulty server, changes of its settings by others, a journal that is lost or
//! elsewhere. Each message has its golden file.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::process::Child;
use std::sync::Arc;

mod accounts;
mod changes;
mod hanging;
mod journal;
mod leftovers;
mod redirect;
mod sign_in;

use crate::proxy::{Proxy, Trouble};
use crate::server::{Staging, client, is_alive};

/// Few tests, but all that a run does: sign-ins, accounts, several settings.
const FILTER: &str = "auto-register/linked-by-email";

async fn staging() -> (Staging, Arc<Proxy>) {
    let mut staging = Staging::start().await;
    let (proxy, address) = Proxy::before(&staging.url, client()).await;
    staging.address = address;
    (staging, proxy)
}

/// Starts a run and kills it once it has changed settings and made accounts.
async fn killed_in_the_middle(staging: &Staging) {
    let mut child = staging.run_of("a").spawn().unwrap();
    while staging.state().await.1.len() == 1 {
        is_alive(&mut child);
        tokio::task::yield_now().await;
    }
    kill(child);
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// From now on, and for requests that are counted anew.
fn trouble(proxy: &Proxy, trouble: Trouble) {
    proxy.seen.lock().unwrap().clear();
    *proxy.trouble.lock().unwrap() = trouble;
}

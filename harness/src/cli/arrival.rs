//! Where a browser arrives after a sign-in: caught on this machine, or pasted by the
//! person.

use std::io;

use mock_idp::Url;
use tokio::signal::ctrl_c;
use tokio::sync::oneshot;

use super::output::{UsageProblem, complain};
use crate::doctor::CallbackListener;
use crate::escape::terminal;

/// How a browser sets out and comes back.
pub(super) struct BrowserReturn<'a> {
    /// Where it comes back to.
    pub redirect_uri: &'a str,
    /// Whether a server answers there, so that the doctor cannot listen.
    pub is_served: bool,
    /// Whether the doctor opens the address in the browser.
    pub is_opened: bool,
}

/// Prints the address to open, and returns where the browser arrives; `None` where
/// the person gives up. Listens at a redirect URI on this machine.
pub(super) async fn arrived(url: &Url, arrival: &BrowserReturn<'_>) -> Result<Option<Url>, UsageProblem> {
    let redirect_uri = arrival.redirect_uri;
    let parsed = Url::parse(redirect_uri).ok().filter(|_| !arrival.is_served);
    let here = parsed.and_then(|uri| Some((CallbackListener::address(&uri)?, uri)));
    let listener = if let Some((address, uri)) = here {
        let listener = CallbackListener::listen(&uri, address).await;
        Some(listener.map_err(|error| format!("--redirect-uri: the doctor cannot listen on {address}: {error}"))?)
    } else {
        None
    };
    complain(&format!("sign-in: open this address in a browser, and sign in there:\n\n{}\n", terminal(url.as_str())));
    if arrival.is_opened {
        open(url).await;
    }
    let arrival = async {
        if let Some(listener) = listener {
            complain(&terminal(&format!(
                "sign-in: waiting for the browser at {redirect_uri}, which must be registered at the provider. Ctrl-C \
                 cancels."
            )));
            return listener.arrived().await;
        }
        complain(&terminal(&format!(
            "sign-in: the browser comes back to {redirect_uri}, which may show an error. Copy the whole address from \
             the browser and paste it here. An empty line cancels."
        )));
        pasted().await
    };
    tokio::select! {
        // Ctrl-C counts from the moment at which the terminal names it.
        biased;
        _ = ctrl_c() => Ok(None),
        arrived = arrival => Ok(arrived),
    }
}

/// Opens the address in the person's browser. Without one, the printed address is
/// enough.
async fn open(url: &Url) {
    let url = url.to_string();
    let opened = tokio::task::spawn_blocking(move || webbrowser::open(&url)).await;
    if !matches!(opened, Ok(Ok(()))) {
        complain("sign-in: the doctor cannot open a browser here; open the address yourself");
    }
}

/// Returns the first line of standard input that is an address with parameters;
/// `None` at an empty line or at its end.
async fn pasted() -> Option<Url> {
    let (sender, receiver) = oneshot::channel();
    // The runtime would wait for a task of its own that reads standard input.
    std::thread::spawn(move || {
        let lines = io::stdin().lines().map_while(Result::ok);
        let mut answers = lines.filter_map(|line| match line.trim() {
            "" => Some(None),
            text => address(text).map(Some),
        });
        let _ = sender.send(answers.next().flatten());
    });
    receiver.await.ok().flatten()
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| url.query().is_some());
    if url.is_none() {
        complain(
            "sign-in: this address has no parameters after a `?`. Paste the whole address, or press Enter to cancel.",
        );
    }
    url
}

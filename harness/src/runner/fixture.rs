//! What a worker lends to each play. [`super::prepared`] prepares the play,
//! [`super::play`] plays it.

use std::sync::Arc;

use mock_idp::{Guest, Provider};
use rand::rngs::StdRng;

use super::event::Events;
use crate::http_client::BrowserClients;
use crate::reference::Restarter;

/// What a scenario is played on.
pub(super) struct Fixture {
    pub(super) provider: Arc<Provider>,
    /// With what browsers go there, and to the target.
    pub(super) browser_clients: BrowserClients,
    /// What restarts the target, if the harness can.
    pub(super) restarter: Option<Restarter>,
    /// What marks everything of this run.
    pub(super) mark: String,
    /// What marks the identities of this play.
    pub(super) run: String,
    /// The client secret of plays whose settings are alike.
    pub(super) standing_secret: String,
    pub(super) random: StdRng,
    /// The issuer, if it shares its path with those of plays beside this one.
    pub(super) guest: Option<Guest>,
    pub(super) events: Events,
}

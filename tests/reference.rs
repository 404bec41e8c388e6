//! The reference server inside of a test, as it comes.

use std::sync::Arc;

use harness::http_client::ProviderClients;
use harness::reference::{ReferenceOptions, ReferenceServer};
use mock_idp::Clock;

/// One at any free port of loopback, without a defect.
pub async fn start() -> ReferenceServer {
    let clients = ProviderClients::of_the_system(b"").unwrap();
    let options = ReferenceOptions::on_loopback(Arc::new(|| Clock::system().now()), clients);
    ReferenceServer::start(options).await.unwrap()
}

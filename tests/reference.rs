//! The reference server inside of a test, as it comes.

use std::sync::Arc;

use harness::http_client::ProviderClients;
use harness::reference::{ReferenceOptions, ReferenceServer};
use mock_idp::Clock;

/// One at any free port of loopback, without a defect.
pub async fn start() -> ReferenceServer {
    let options = ReferenceOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        defects: Vec::new(),
        configuration: None,
        replicas: 1,
        api_key: None,
        permissions: Vec::new(),
        clock: Arc::new(|| Clock::system().now()),
        clients: ProviderClients::of_the_system(b"").unwrap(),
        seed: 1,
    };
    ReferenceServer::start(options).await.unwrap()
}

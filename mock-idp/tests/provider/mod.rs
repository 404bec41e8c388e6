//! What the tests of a provider share: how it is started, and an issuer with
//! one client and Alice.

use indexmap::IndexMap;
use mock_idp::{Client, Clock, Deviations, EndUser, KeySource, ProviderOptions, ProviderSettings, Registration, Tls};
use serde_json::json;

/// The secret of the run.
pub const SECRET: &str = "of-the-run";

/// At any free port of loopback, with everything fixed that can be.
pub fn options() -> ProviderOptions {
    ProviderOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        keys: KeySource::Published,
        clock: Clock::frozen(1_800_000_000),
        seed: 7,
        secret: SECRET.into(),
        authority: None,
    }
}

/// An honest issuer at this path, whose client wants its user agents back
/// there.
pub fn registration(path: &str, redirect_uris: &[&str]) -> Registration {
    let claims = json!({ "email": "alice@example.test", "name": "Alice" });
    let alice = EndUser { sub: "a".into(), claims: claims.as_object().cloned().unwrap_or_default() };
    Registration {
        path: path.into(),
        tls: Tls::None,
        client: Client {
            id: "c".into(),
            secret: Some("s".into()),
            redirect_uris: redirect_uris.iter().map(|uri| (*uri).to_owned()).collect(),
            keys: Vec::new(),
        },
        settings: ProviderSettings::default(),
        deviations: Deviations::default(),
        end_users: IndexMap::from([("alice".into(), alice)]),
    }
}

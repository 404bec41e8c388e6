//! The clients that take part, in one list: how to get each going and what it
//! cannot do.

use mock_idp::{Algorithm, ClientAuthentication};
use tokio::runtime::Handle;

use super::client::Client;
use super::process::Process;
use super::sign_in::SetUp;

/// A third-party client.
pub struct Peer {
    /// Its name in `refusals.toml`.
    pub name: &'static str,
    /// Gets it going, or says why it is not at hand.
    pub start: fn(Handle) -> Result<Box<dyn Client>, String>,
    /// What it cannot do, so that it must say no.
    lacks: &'static [Lack],
}

/// Something a client cannot do.
struct Lack {
    what: &'static str,
    needed: fn(SetUp) -> bool,
}

impl Peer {
    /// What this set-up needs and the client lacks.
    pub fn lacks(&self, set_up: SetUp) -> Option<&'static str> {
        self.lacks.iter().find(|lack| (lack.needed)(set_up)).map(|lack| lack.what)
    }

    /// Everything that it lacks, in words.
    pub fn lacking(&self) -> impl Iterator<Item = &'static str> {
        self.lacks.iter().map(|lack| lack.what)
    }
}

/// All of them.
pub static PEERS: &[Peer] = &[
    Peer {
        name: "openidconnect",
        start: openidconnect,
        lacks: &[
            Lack {
                what: "`private_key_jwt`",
                needed: |set_up| set_up.authentication == ClientAuthentication::PrivateKeyJwt,
            },
            Lack {
                what: "algorithms other than RS256 for signed UserInfo answers",
                needed: |set_up| set_up.userinfo_algorithm.is_some_and(|algorithm| algorithm != Algorithm::Rs256),
            },
            Lack {
                what: "`at_hash` with HS256, whose key it looks for in the key set",
                needed: |set_up| set_up.access_token_hash && set_up.algorithm == Algorithm::Hs256,
            },
        ],
    },
    Peer {
        name: "openid-client",
        start: |_| Ok(Box::new(Process::node("checked")?)),
        lacks: &[Lack {
            what: "HS256 once signatures are checked",
            needed: |set_up| set_up.algorithm == Algorithm::Hs256,
        }],
    },
    Peer { name: "openid-client-as-immich", start: |_| Ok(Box::new(Process::node("immich")?)), lacks: &[] },
    Peer {
        name: "authlib",
        start: |_| Ok(Box::new(Process::python()?)),
        lacks: &[
            Lack { what: "signed UserInfo answers", needed: |set_up| set_up.userinfo_algorithm.is_some() },
            Lack { what: "HS256", needed: |set_up| set_up.algorithm == Algorithm::Hs256 },
        ],
    },
];

#[cfg(feature = "openidconnect")]
fn openidconnect(runtime: Handle) -> Result<Box<dyn Client>, String> {
    Ok(Box::new(super::openidconnect::OpenIdConnect::new(runtime)?))
}

#[cfg(not(feature = "openidconnect"))]
fn openidconnect(_: Handle) -> Result<Box<dyn Client>, String> {
    Err("this build is without the `openidconnect` feature".into())
}

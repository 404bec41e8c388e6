//! What the suite asks of every client, whatever language it is written in:
//! begin a sign-in, and finish it with the URL that the user agent came back
//! to. How a client does that is for its own file.

use mock_idp::{Algorithm, ClientAuthentication};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a client is configured with.
#[derive(Debug, Clone, Serialize)]
pub struct Configuration {
    /// The issuer, as its discovery document names it.
    pub issuer: String,
    /// The client's id.
    pub client_id: String,
    /// Its secret; none for a public client.
    pub client_secret: Option<String>,
    /// Its RSA key, in PEM, if it proves by it who it is.
    pub client_key: Option<&'static str>,
    /// Where it wants its user agents back.
    pub redirect_uri: String,
    /// The scopes that it asks for.
    pub scope: &'static str,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// The response mode that it asks for, if any.
    pub response_mode: Option<&'static str>,
    /// Whether it sends a code challenge.
    pub pkce: bool,
    /// The algorithm that was agreed on for ID tokens.
    pub signing_algorithm: Algorithm,
    /// The algorithm that was agreed on for `UserInfo`; none for plain JSON.
    pub userinfo_signing_algorithm: Option<Algorithm>,
}

/// A sign-in that waits for its user agent.
#[derive(Debug)]
pub struct Started {
    /// Which of them it is.
    pub session: u64,
    /// The authorization request.
    pub url: String,
}

/// The user agent back at the client.
#[derive(Debug, Clone, Serialize)]
pub struct Callback {
    /// The URL that it came to.
    pub url: String,
    /// The form that it posted there, if it did.
    pub form: Option<String>,
}

/// What a client has learnt of the end-user.
#[derive(Debug, Deserialize)]
pub struct Identity {
    /// The claims of the ID token, if the client took one.
    #[serde(default)]
    pub id_token: Option<Map<String, Value>>,
    /// The claims of `UserInfo`, if the client asked.
    #[serde(default)]
    pub userinfo: Option<Map<String, Value>>,
    /// The claims of the ID token that a refresh token brought, if the client
    /// has one.
    #[serde(default)]
    pub refreshed: Option<Map<String, Value>>,
}

impl Identity {
    /// The first value of a claim: ID token, then `UserInfo`.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        let sources = [&self.id_token, &self.userinfo];
        sources.into_iter().flatten().find_map(|claims| claims.get(name))
    }
}

/// A client that said no.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    /// What it was about to do: `discovery`, `request`, `callback`, `userinfo`.
    pub step: String,
    /// Its library's own words, without values that change from run to run.
    pub reason: String,
}

/// A third-party relying party, behind some lines that drive it.
pub trait Client: Send + Sync {
    /// Reads the discovery document and makes the authorization request.
    fn start(&self, configuration: &Configuration) -> Result<Started, Refusal>;

    /// Takes the callback; fetches what there is to know of the end-user.
    fn finish(&self, session: u64, callback: &Callback) -> Result<Identity, Refusal>;
}

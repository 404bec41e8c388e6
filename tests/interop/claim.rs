//! What the clients' own documentation says that they refuse or let pass
//! (`claims.toml`). A record of the last run does not change that.

use indexmap::IndexMap;
use serde::Deserialize;

use super::client::Client;
use super::peer::{PEERS, Peer};
use super::sign_in::Stage;
use super::verdict::{Verdict, judge};

/// One sentence of documentation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Where it stands.
    source: String,
    /// What it says, in our words.
    says: String,
    /// The quirks that the client must refuse by it.
    #[serde(default)]
    refuses: Vec<String>,
    /// The quirks that it must let pass by it.
    #[serde(default)]
    accepts: Vec<String>,
}

/// The claims of every client.
#[derive(Debug, Default, Deserialize)]
pub struct Claims(IndexMap<String, Vec<Claim>>);

impl Claims {
    /// Reads the file.
    pub fn read() -> Result<Self, String> {
        let claims: Self = toml::from_str(include_str!("claims.toml")).map_err(|error| error.to_string())?;
        for (name, said) in &claims.0 {
            if !PEERS.iter().any(|peer| peer.name == name) {
                return Err(format!("there is no client `{name}`"));
            }
            let quirks = said.iter().flat_map(|claim| claim.refuses.iter().chain(&claim.accepts));
            for quirk in quirks {
                mock_idp::quirk(quirk).ok_or_else(|| format!("there is no quirk `{quirk}`"))?;
            }
        }
        Ok(claims)
    }

    /// Whether the client's documentation speaks of this quirk.
    pub fn mention(&self, peer: &str, quirk: &str) -> bool {
        let named = |claim: &Claim| claim.refuses.iter().chain(&claim.accepts).any(|name| name == quirk);
        self.0.get(peer).is_some_and(|claims| claims.iter().any(named))
    }

    /// Where the client does not do what its documentation says.
    pub fn broken(&self, stage: &Stage, client: &dyn Client, peer: &Peer) -> Vec<String> {
        let mut broken = Vec::new();
        for claim in self.0.get(peer.name).into_iter().flatten() {
            let mut demand = |names: &[String], holds: fn(&Verdict) -> bool| {
                for quirk in names.iter().filter_map(|name| mock_idp::quirk(name)) {
                    let verdict = judge(stage, client, peer, quirk);
                    if !holds(&verdict) {
                        broken.push(format!("{}: {verdict}. {} ({})", quirk.name, claim.says, claim.source));
                    }
                }
            };
            demand(&claim.refuses, |verdict| matches!(verdict, Verdict::Refused(_)));
            demand(&claim.accepts, |verdict| *verdict == Verdict::Accepted);
        }
        broken
    }
}

//! What each client makes of each quirk, and the file that remembers it.
//!
//! `refusals.toml` has a table per client and a line per quirk. It is compared
//! both ways: a verdict that changed is red, and so is a quirk without a line.
//! `UPDATE_REFUSALS=1` writes the tables of the clients at hand anew.

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use mock_idp::{ClientAuthentication, Deviations, QUIRKS, Quirk};
use serde_json::{Map, json};

use super::client::{Client, Refusal};
use super::peer::Peer;
use super::sign_in::{End, SetUp, Stage};

/// What a client makes of a quirk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It notices.
    Refused(Refusal),
    /// It signs the end-user in all the same.
    Accepted,
    /// The user agent is not sent back to the client; the status that it meets
    /// instead, if it meets anything.
    NotAsked(Option<u16>),
    /// The altered message never reaches it.
    NotMet,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(Refusal { step, reason }) => write!(f, "refused at {step}: {reason}"),
            Self::Accepted => f.write_str("accepted"),
            Self::NotAsked(Some(status)) => write!(f, "not asked: the user agent meets {status}"),
            Self::NotAsked(None) => f.write_str("not asked: the user agent cannot go there"),
            Self::NotMet => f.write_str("not met"),
        }
    }
}

/// The ways to meet a quirk, tried in this order until one does.
fn set_ups() -> [SetUp; 5] {
    let usual = SetUp::default();
    [
        usual,
        SetUp { pkce: false, ..usual },
        SetUp { authentication: ClientAuthentication::ClientSecretBasic, ..usual },
        SetUp { userinfo_algorithm: Some(usual.algorithm), ..usual },
        SetUp { mobile: true, ..usual },
    ]
}

/// The controls: without a quirk, each of the ways must lead in, or a refusal
/// on it would prove nothing.
pub fn controls(stage: &Stage, client: &dyn Client, peer: &Peer) -> Vec<String> {
    let tried = set_ups().into_iter().filter(|set_up| peer.lacks(*set_up).is_none());
    let ends = tried.map(|set_up| (set_up, stage.sign_in(client, set_up, &Deviations::default()).end));
    let failed = ends.filter(|(_, end)| !matches!(end, End::SignedIn(_)));
    failed.map(|(set_up, end)| format!("the control fails: {end:?} with {set_up:?}")).collect()
}

/// Lets a client meet a quirk.
pub fn judge(stage: &Stage, client: &dyn Client, peer: &Peer, quirk: &Quirk) -> Verdict {
    let quirks = Map::from_iter([(quirk.name.to_owned(), json!(true))]);
    let deviations = Deviations::parse(&quirks, &Map::new()).expect("every quirk can be switched on");
    for set_up in set_ups().into_iter().filter(|set_up| peer.lacks(*set_up).is_none()) {
        let sign_in = stage.sign_in(client, set_up, &deviations);
        match sign_in.end {
            End::Refused(refusal) => return Verdict::Refused(refusal),
            End::NoCallback(status) => return Verdict::NotAsked(status),
            End::SignedIn(_) if sign_in.altered => return Verdict::Accepted,
            End::SignedIn(_) => {}
        }
    }
    Verdict::NotMet
}

/// The verdicts of one client by quirk, in words.
pub type Verdicts = IndexMap<String, String>;

/// Lets a client meet every quirk of the list.
pub fn judge_all(stage: &Stage, client: &dyn Client, peer: &Peer) -> Verdicts {
    let verdict = |quirk: &&Quirk| (quirk.name.to_owned(), judge(stage, client, peer, quirk).to_string());
    QUIRKS.iter().map(verdict).collect()
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/refusals.toml")
}

/// What is remembered, by client.
pub fn remembered() -> IndexMap<String, Verdicts> {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    toml::from_str(&text).expect("refusals.toml is a table of tables of texts")
}

/// Where remembered and new verdicts differ, as lines to paste or to take out.
pub fn differences(peer: &str, remembered: &Verdicts, new: &Verdicts) -> Vec<String> {
    let names = new.keys().chain(remembered.keys().filter(|name| !new.contains_key(*name)));
    let differing = names.filter(|name| remembered.get(*name) != new.get(*name));
    differing
        .map(|name| match (remembered.get(name), new.get(name)) {
            (Some(old), Some(new)) => format!("[{peer}]\n- {}\n+ {}", line(name, old), line(name, new)),
            (None, Some(new)) => format!("[{peer}]\n+ {}", line(name, new)),
            (Some(old), None) => format!("[{peer}]\n- {}", line(name, old)),
            (None, None) => String::new(),
        })
        .collect()
}

fn line(name: &str, verdict: &str) -> String {
    format!("{name} = {}", toml::Value::from(verdict))
}

/// Writes one client's table anew and leaves the others.
pub fn remember(peer: &str, new: Verdicts) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = remembered();
    all.insert(peer.to_owned(), new);
    all.sort_keys();
    let mut text = String::from(
        "# What real clients make of each quirk of `mock-idp`. Generated, and checked in both directions:\n\
         # UPDATE_REFUSALS=1 cargo test -p conformance-tests --features openidconnect --test interop\n",
    );
    for (peer, verdicts) in &all {
        let _ = writeln!(text, "\n[{peer}]");
        for (name, verdict) in verdicts {
            let _ = writeln!(text, "{}", line(name, verdict));
        }
    }
    std::fs::write(path(), text).expect("the repository can be written to");
}

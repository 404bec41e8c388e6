//! `oidc-harness profiles`.

use clap::Args;
use mock_idp::Profile;
use serde_json::{Map, Value, json};

use super::list::entry;
use super::output::print;
use crate::exit::ExitCode;
use crate::explain::profiles;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Prints JSON, with every value and its source.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    print(&if arguments.json { format!("{:#}\n", as_json()) } else { as_text() });
    ExitCode::Good
}

fn as_text() -> String {
    let row = |profile: &Profile| {
        let confirmed = profile.facts.values().filter(|fact| fact.is_confirmed()).count();
        let Profile { name, product, version, facts, .. } = profile;
        entry(name, &format!("{product}, {version}. Confirmed: {confirmed} of {} values.", facts.len()))
    };
    profiles().map(row).collect()
}

fn as_json() -> Value {
    profiles()
        .map(|profile| {
            let facts = profile.facts.iter().map(|(key, fact)| {
                let source = profile.sources.get(&fact.source);
                (key.clone(), json!({ "value": fact.value, "confirmed": fact.is_confirmed(), "source": source }))
            });
            let unlike = profile
                .unlike
                .iter()
                .map(|one| json!({ "what": one.what, "source": profile.sources.get(&one.source) }));
            json!({
                "name": profile.name,
                "product": profile.product,
                "version": profile.version,
                "facts": facts.collect::<Map<String, Value>>(),
                "unlike": unlike.collect::<Vec<_>>(),
            })
        })
        .collect()
}

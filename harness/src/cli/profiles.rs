//! `oidc-harness profiles`.

use std::fmt::Write;

use clap::Args;
use serde_json::{Map, Value, json};

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
    let mut text = String::new();
    for profile in profiles() {
        let confirmed = profile.facts.values().filter(|fact| fact.is_confirmed()).count();
        let _ = writeln!(text, "{}\n    {}, {}", profile.name, profile.product, profile.version);
        let _ = writeln!(text, "    {confirmed} of {} values confirmed", profile.facts.len());
    }
    text
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

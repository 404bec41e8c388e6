//! `oidc-harness list`, `quirks` and `schema`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mock_idp::QUIRKS;
use serde_json::json;

use super::output::{catalogue, print};
use crate::escape::terminal;
use crate::exit::ExitCode;
use crate::immich::dialect_schema;
use crate::paragraph::advice;
use crate::reference::DEFECTS;
use crate::{baseline, doctor, report, scenario};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Scenario files or folders. Default: the built-in scenarios.
    paths: Vec<PathBuf>,
    /// Lists the defects of the reference server instead.
    #[arg(long, conflicts_with = "paths")]
    defects: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    if arguments.defects {
        return defects(arguments.json);
    }
    let catalogue = match catalogue(&arguments.paths) {
        Ok(catalogue) => catalogue,
        Err(code) => return code,
    };
    let mut text = String::new();
    let mut rows = Vec::new();
    for scenario in &catalogue.scenarios {
        for case in &scenario.cases {
            let shape = &case.play.shape;
            let name = scenario.test_name(case);
            let told = format!("{} [{}: {}]", shape.title, shape.level.name(), shape.requirement.join(", "));
            text.push_str(&entry(&name, &told));
            rows.push(json!({
                "name": name,
                "topic": scenario.topic(),
                "title": shape.title,
                "requirement": shape.requirement,
                "level": shape.level,
            }));
        }
    }
    print(&if arguments.json { format!("{:#}\n", json!(rows)) } else { text });
    ExitCode::Good
}

/// Returns a name, and below it what there is to say of it, in lines of a terminal.
pub(super) fn entry(name: &str, text: &str) -> String {
    let lines = std::iter::once(terminal(name)).chain(advice("    ", &terminal(&text.replace('\n', " "))));
    lines.map(|line| line + "\n").collect()
}

fn defects(as_json: bool) -> ExitCode {
    let text = if as_json {
        let rows: Vec<_> = DEFECTS.iter().map(|defect| json!({"name": defect.name, "text": defect.text})).collect();
        format!("{:#}\n", json!(rows))
    } else {
        DEFECTS.iter().map(|defect| entry(defect.name, defect.text)).collect()
    };
    print(&text);
    ExitCode::Good
}

#[derive(Debug, Args)]
pub(super) struct QuirksArguments {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn quirks(arguments: &QuirksArguments) -> ExitCode {
    let text = if arguments.json {
        let rows: Vec<_> = QUIRKS
            .iter()
            .map(|quirk| {
                let takes = quirk.parameter.expected();
                json!({"name": quirk.name, "text": quirk.text, "requirement": quirk.requirement, "takes": takes})
            })
            .collect();
        format!("{:#}\n", json!(rows))
    } else {
        let row = |quirk: &&mock_idp::Quirk| {
            let takes = quirk.parameter.expected();
            entry(quirk.name, &format!("{} ({}). Takes {takes}.", quirk.text, quirk.requirement))
        };
        QUIRKS.iter().map(row).collect()
    };
    print(&text);
    ExitCode::Good
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What the schema is of.
    #[arg(value_enum, default_value_t = SchemaOf::Scenario)]
    of: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaOf {
    /// Scenario files.
    Scenario,
    /// Baseline files.
    Baseline,
    /// Dialect files.
    Dialect,
    /// JSON reports.
    Report,
    /// What `doctor --json` prints.
    Doctor,
}

pub(super) fn schema(arguments: &SchemaArguments) -> ExitCode {
    let schema = match arguments.of {
        SchemaOf::Scenario => scenario::schema::scenario(),
        SchemaOf::Baseline => baseline::schema(),
        SchemaOf::Dialect => dialect_schema(),
        SchemaOf::Report => report::schema(),
        SchemaOf::Doctor => doctor::schema(),
    };
    print(&format!("{schema:#}\n"));
    ExitCode::Good
}

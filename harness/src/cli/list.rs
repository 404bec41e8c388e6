//! `oidc-harness list`.

use clap::Args;
use mock_idp::{Profile, QUIRKS, Quirk};
use serde_json::{Map, Value, json};

use super::output::{UsageProblem, complain, fail, no_such_test, print, render, unread};
use crate::diagnostic::{closest, did_you_mean};
use crate::escape::terminal;
use crate::exit_code::ExitCode;
use crate::explain::profiles;
use crate::paragraph::advice;
use crate::reference::DEFECTS;
use crate::scenario::{Catalogue, Filter, Keep};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to list: tests, quirks, profiles or defects [default: tests]
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// List only entries with this text in their name or description; for tests, also a tag, a file, a name or a glob
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Returns what to list, and the text. A single word that is no kind is a
    /// text of tests.
    ///
    /// # Errors
    /// The first of two words is no kind, or a single word is almost one.
    fn read(&self) -> Result<(ListedKind, Option<&str>), UsageProblem> {
        let Some(word) = self.kind.as_deref() else { return Ok((ListedKind::Tests, None)) };
        if let Some((_, kind)) = LISTED.iter().find(|(name, _)| *name == word) {
            return Ok((*kind, self.text.as_deref()));
        }
        let help = match closest(word, LISTED.iter().map(|(name, _)| *name)) {
            Some(meant) => did_you_mean(meant),
            None if self.text.is_none() => return Ok((ListedKind::Tests, Some(word))),
            None => "list tests, quirks, profiles or defects".to_owned(),
        };
        Err(UsageProblem { text: format!("unknown kind `{word}`"), help: Some(help.into()) })
    }
}

#[derive(Debug, Clone, Copy)]
enum ListedKind {
    Tests,
    Quirks,
    Profiles,
    Defects,
}

/// The kinds by name.
const LISTED: &[(&str, ListedKind)] = &[
    ("tests", ListedKind::Tests),
    ("quirks", ListedKind::Quirks),
    ("profiles", ListedKind::Profiles),
    ("defects", ListedKind::Defects),
];

/// What is listed: a name, what there is to say of it, and both as JSON.
struct ListedRow {
    name: String,
    text: String,
    json: Value,
}

impl ListedRow {
    fn has(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        self.name.contains(text) || self.text.to_lowercase().contains(&lower)
    }
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let (kind, text) = match arguments.read() {
        Ok(read) => read,
        Err(problem) => return problem.fail(),
    };
    let (rows, noun) = match kind {
        ListedKind::Tests => return tests(text, arguments.json),
        ListedKind::Quirks => (QUIRKS.iter().map(|quirk| of_quirk(quirk)).collect::<Vec<_>>(), "quirk"),
        ListedKind::Profiles => (profiles().map(of_profile).collect(), "profile"),
        ListedKind::Defects => {
            let row = |name: &str, text: &str| ListedRow {
                name: name.to_owned(),
                text: text.to_owned(),
                json: json!({"name": name, "text": text}),
            };
            (DEFECTS.iter().map(|defect| row(defect.name, defect.text)).collect(), "defect")
        }
    };
    let Some(text) = text else { return show(&rows, arguments.json) };
    let (found, others): (Vec<ListedRow>, Vec<ListedRow>) = rows.into_iter().partition(|row| row.has(text));
    if found.is_empty() {
        let help = closest(text, others.iter().map(|row| row.name.as_str())).map(did_you_mean);
        return fail(&format!("no {noun} has `{text}` in its name or text"), help.as_deref(), ExitCode::Usage);
    }
    show(&found, arguments.json)
}

/// Lists what `run` would play for this word. Where it is no name, lists the tests
/// with this tag, or else those that have it in their name or text.
fn tests(text: Option<&str>, as_json: bool) -> ExitCode {
    let filter = Filter::choices(text);
    let catalogue = match Catalogue::chosen(&filter, Keep::Cases) {
        Ok(catalogue) => catalogue,
        Err(error) => return unread(&error),
    };
    if !catalogue.broken.is_empty() {
        complain(render(&catalogue.broken).trim_end());
        return ExitCode::Usage;
    }
    let Some(unmatched) = filter.unmatched(&catalogue.inventory) else {
        let mut chosen = catalogue;
        chosen.retain(&filter);
        return show(&of_tests(&chosen), as_json);
    };
    let (text, mut whole) = (text.unwrap_or_default(), Catalogue::embedded());
    let has_text: Vec<ListedRow> = of_tests(&whole).into_iter().filter(|row| row.has(text)).collect();
    whole.retain(&Filter { tag: Some(text.to_owned()), ..Filter::default() });
    let tagged = of_tests(&whole);
    let found = if tagged.is_empty() { has_text } else { tagged };
    if found.is_empty() { no_such_test(unmatched, &catalogue.inventory) } else { show(&found, as_json) }
}

fn show(rows: &[ListedRow], as_json: bool) -> ExitCode {
    print(&if as_json {
        format!("{:#}\n", rows.iter().map(|row| row.json.clone()).collect::<Value>())
    } else {
        rows.iter().map(|row| entry(&row.name, &row.text)).collect()
    });
    ExitCode::Good
}

/// Returns a name, and below it what there is to say of it, in lines of a terminal.
fn entry(name: &str, text: &str) -> String {
    let lines = std::iter::once(terminal(name)).chain(advice("    ", &terminal(&text.replace('\n', " "))));
    lines.map(|line| line + "\n").collect()
}

fn of_tests(catalogue: &Catalogue) -> Vec<ListedRow> {
    let cases =
        catalogue.scenarios.iter().flat_map(|scenario| scenario.cases().iter().map(move |case| (scenario, case)));
    let row = |(scenario, case): (&crate::scenario::Scenario, &crate::scenario::Case)| {
        let shape = &case.play.shape;
        let name = scenario.test_name(case);
        let text = format!("{} [{}: {}]", shape.title, shape.level.name(), shape.requirement.join(", "));
        let json = json!({
            "name": name,
            "topic": scenario.topic(),
            "title": shape.title,
            "requirement": shape.requirement,
            "level": shape.level,
        });
        ListedRow { name, text, json }
    };
    cases.map(row).collect()
}

fn of_quirk(quirk: &Quirk) -> ListedRow {
    let takes = quirk.parameter.expected();
    ListedRow {
        name: quirk.name.to_owned(),
        text: format!("{} ({}). Takes {takes}.", quirk.text.trim_end_matches('.'), quirk.requirement),
        json: json!({"name": quirk.name, "text": quirk.text, "requirement": quirk.requirement, "takes": takes}),
    }
}

fn of_profile(profile: &Profile) -> ListedRow {
    let confirmed = profile.facts.values().filter(|fact| fact.is_confirmed()).count();
    let Profile { name, product, version, facts, .. } = profile;
    let of_fact = |(key, fact): (&String, &mock_idp::Fact)| {
        let source = profile.sources.get(&fact.source);
        (key.clone(), json!({ "value": fact.value, "confirmed": fact.is_confirmed(), "source": source }))
    };
    let unlike =
        profile.unlike.iter().map(|one| json!({ "what": one.what, "source": profile.sources.get(&one.source) }));
    ListedRow {
        name: name.clone(),
        text: format!("{product}, {version}. Confirmed: {confirmed} of {} values.", facts.len()),
        json: json!({
            "name": name,
            "product": product,
            "version": version,
            "facts": facts.iter().map(of_fact).collect::<Map<String, Value>>(),
            "unlike": unlike.collect::<Vec<_>>(),
        }),
    }
}

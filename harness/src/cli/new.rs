//! `oidc-harness new`: asks on a terminal for what the flags leave open, and
//! writes a file to begin with.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use dialoguer::{Input, Select};

use super::output::{complain, fail, render, tell};
use crate::diagnostic::{closest, did_you_mean};
use crate::exit_code::ExitCode;
use crate::level::Level;
use crate::scenario::{citation, problem_fault};
use crate::severity::Severity;
use crate::template::{Subject, TemplateKind, write};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The name of the scenario, such as `id-token/expired`
    #[arg(value_name = "TOPIC/NAME")]
    name: String,
    /// The kind of scenario; if missing, the command asks
    #[arg(long, value_enum)]
    kind: Option<TemplateKind>,
    /// What a correct server does, as a sentence
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// What a failing server does, such as `Accepts an expired ID token`
    #[arg(long, value_name = "TEXT")]
    problem: Option<String>,
    /// How bad the problem is
    #[arg(long, value_enum)]
    severity: Option<Severity>,
    /// A clause that requires it, such as `RFC 9207 §2.4`; may be repeated
    #[arg(long, value_name = "CLAUSE")]
    requirement: Vec<String>,
    /// How strict the requirement is
    #[arg(long, value_enum)]
    level: Option<Level>,
    /// In one sentence: what an attacker gains, or which users cannot sign in
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// A quirk of the provider
    ///
    /// With `--kind adversarial`, the scenario tests whether the server notices it.
    #[arg(long, value_name = "NAME")]
    quirk: Option<String>,
    /// The folder that contains a folder for each topic
    #[arg(long, value_name = "DIR", default_value = "scenarios")]
    folder: PathBuf,
}

pub(super) fn execute(arguments: Arguments) -> ExitCode {
    let word = |text: &str| {
        text.split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
    };
    let Some((topic, stem)) = arguments.name.split_once('/').filter(|(topic, stem)| word(topic) && word(stem)) else {
        let help = "write topic and name in lower case: `oidc-harness new id-token/expired`";
        return fail(&format!("`{}` is not the name of a scenario", arguments.name), Some(help), ExitCode::Usage);
    };
    let folder = arguments.folder.join(topic);
    let path = folder.join(format!("{stem}.toml"));
    if path.exists() {
        return exists(&path);
    }
    let asked = match ask(&arguments) {
        Ok(asked) => asked,
        Err(problem) => return fail(&problem, Some("see `oidc-harness new --help`"), ExitCode::Usage),
    };
    let (kind, subject) = asked;
    let text = match write(kind, &subject, &arguments.name, &path) {
        Ok(text) => text,
        Err(broken) => {
            complain("the command wrote no file, because with these flags it would have this mistake:\n");
            complain(render(&[broken]).trim_end());
            return ExitCode::Usage;
        }
    };
    let written = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::OpenOptions::new().write(true).create_new(true).open(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return exists(&path),
        Err(error) => return fail(&format!("cannot write {}: {error}", path.display()), None, ExitCode::Harness),
    }
    let path = path.display();
    // Whether a server has to refuse a quirk or to bear it, only the author knows.
    let word = match (&subject.quirk, kind) {
        (None, _) => "the test passes; change the file, and watch the result",
        (Some(_), TemplateKind::Adversarial) => "the test expects a refusal; watch whether the server refuses",
        (Some(_), _) => "the test expects the same as without the quirk; change the file, and watch the result",
    };
    tell(&format!("{path}\n    {word}: oidc-harness run --watch {path}\n"));
    let schema = arguments.folder.join("scenario.schema.json");
    if !schema.exists() {
        let schema = schema.display();
        tell(&format!("    for completion in the editor: oidc-harness generate schema > {schema}\n"));
    }
    ExitCode::Good
}

fn exists(path: &std::path::Path) -> ExitCode {
    let help = "choose another name, or remove the file first";
    fail(&format!("{} already exists", path.display()), Some(help), ExitCode::Usage)
}

/// What the flags say, and on a terminal what they leave open.
fn ask(arguments: &Arguments) -> Result<(TemplateKind, Subject), String> {
    arguments.quirk.as_deref().map_or(Ok(()), known_quirk)?;
    let mut subject = Subject {
        title: arguments.title.clone(),
        problem: arguments.problem.clone(),
        severity: arguments.severity,
        requirement: arguments.requirement.clone(),
        why: arguments.why.clone(),
        level: arguments.level,
        quirk: arguments.quirk.clone(),
    };
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let kind = match arguments.kind {
        Some(kind) => kind,
        None if is_terminal => choose()?,
        None => return Err(format!("the kind of scenario is missing: give --kind {}", kinds())),
    };
    // A caller with the kind on the command line may be a script.
    if is_terminal && arguments.kind.is_none() {
        if kind == TemplateKind::Adversarial && subject.quirk.is_none() {
            subject.quirk = Some(line(
                "Which quirk does the provider have? (`oidc-harness list quirks` lists all)",
                "wrong-audience",
                known_quirk,
            )?);
        }
        let quirk = subject.quirk.clone().filter(|_| kind == TemplateKind::Adversarial);
        let clause = quirk.as_deref().and_then(mock_idp::quirk).map(|quirk| quirk.requirement.to_owned());
        if subject.title.is_none() {
            subject.title = Some(line("What does a correct server do?", &kind.title(), said)?);
        }
        if subject.problem.is_none() {
            let usual = quirk.as_deref().map_or_else(|| kind.problem(), problem_of_quirk);
            subject.problem = Some(line("What does a server do wrong that fails the scenario?", &usual, sentence)?);
        }
        if subject.requirement.is_empty() {
            let usual = clause.unwrap_or_else(|| kind.requirement().join("; "));
            let clauses = line("Which clauses require it, separated by `;`?", &usual, clauses_known)?;
            subject.requirement = clauses.split(';').map(|clause| clause.trim().to_owned()).collect();
        }
    }
    match subject.quirk.as_deref().and_then(mock_idp::quirk) {
        // What the file would say otherwise is about another quirk.
        Some(quirk) if kind == TemplateKind::Adversarial => {
            if subject.requirement.is_empty() {
                subject.requirement = vec![quirk.requirement.to_owned()];
            }
            subject.title.get_or_insert_with(|| format!("Refused: {}", quirk.text.trim_end_matches('.')));
            subject.problem.get_or_insert_with(|| problem_of_quirk(quirk.name));
            let why = || "Write here what an attacker gains, or which users cannot sign in.".to_owned();
            subject.why.get_or_insert_with(why);
        }
        Some(quirk) if !kind.meets(quirk) => {
            let text = "changes logout tokens, but in this kind of scenario the provider does not send any";
            return Err(format!("quirk `{}` {text}: give --kind adversarial or logout", quirk.name));
        }
        _ => {}
    }
    Ok((kind, subject))
}

/// The sentence where the author gives none.
fn problem_of_quirk(name: &str) -> String {
    format!("Accepts responses with the quirk `{name}`")
}

fn choose() -> Result<TemplateKind, String> {
    let help = |kind: &TemplateKind| {
        let value = kind.to_possible_value();
        let (name, help) =
            value.map(|value| (value.get_name().to_owned(), value.get_help().cloned())).unwrap_or_default();
        format!("{name}: {}", help.unwrap_or_default())
    };
    let kinds: Vec<String> = TemplateKind::ALL.iter().map(help).collect();
    let chosen = Select::new().with_prompt("Which kind of scenario?").items(&kinds).default(0).interact();
    let chosen = chosen.map_err(|error| error.to_string())?;
    Ok(TemplateKind::ALL.get(chosen).copied().unwrap_or(TemplateKind::Policy))
}

/// The kinds of scenarios, by name.
fn kinds() -> String {
    let values = TemplateKind::ALL.iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
    let (last, others) = names.split_last().map(|(last, others)| (last.as_str(), others)).unwrap_or_default();
    format!("{} or {last}", others.join(", "))
}

/// Asks until the answer is valid, and says at once what is wrong with one.
fn line(question: &str, usual: &str, validate: fn(&str) -> Result<(), String>) -> Result<String, String> {
    let input = Input::new().with_prompt(question).default(usual.to_owned());
    input.validate_with(|text: &String| validate(text)).interact_text().map_err(|error| error.to_string())
}

fn known_quirk(name: &str) -> Result<(), String> {
    if mock_idp::quirk(name).is_some() {
        return Ok(());
    }
    let help = closest(name, mock_idp::QUIRKS.iter().map(|quirk| quirk.name)).map(did_you_mean);
    Err(format!("unknown quirk `{name}`; {}", help.as_deref().unwrap_or("`oidc-harness list quirks` lists all")))
}

fn said(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("write a sentence".to_owned()) } else { Ok(()) }
}

fn sentence(text: &str) -> Result<(), String> {
    problem_fault(text).map_or(Ok(()), |(fault, help)| Err(format!("{fault}; {help}")))
}

fn clauses_known(text: &str) -> Result<(), String> {
    text.split(';').try_for_each(|clause| citation::requirement(clause.trim()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(known_quirk, "expired", None)]
    #[case(known_quirk, "expird", Some("did you mean `expired`?"))]
    #[case(said, " ", Some("write a sentence"))]
    #[case(sentence, "Accepts an expired ID token", None)]
    #[case(sentence, "accepts it", Some("capital letter"))]
    #[case(clauses_known, "RFC 9207 §2.4; immich: oauth.scope", None)]
    #[case(clauses_known, "RFC 9207 §2.4; the law", Some("the law"))]
    fn an_answer_is_checked_at_once(
        #[case] validate: fn(&str) -> Result<(), String>,
        #[case] answer: &str,
        #[case] expected: Option<&str>,
    ) {
        match (validate(answer), expected) {
            (Ok(()), None) => {}
            (Err(found), Some(expected)) => assert!(found.contains(expected), "{found}"),
            (found, _) => unreachable!("{found:?}"),
        }
    }

    #[test]
    fn kinds_are_named() {
        assert_eq!(kinds(), "policy, adversarial, claims, settings, mobile or logout");
    }
}

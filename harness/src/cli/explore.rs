//! `oidc-harness explore`: a scenario's stage for a person with a browser or
//! the mobile app.

use std::fmt::Write;

use clap::Args;

use super::output::{fail, own_or_built_in, tell};
use super::run::ended_badly;
use super::server::tell_of_preparation;
use super::target::TargetArguments;
use crate::diagnostic::{closest, did_you_mean};
use crate::escape::terminal_lines;
use crate::exit_code::ExitCode;
use crate::explain::story;
use crate::immich::RedirectUri;
use crate::paragraph::{WIDTH, clipped};
use crate::runner::{Event, Exhibit, Run};
use crate::scenario::{Case, Catalogue, Scenario};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A scenario or a case, as `list` names it, or a file
    #[arg(value_name = "SCENARIO[::CASE]")]
    scenario: String,
    /// Set up its control instead: the sign-in that must work
    #[arg(long)]
    control: bool,
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) async fn execute(arguments: Arguments) -> ExitCode {
    let (name, case) = match arguments.scenario.split_once("::") {
        Some((name, case)) => (name, Some(case)),
        None => (arguments.scenario.as_str(), None),
    };
    let (is_own, catalogue) = match own_or_built_in(name) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let (scenario, case) = match find(&catalogue, (!is_own).then_some(name), case) {
        Ok(found) => found,
        Err((problem, help)) => return fail(&problem, Some(&help), ExitCode::Usage),
    };
    let play = match (&case.control, arguments.control) {
        (_, false) => &case.play,
        (Some(control), true) => control,
        (None, true) => {
            let help = "only a scenario that expects a refusal has a control";
            return fail(&format!("{} has no control", scenario.name), Some(help), ExitCode::Usage);
        }
    };
    let (target, mut options) = match arguments.target.prepare(1) {
        Ok(prepared) => prepared,
        Err(problem) => return problem.fail(),
    };
    options.with_pages = true;
    let run = Run {
        target,
        options,
        baseline: None,
        find_baseline: false,
        strict: false,
        // A person may look here just because sign-in fails.
        continue_anyway: true,
        jobs: None,
        fail_fast: false,
        keeps_steps: true,
        wait: arguments.target.wait(),
    };
    let observe = |event: &Event| match event {
        Event::Exhibited(exhibit) => tell(&terminal_lines(&text(scenario, case, arguments.control, exhibit))),
        event => tell_of_preparation(event),
    };
    match run.explore(play, observe).await {
        Ok(restored) => {
            let ours = "the reference server and the provider have stopped";
            tell(&if run.is_own() { format!("{ours}\n") } else { format!("{restored}\n") });
            ExitCode::Good
        }
        Err(error) => ended_badly(&run, &error),
    }
}

type FoundCase<'a> = (&'a Scenario, &'a Case);

fn find<'a>(
    catalogue: &'a Catalogue,
    name: Option<&str>,
    case: Option<&str>,
) -> Result<FoundCase<'a>, (String, String)> {
    let is_meant = |scenario: &&Scenario| name.is_none_or(|name| scenario.name == name);
    let Some(scenario) = catalogue.scenarios.iter().find(is_meant) else {
        let name = name.unwrap_or_default();
        let help = closest(name, catalogue.scenarios.iter().map(|scenario| scenario.name.as_str()));
        let help = help.map_or_else(|| "`oidc-harness list` lists all scenarios".to_owned(), did_you_mean);
        return Err((format!("unknown scenario `{name}`"), help));
    };
    let names = || scenario.cases().iter().filter_map(|case| case.name.as_deref());
    let found = match case {
        None => scenario.cases().first(),
        Some(_) => scenario.cases().iter().find(|known| known.name.as_deref() == case),
    };
    found.map(|case| (scenario, case)).ok_or_else(|| {
        let case = clipped(case.unwrap_or_default(), WIDTH);
        let names: Vec<&str> = names().collect();
        let help = if names.is_empty() {
            format!("remove `::{case}`: the scenario has no cases")
        } else {
            format!("its cases are {}", names.join(", "))
        };
        (format!("unknown case `{case}` of {}", scenario.name), help)
    })
}

/// What there is, and what to do with it.
fn text(scenario: &Scenario, case: &Case, control: bool, exhibit: &Exhibit) -> String {
    let mut text = String::new();
    let title = &case.play.shape.title;
    let name = scenario.test_name(case);
    let _ = writeln!(text, "{name}{}\n    {title}\n", if control { ", the control" } else { "" });
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<16}{value}");
    };
    line("server", &exhibit.target);
    if let Some(key) = &exhibit.api_key {
        line("API key", key);
    }
    line("issuer URL", &exhibit.issuer);
    line("inspector", &format!("{}/inspect", exhibit.provider));
    if let Some(secret) = &exhibit.secret {
        line("secret", &format!("{secret}, which the provider's pages ask for"));
    }
    for (index, (name, email)) in exhibit.end_users.iter().enumerate() {
        let email = if email.is_empty() { "without email" } else { email };
        line(if index == 0 { "end-users" } else { "" }, &format!("{name} ({email})"));
    }
    if !exhibit.deviations.is_empty() {
        line("deviations", &exhibit.deviations.join(", "));
    }
    let settings = exhibit
        .settings
        .iter()
        .flat_map(|(section, keys)| keys.iter().map(move |(key, value)| format!("{section}.{key} = {value}")));
    for (index, setting) in settings.enumerate() {
        line(if index == 0 { "settings" } else { "" }, &setting);
    }
    let _ = write!(
        text,
        "\nIn a browser: open {}, sign in with OAuth, and choose an end-user at the provider.\nIn the mobile app: \
         enter {} as the server URL. For a phone, also give --idp-listen and --idp-url, so that the phone and the \
         server can reach the provider.\nThe inspector shows every request as it arrives. The scenario has these \
         steps:\n\n",
        RedirectUri::SignInPage.at(&exhibit.target),
        exhibit.target
    );
    for line in story(case) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("\nPress Ctrl-C to stop, and to restore the server.\n");
    text
}

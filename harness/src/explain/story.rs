//! A scenario in prose: who is there, what is wrong, what happens, what
//! must be seen.

use mock_idp::quirk;
use serde_json::{Map, Value};

use crate::expect::Expected;
use crate::scenario::{Case, Play};
use crate::step::{Action, StepShape};

/// The story of one case, a sentence or two per line.
pub fn story(case: &Case) -> Vec<String> {
    let shape = &case.play.shape;
    let mut lines = Vec::new();
    let settings: Vec<String> =
        shape.server.named().map(|(section, key, value)| format!("{section}.{key} = {value}")).collect();
    if !settings.is_empty() {
        lines.push(format!("The server has the settings {}.", settings.join(", ")));
    }
    lines.extend(shape.provider.profile.iter().map(|name| format!("The provider imitates {name}.")));
    let honest: Vec<String> = shape.provider.settings.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    if !honest.is_empty() {
        lines.push(format!("The provider has the settings {}.", honest.join(", ")));
    }
    lines.extend(wrongs("The provider", shape.provider.quirks.written(), shape.provider.overlay.written()));
    lines.extend(case.play.shape.steps.iter().enumerate().flat_map(|(index, step)| scene(&case.play, index, step)));
    if case.control.is_some() {
        let how = if shape.control.is_some() {
            "scenario with the changes in [control]"
        } else {
            "scenario without quirks, overlays and tampering"
        };
        lines.push(format!(
            "Before this, the harness plays the same {how}. The sign-in must succeed there; otherwise a refusal proves \
             nothing."
        ));
    }
    if let Some(proof) = &shape.proof {
        lines.push(format!(
            "If the server passes, the harness also plays {proof}. If the server does not refuse there, the pass \
             proves nothing."
        ));
    }
    lines
}

fn scene(play: &Play, index: usize, step: &StepShape) -> Vec<String> {
    let agent = step.agent.as_ref().map(|agent| format!(" (browser `{agent}`)")).unwrap_or_default();
    let mut lines: Vec<String> = step
        .actions()
        .iter()
        .map(|action| told(*action))
        .map(|told| format!("{}. {told}{agent}.", index + 1))
        .collect();
    lines.extend(wrongs("   In this step, the provider", step.quirks.written(), step.overlay.written()));
    let expected: Vec<String> = play.expected.get(index).into_iter().flatten().map(Expected::tell).collect();
    if !expected.is_empty() {
        lines.push(format!("   Then {}.", expected.join("; ")));
    }
    lines
}

/// What an action does, and what it changes on the way.
fn told(action: &dyn Action) -> String {
    let changes: Vec<String> = action.changes().into_iter().map(|change| change.clause).collect();
    let changes = if changes.is_empty() { String::new() } else { format!("; altered: {}", changes.join(", ")) };
    action.tell() + &changes
}

fn wrongs(who: &str, quirks: &Map<String, Value>, overlay: &Map<String, Value>) -> Vec<String> {
    let mut lines: Vec<String> = quirks
        .iter()
        .map(|(name, value)| {
            let text = quirk(name).map(|quirk| quirk.text.replace('\n', " ")).unwrap_or_default();
            let argument = if value == &Value::Bool(true) { String::new() } else { format!(" = {value}") };
            format!("{who} has the quirk {name}{argument}: {text}")
        })
        .collect();
    lines.extend(overlay.iter().map(|(message, change)| format!("{who} changes its {message}: {}.", changes(change))));
    lines
}

/// What an overlay does, as clauses.
fn changes(overlay: &Value) -> String {
    let members = |verb: &str| overlay.get(verb).and_then(Value::as_object).into_iter().flatten();
    let set = members("set").map(|(name, value)| format!("`{name}` is {value}"));
    let removed = overlay.get("remove").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let removed = removed.map(|name| format!("`{name}` is missing"));
    let appended = members("append").map(|(name, value)| format!("{value} is appended to `{name}`"));
    set.chain(removed).chain(appended).collect::<Vec<_>>().join(", ")
}

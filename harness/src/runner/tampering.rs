//! What a scenario changes in the callback that a browser sends, put into the report
//! beside what the provider alters. What changes is for [`crate::step`].

use crate::report::{CALLBACK, Deviation, ExchangeReport, Party, StepReport};
use crate::step::{CallbackChange, StepShape};

/// The browser of a step that names none.
const BROWSER: &str = "browser";

/// Notes the changes that each step makes in its last request to the server.
pub(super) fn note_tampering(steps: &[StepShape], played: &mut [StepReport]) {
    for (step, played) in steps.iter().zip(played) {
        note(step, steps, &mut played.exchanges);
    }
}

fn note(step: &StepShape, steps: &[StepShape], exchanges: &mut [ExchangeReport]) {
    let Some(action) = step.action() else { return };
    let own = |one: &&mut ExchangeReport| one.from == Party::UserAgent && one.to == Party::Target;
    let Some(callback) = exchanges.iter_mut().rfind(own) else { return };
    let changes = other_browser(step, steps).into_iter().chain(action.changes());
    callback.deviations.extend(changes.map(|CallbackChange { member, clause }| Deviation {
        message: CALLBACK.to_owned(),
        member,
        by: "tampering".to_owned(),
        text: clause,
        requirement: None,
    }));
}

/// Returns what is odd where another browser started the sign-in that the step
/// finishes.
fn other_browser(step: &StepShape, steps: &[StepShape]) -> Option<CallbackChange> {
    let references = step.action()?.references();
    let (_, start) = references.step.filter(|_| references.finishes)?;
    let start = steps.iter().find(|one| one.id.as_deref() == Some(start))?;
    let browser = |one: &'_ StepShape| one.agent.clone().unwrap_or_else(|| BROWSER.to_owned());
    let (starter, sender) = (browser(start), browser(step));
    let clause = || format!("sent by browser `{sender}`; browser `{starter}` started the sign-in");
    (sender != starter).then(|| CallbackChange { member: "browser".to_owned(), clause: clause() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("callback.of = 's'", &[])]
    #[case("agent = 'b'\ncallback.of = 's'", &["sent by browser `b`; browser `browser` started the sign-in"])]
    #[case("callback.of = 's'\ncallback.cookies = false", &["sent without cookies"])]
    #[case("link.of = 's'\nlink.tamper.set.state = 'x'", &["`state` replaced by `x`"])]
    #[case("callback.of = 's'\ncallback.code-of = 't'", &["`code` replaced by the code of step `t`"])]
    fn stands_at_the_last_request_of_the_browser(#[case] step: &str, #[case] expected: &[&str]) {
        let start: StepShape = toml::from_str("id = 's'\nstart-sign-in.as = 'alice'").unwrap();
        let step: StepShape = toml::from_str(step).unwrap();
        let exchange = |from, to| ExchangeReport { from, to, ..ExchangeReport::default() };
        let mut exchanges = [
            exchange(Party::UserAgent, Party::Target),
            exchange(Party::UserAgent, Party::Target),
            exchange(Party::Target, Party::Provider),
        ];
        note(&step, &[start, step.clone()], &mut exchanges);
        let told: Vec<&str> = exchanges[1].deviations.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(told, expected);
        assert!(exchanges[0].deviations.is_empty() && exchanges[2].deviations.is_empty());
    }
}

//! The events that a run sends its observer, and their order.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use conformance_tests::run;
use harness::report::Outcome;
use harness::runner::{Event, Run};
use harness::scenario::{Catalogue, Filter};

/// The events of these tests, in a word each, by test.
async fn told(run: &Run, filter: &str) -> Vec<(String, String)> {
    let mut catalogue = Catalogue::embedded();
    catalogue.retain(&Filter::text(filter));
    let mut told = Vec::new();
    let observe = |event: &Event| {
        told.push(match event {
            Event::Started { test, is_control: true } => (test.clone(), "control".to_owned()),
            Event::Started { test, .. } => (test.clone(), "play".to_owned()),
            Event::StepSeen { test, step } => {
                let held = step.checks.iter().all(|check| check.held);
                (test.clone(), format!("{} {}", step.action, if held { "holds" } else { "fails" }))
            }
            Event::Judged(test) => (test.report.test_name(), test.report.result.outcome.name().to_owned()),
            Event::Ended => (String::new(), "ended".to_owned()),
            other => (String::new(), format!("{other:?}")),
        });
    };
    run.play(catalogue, observe).await.unwrap();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_tells_of_each_play_and_step_and_then_of_its_end() {
    let test = "id-token/wrong-audience::claims-in-id-token";
    let of_test = |words: [&str; 5]| words.map(|word| (test.to_owned(), word.to_owned())).to_vec();
    for (defects, seen, outcome) in
        [(&[][..], "sign-in holds", Outcome::Passed), (&["audience-ignored"], "sign-in fails", Outcome::Failed)]
    {
        let mut told = told(&run(defects), test).await;
        assert_eq!(told.pop(), Some((String::new(), "ended".to_owned())));
        assert_eq!(told, of_test(["control", "sign-in holds", "play", seen, outcome.name()]));
    }
}

//! Messages that people meet in the log or on the screen when sign-in fails:
//! the words in “ ” in the titles of scenarios, with what is behind each.

use indexmap::{IndexMap, IndexSet};

use super::scenario::{address, text};
use super::{Category, Explanation};
use crate::scenario::Catalogue;

pub(super) fn entries(catalogue: &Catalogue) -> Vec<Explanation> {
    let mut causes: IndexMap<&str, IndexSet<String>> = IndexMap::new();
    for scenario in &catalogue.scenarios {
        let of_all = scenario.shape().map(|shape| shape.title.as_str());
        for case in &scenario.cases {
            let shape = &case.play.shape;
            // Only a case that has a title of its own is named by itself.
            let case = case.name.as_deref().filter(|_| of_all != Some(shape.title.as_str()));
            let (title, messages) = parts(&shape.title);
            for message in messages {
                let said = format!("{}\n{}", text(title, shape), address(scenario).explain(case));
                causes.entry(message).or_default().insert(said);
            }
        }
    }
    let entry = |(message, causes): (&str, IndexSet<String>)| {
        let what = "What servers or providers say when sign-in fails; scenarios show what is behind it.";
        let causes: Vec<String> = causes.into_iter().collect();
        Explanation::new(Category::Message, message, what).fact("behind it", causes.join("\n"))
    };
    causes.into_iter().map(entry).collect()
}

/// Whether `message` is what somebody found, perhaps in the middle of a line
/// of a log, or half of it.
pub(super) fn is_in(message: &str, found: &str) -> bool {
    let (message, found) = (folded(message), folded(found));
    found.contains(&message) || (found.contains(' ') && message.contains(&found))
}

/// Without what shells, logs and people change: quotes, case, spaces.
fn folded(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !"\"'`“”‘’\\".contains(*letter)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A title without its messages, and the messages.
fn parts(title: &str) -> (&str, Vec<&str>) {
    let said = title.split('“').skip(1).filter_map(|rest| rest.split_once('”')).map(|(message, _)| message);
    (title.split(" (“").next().unwrap_or(title), said.collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("CERT_HAS_EXPIRED", "{ code: 'CERT_HAS_EXPIRED' }", true)]
    #[case("unexpected JWT \"alg\" header parameter", "unexpected jwt alg", true)]
    #[case("OAuth state is missing", "missing", false)]
    #[case("OAuth state is missing", "OAuth verifier is missing", false)]
    fn a_message_is_found_in_a_line_and_by_its_half(
        #[case] message: &str,
        #[case] found: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_in(message, found), expected);
    }

    #[test]
    fn messages_are_what_a_title_quotes() {
        assert_eq!(parts("It is refused (“no”, “never”)"), ("It is refused", vec!["no", "never"]));
        assert_eq!(parts("It is refused"), ("It is refused", vec![]));
    }
}

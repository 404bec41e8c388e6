//! What scenarios can expect to see, how values are compared, and the names
//! that stand in texts.

use super::{Category, Explanation};
use crate::expect::{ALTERNATIVES, EITHER, KEYWORDS, OUTCOMES, SECTIONS, meaning};
use crate::placeholder;

pub(super) fn entries() -> Vec<Explanation> {
    SECTIONS
        .iter()
        .map(|section| {
            let members = match section.name {
                "outcome" => OUTCOMES.join(", "),
                _ => section.members().join(", ").replace('*', "any name"),
            };
            Explanation::new(Category::Expectation, section.name, section.text).fact("takes", members)
        })
        .chain([Explanation::new(Category::Expectation, EITHER, ALTERNATIVES)])
        .collect()
}

pub(super) fn matchers() -> Vec<Explanation> {
    let entry = |keyword: &&str| {
        let example = format!("expect.response.message.{keyword} = …");
        Explanation::new(Category::Matcher, *keyword, meaning(keyword)).fact("written", example)
    };
    KEYWORDS.iter().map(entry).collect()
}

pub(super) fn placeholders() -> Vec<Explanation> {
    let of_users = "A claim of an end-user of the scenario, such as `{user.alice.email}`.";
    let names = placeholder::NAMES.iter().map(|name| (*name, placeholder::meaning(name)));
    names
        .chain([("user.alice.email", of_users)])
        .map(|(name, text)| Explanation::new(Category::Placeholder, format!("{{{name}}}"), text))
        .collect()
}

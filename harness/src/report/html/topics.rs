//! The tests of a report by scenario and topic, and who asks for them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::tone::Tone;
use crate::report::{CaseReport, Outcome, Report, SourceReport};

/// The tests of one scenario file.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) source: Option<&'a SourceReport>,
    pub(super) cases: Vec<&'a CaseReport>,
}

/// By topic and scenario, what is loudest first.
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for case in &report.results {
        match groups.last_mut() {
            Some(group) if group.name == case.scenario => group.cases.push(case),
            _ => {
                let source = report.sources.get(&case.scenario);
                groups.push(Group { name: &case.scenario, source, cases: vec![case] });
            }
        }
    }
    let mut of_topic: BTreeMap<&str, Tone> = BTreeMap::new();
    for group in &groups {
        let tone = group.tone(report.strict);
        of_topic.entry(group.topic()).and_modify(|loudest| *loudest = tone.min(*loudest)).or_insert(tone);
    }
    groups.sort_by_key(|group| (of_topic.get(group.topic()), group.topic(), group.tone(report.strict)));
    groups
}

/// The topics, each once.
pub(super) fn topics<'a>(groups: &[Group<'a>]) -> Vec<&'a str> {
    let mut topics: Vec<&str> = groups.iter().map(Group::topic).collect();
    topics.dedup();
    topics
}

impl<'a> Group<'a> {
    pub(super) fn topic(&self) -> &'a str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// The loudest of its tests.
    pub(super) fn tone(&self, strict: bool) -> Tone {
        let tones = self.cases.iter().map(|case| Tone::of(case.result.outcome, strict));
        tones.min().unwrap_or(Tone::Open)
    }

    /// The results that it has, the loudest first, each with how often.
    pub(super) fn outcomes(&self, strict: bool) -> Vec<(Outcome, usize)> {
        let count = |outcome: &Outcome| self.cases.iter().filter(|case| case.result.outcome == *outcome).count();
        let all = Outcome::ALL.iter().map(|outcome| (*outcome, count(outcome)));
        let mut outcomes: Vec<_> = all.filter(|(_, count)| *count > 0).collect();
        outcomes.sort_by_key(|(outcome, _)| Tone::of(*outcome, strict));
        outcomes
    }

    /// Titles may differ by case; they seldom do.
    pub(super) fn title(&self) -> &'a str {
        self.cases.first().map(|case| case.title.as_str()).unwrap_or_default()
    }

    pub(super) fn requirements(&self) -> Vec<&'a str> {
        let mut all: Vec<&str> = Vec::new();
        for requirement in self.cases.iter().flat_map(|case| &case.requirement) {
            if !all.contains(&requirement.as_str()) {
                all.push(requirement);
            }
        }
        all
    }

    /// Families of specifications that ask for it.
    pub(super) fn families(&self) -> Vec<&'static str> {
        let requirements = self.requirements();
        let asks = |family: &&Family| requirements.iter().any(|requirement| family.has(requirement));
        FAMILIES.iter().filter(asks).map(|family| family.name).collect()
    }

    /// What scripts filter by.
    pub(super) fn anchored(&self, article: &Markup) -> Markup {
        let outcomes: Vec<&str> = self.outcomes(false).iter().map(|(outcome, _)| outcome.name()).collect();
        let cases = self.cases.iter().filter_map(|case| case.case.as_deref());
        let words: Vec<&str> = [self.name, self.title()].into_iter().chain(self.requirements()).chain(cases).collect();
        html! {
            div.one data-topic=(self.topic()) data-outcomes=(outcomes.join("|")) data-asked=(self.families().join("|"))
                data-words=(words.join(" ").to_lowercase()) { (article) }
        }
    }
}

/// Specifications that are read together.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    prefixes: &'static [&'static str],
}

impl Family {
    pub(super) fn has(&self, requirement: &str) -> bool {
        let own = |family: &Self| family.prefixes.iter().any(|prefix| requirement.starts_with(prefix));
        // The last takes what no other does.
        if self.prefixes.is_empty() { !FAMILIES.iter().any(own) } else { own(self) }
    }
}

/// All of them, by the beginnings of citations.
pub(super) static FAMILIES: &[Family] = &[
    Family { name: "Immich", text: "what Immich's documentation and settings promise", prefixes: &["immich:"] },
    Family {
        name: "OpenID",
        text: "OpenID Connect Core, Discovery and the logout specifications",
        prefixes: &["OIDC "],
    },
    Family {
        name: "OAuth",
        text: "OAuth 2.0 and its extensions",
        prefixes: &["RFC 6749", "RFC 6750", "RFC 7636", "RFC 8252", "RFC 9207", "RFC 9700"],
    },
    Family {
        name: "JOSE",
        text: "JSON Web Tokens, signatures and keys",
        prefixes: &["RFC 7515", "RFC 7516", "RFC 7517", "RFC 7518", "RFC 7519", "RFC 7797", "RFC 8725"],
    },
    Family { name: "HTTP", text: "HTTP, JSON, URLs and everything else", prefixes: &[] },
];

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("immich: oauth.scope", "Immich")]
    #[case("OIDC Back-Channel Logout §2.6", "OpenID")]
    #[case("RFC 7519 §4", "JOSE")]
    #[case("RFC 9110 §15", "HTTP")]
    fn every_requirement_has_one_family(#[case] requirement: &str, #[case] expected: &str) {
        let found: Vec<_> =
            FAMILIES.iter().filter(|family| family.has(requirement)).map(|family| family.name).collect();
        assert_eq!(found, [expected]);
    }
}

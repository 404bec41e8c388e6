//! Everything that can be explained, and what bears a name.

use super::explanation::{Category, Explanation};
use super::{check, expectation, glossary, key, profile, quirk, requirement, result, scenario, setting};
use crate::scenario::Catalogue;

/// Everything that can be explained.
pub fn entries(catalogue: &Catalogue) -> Vec<Explanation> {
    [
        quirk::entries(catalogue),
        profile::entries(catalogue),
        key::steps(),
        key::entries(),
        key::levels(),
        key::severities(),
        key::tags(),
        expectation::entries(),
        expectation::matchers(),
        expectation::placeholders(),
        setting::entries(),
        setting::of_provider(),
        quirk::defects(),
        requirement::specifications(catalogue),
        requirement::entries(catalogue),
        requirement::rows(catalogue),
        result::entries(),
        result::exit_codes(),
        scenario::entries(catalogue),
        scenario::problems(catalogue),
        check::entries(),
        check::causes(),
        glossary::entries(),
    ]
    .concat()
}

/// The names under which something written in a file or a report is to be
/// looked for: as it is, without the tables it stands in, and the beginnings
/// of a path.
fn names(written: &str) -> Vec<String> {
    let mut names = vec![written.to_owned()];
    let file = written.strip_suffix(".toml").map(|path| path.rsplit('/').take(2).collect::<Vec<_>>());
    if let Some([name, topic]) = file.as_deref() {
        names.push(format!("{topic}/{name}"));
    }
    if let Some(number) = written.strip_prefix("exit ").or(Some(written)).filter(|text| text.parse::<u8>().is_ok()) {
        names.push(format!("exit code {number}"));
    }
    let mut path = written;
    for table in ["steps.", "provider.", "quirks.", "server.", "expect."] {
        path = path.strip_prefix(table).unwrap_or(path);
    }
    // A clause has points, too, but a shorter one is another.
    while !path.is_empty() {
        names.push(path.to_owned());
        path = path.rsplit_once('.').filter(|_| !written.contains(' ')).map_or("", |(rest, _)| rest);
    }
    names.extend(sentence(written).map(ToOwned::to_owned));
    // Reports write after some sentences what was found.
    let before = written.split_once(": ").map(|(before, _)| before).filter(|before| before.contains(' '));
    names.extend(before.map(ToOwned::to_owned));
    names
}

/// Returns a problem's sentence from a line of a report, such as
/// `1. Accepts an expired ID token (medium)`; none where nothing surrounds it.
fn sentence(written: &str) -> Option<&str> {
    let numbered = written.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok());
    let text = numbered.map_or(written, |(_, text)| text);
    let text = text.strip_prefix("Not met: ").unwrap_or(text);
    let text = text.rsplit_once(" (").filter(|_| text.ends_with(')')).map_or(text, |(text, _)| text);
    let text = text.trim_end_matches('.');
    (text != written).then_some(text)
}

/// No name is longer, in bytes, together with what a report writes around it; a
/// longer text is a line of a log.
const LONGEST: usize = 200;

/// Returns how many slips of the finger lie between a name and what was written;
/// none if they are too many. Texts whose lengths differ by more are not compared.
fn slips(known: &str, written: &str) -> Option<usize> {
    let most = 1 + known.len().min(written.len()) / 6;
    let is_near = known.chars().count().abs_diff(written.chars().count()) <= most;
    is_near.then(|| strsim::damerau_levenshtein(known, written)).filter(|slips| *slips <= most)
}

/// What bears that name; what is named alike, if nothing does. No name is found
/// for a text longer than 200 bytes.
pub fn find<'a>(entries: &'a [Explanation], name: &str) -> Result<Vec<&'a Explanation>, Vec<&'a str>> {
    if name.len() > LONGEST {
        return Err(Vec::new());
    }
    // `issuer` is a key, and a name in braces.
    let is_meant = |entry: &&Explanation, name: &str| {
        let bare = entry.name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let bare = bare.or_else(|| entry.name.strip_prefix("--"));
        entry.name.eq_ignore_ascii_case(name) || bare == Some(name)
    };
    for name in names(name) {
        let found: Vec<&Explanation> = entries.iter().filter(|entry| is_meant(entry, &name)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    // A word that an expectation takes, such as an outcome, finds its expectation.
    let takes = |entry: &&Explanation| {
        let words = entry.facts.iter().filter(|fact| fact.heading == "takes").flat_map(|fact| fact.text.split(", "));
        entry.kind == Category::Expectation && words.into_iter().any(|word| word.eq_ignore_ascii_case(name))
    };
    let found: Vec<&Explanation> = entries.iter().filter(takes).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let lower = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = entries
        .iter()
        .filter_map(|entry| {
            let known = entry.name.to_lowercase();
            // A part of a name is as good as a slip of the finger; a word is
            // part of too many sentences.
            let is_sentence = entry.kind == Category::Problem || known.matches(' ').count() > 2;
            let is_part = lower.len() > 3 && !is_sentence && known.contains(&lower);
            let slips = if is_part { Some(1) } else { slips(&known, &lower) };
            Some((slips?, entry.name.as_str()))
        })
        .collect();
    near.sort_unstable();
    near.dedup_by_key(|(_, name)| *name);
    Err(near.into_iter().take(5).map(|(_, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::explain::story;

    #[rstest]
    #[case("wrong-audience", Category::Quirk)]
    #[case("authentik", Category::Profile)]
    #[case("sign-in", Category::Step)]
    #[case("outcome", Category::Expectation)]
    #[case("oauth.autoRegister", Category::Setting)]
    #[case("audience-ignored", Category::Defect)]
    #[case("RFC 9207 §2.4", Category::Requirement)]
    #[case("not exercised", Category::Result)]
    #[case("exit code 130", Category::ExitCode)]
    #[case("id-token/wrong-audience", Category::Scenario)]
    #[case("scenarios/id-token/wrong-audience.toml", Category::Scenario)]
    #[case("exit 3", Category::ExitCode)]
    #[case("3", Category::ExitCode)]
    #[case("expect.provider-saw.token.count", Category::Expectation)]
    #[case("provider.quirks.expired", Category::Quirk)]
    #[case("server.oauth.scope", Category::Setting)]
    #[case("claims-in", Category::ProviderSetting)]
    #[case("starts-with", Category::Matcher)]
    #[case("issuer", Category::Placeholder)]
    #[case("F28", Category::Row)]
    #[case("high", Category::Severity)]
    #[case("medium", Category::Severity)]
    #[case("low", Category::Severity)]
    #[case("smoke", Category::Tag)]
    #[case("compatible", Category::Tag)]
    #[case("secure", Category::Tag)]
    #[case("altered", Category::Term)]
    #[case("again", Category::Term)]
    #[case("found", Category::Term)]
    #[case("problem", Category::Term)]
    #[case("known", Category::Result)]
    #[case("skipped", Category::Result)]
    #[case("azp", Category::Claim)]
    #[case("token", Category::Term)]
    #[case("client", Category::Term)]
    #[case("client", Category::Key)]
    #[case("end-user", Category::Term)]
    #[case("identity", Category::Term)]
    #[case("client-authentication", Category::Check)]
    #[case("hs256-only", Category::Cause)]
    #[case("Accepts an ID token made for another client", Category::Problem)]
    #[case("1. Accepts an ID token made for another client (high)", Category::Problem)]
    #[case("Not met: Accepts an ID token made for another client (high, 2 tests)", Category::Problem)]
    fn every_kind_of_word_is_explained(#[case] name: &str, #[case] kind: Category) {
        let entries = entries(&Catalogue::embedded());
        let found = find(&entries, name).unwrap_or_default();
        assert!(found.iter().any(|entry| entry.kind == kind), "{name}");
        assert!(found.iter().all(|entry| entry.text.len() > 10), "{name}");
    }

    #[test]
    fn keys_levels_and_what_expectations_take_are_explained() {
        let entries = entries(&Catalogue::embedded());
        for (name, kind) in [
            ("control", Category::Key),
            ("cases", Category::Key),
            ("why", Category::Key),
            ("title", Category::Key),
            ("agent", Category::Key),
            ("id", Category::Key),
            ("patience", Category::Key),
            ("tags", Category::Key),
            ("users", Category::Key),
            ("omit", Category::Key),
            ("tamper", Category::Key),
            ("deny", Category::Key),
            ("must", Category::Level),
            ("refused", Category::Expectation),
            ("signed-in", Category::Expectation),
            ("same-as", Category::Expectation),
            ("RFC 6749", Category::Requirement),
        ] {
            let found = find(&entries, name).unwrap_or_default();
            assert!(found.iter().any(|entry| entry.kind == kind), "{name}");
        }
    }

    /// Every word of every list, under its own name.
    #[test]
    fn nothing_is_without_its_explanation() {
        let catalogue = Catalogue::embedded();
        let entries = entries(&catalogue);
        let is_found = |kind: Category, name: &str| {
            let found = find(&entries, name).unwrap_or_default();
            let own = found.iter().find(|entry| entry.kind == kind);
            assert!(own.is_some_and(|entry| entry.text.len() > 3), "{kind} {name}");
        };
        for quirk in mock_idp::QUIRKS {
            is_found(Category::Quirk, quirk.name);
        }
        for name in mock_idp::PROFILES {
            is_found(Category::Profile, name);
        }
        for name in crate::step::ACTIONS {
            is_found(Category::Step, name);
        }
        for section in crate::expect::SECTIONS {
            is_found(Category::Expectation, section.name);
            for member in section.members() {
                is_found(Category::Expectation, &format!("{}.{member}", section.name));
            }
        }
        for keyword in crate::expect::KEYWORDS {
            is_found(Category::Matcher, keyword);
        }
        for name in crate::placeholder::NAMES {
            is_found(Category::Placeholder, &format!("{{{name}}}"));
        }
        for setting in crate::immich::SETTINGS {
            is_found(Category::Setting, &format!("{}.{}", setting.section, setting.name));
        }
        let schema = crate::scenario::schema::scenario();
        for name in schema["$defs"]["Provider"]["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            is_found(Category::ProviderSetting, name);
        }
        for defect in crate::reference::DEFECTS.iter() {
            is_found(Category::Defect, defect.name);
        }
        for outcome in crate::report::Outcome::ALL {
            is_found(Category::Result, outcome.name());
        }
        for code in crate::exit_code::ExitCode::ALL {
            is_found(Category::ExitCode, &format!("exit code {}", code.code()));
        }
        for check in crate::doctor::CHECKS {
            is_found(Category::Check, check.name);
            check.causes.iter().for_each(|(cause, _)| is_found(Category::Cause, cause));
        }
        for row in crate::checklist::LISTS.iter().flat_map(|list| list.rows) {
            is_found(Category::Row, row.id);
        }
        for scenario in &catalogue.scenarios {
            is_found(Category::Scenario, &scenario.name);
            for requirement in scenario.shape().into_iter().flat_map(|shape| &shape.requirement) {
                is_found(Category::Requirement, requirement);
            }
            for case in scenario.cases() {
                let told = story(case);
                assert!(told.len() >= case.play.shape.steps.len(), "{}: {told:?}", scenario.name);
            }
        }
    }

    #[rstest]
    #[case("accepted without a session")]
    #[case("accepted, but the session belongs to another account")]
    #[case("accepted, but not every session in the answer works")]
    #[case("accepted, but the session does not work")]
    #[case("accepted, but the session cannot be checked: 404 of users/me")]
    #[case("answered with an error, but with a session that works")]
    #[case("answered with an error, but an account was made or changed")]
    #[case("answered with an error, and the session cannot be checked: 404 of users/me")]
    #[case("answered with a redirect, but with a session that works")]
    #[case("answered with a redirect, but an account was made or changed")]
    #[case("answered with a redirect, and the session cannot be checked: 404 of users/me")]
    #[case("the server does not answer any more")]
    #[case("no answer came")]
    #[case("its control fails (`outcome` is \"refused\")")]
    #[case("neither alive nor ended: 404")]
    #[case("the server does not do this, which is optional")]
    #[case("No test passed, so this run proves nothing")]
    #[case("this refusal proves nothing: a server that refuses every sign-in passes")]
    fn what_a_report_says_is_explained(#[case] written: &str) {
        let entries = entries(&Catalogue::embedded());
        let found = find(&entries, written).unwrap_or_default();
        assert!(found.iter().any(|entry| entry.kind == Category::Term), "{written}");
    }

    #[test]
    fn a_long_line_is_compared_with_no_name() {
        let entries = entries(&Catalogue::embedded());
        for line in ["a".repeat(1024 * 1024), "a.".repeat(512 * 1024), "id-token/expired::x ".repeat(50_000)] {
            assert_eq!(find(&entries, &line), Err(Vec::new()));
        }
        assert_eq!(slips("audience", &"a".repeat(11)), None);
        assert_eq!(slips("audience", "audeince"), Some(1));
        // A report writes a number, a severity and a count around a sentence.
        assert!(entries.iter().all(|entry| entry.name.len() + 40 <= LONGEST));
    }

    #[test]
    fn nothing_far_away_is_guessed() {
        let entries = entries(&Catalogue::embedded());
        assert_eq!(find(&entries, "kubernetes"), Err(Vec::new()));
    }

    #[test]
    fn a_slip_is_recognised() {
        let entries = entries(&Catalogue::embedded());
        assert!(find(&entries, "wrong-audence").is_err_and(|near| near.contains(&"wrong-audience")));
    }
}

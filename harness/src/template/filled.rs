//! A new scenario file: one of the templates, with what is said of it.

use mock_idp::quirk;
use toml_edit::{Array, DocumentMut, Item, Value};

use super::kind::{TemplateKind, is_of_logout_tokens};
use crate::diagnostic::Source;
use crate::formatter::format;
use crate::level::Level;
use crate::scenario::{Broken, Scenario};
use crate::severity::Severity;

/// What is known of a new scenario; what is not said stays as the kind has it.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// What is right when it passes.
    pub title: Option<String>,
    /// What a server does that fails it.
    pub problem: Option<String>,
    /// How bad that is.
    pub severity: Option<Severity>,
    /// Clauses that ask for it.
    pub requirement: Vec<String>,
    /// The attack, or the pain.
    pub why: Option<String>,
    /// The requirement's own word.
    pub level: Option<Level>,
    /// What the provider does wrong.
    pub quirk: Option<String>,
}

/// The quirk of the adversarial file.
const QUIRK: &str = "wrong-audience";

/// The file for quirks of logout tokens, which no sign-in ever meets, and the
/// quirk of that file.
const LOGOUT_TOKEN: (&str, &str) = (include_str!("logout_token.toml"), "logout-wrong-audience");

/// How the part of a file begins before which `[provider]` stands.
const END_USERS: &str = "# End-users of the provider";

/// The file of a kind, with a quirk of the provider.
fn with_quirk(kind: TemplateKind, name: &str) -> String {
    if kind != TemplateKind::Adversarial {
        let text = "# The provider deviates from the specification: oidc-harness explain";
        let table = format!("{text} {name}\n[provider]\nquirks.{name} = true\n\n");
        return kind.text().replacen(END_USERS, &(table + END_USERS), 1);
    }
    if quirk(name).is_some_and(is_of_logout_tokens) {
        LOGOUT_TOKEN.0.replace(LOGOUT_TOKEN.1, name)
    } else {
        kind.text().replace(QUIRK, name)
    }
}

/// A new file, in the house style.
///
/// # Errors
/// All mistakes in what was said of it, as `check` would print them.
pub fn write(kind: TemplateKind, subject: &Subject, name: &str, path: &std::path::Path) -> Result<String, Broken> {
    let text = match &subject.quirk {
        None => kind.text().to_owned(),
        Some(quirk) => with_quirk(kind, quirk),
    };
    let mut document = text.parse::<DocumentMut>().unwrap_or_default();
    let mut set = |key: &str, value: Option<Value>| {
        if let (Some(value), Some(item)) = (value, document.get_mut(key)) {
            *item = Item::Value(value);
        }
    };
    set("title", subject.title.clone().map(Value::from));
    set("problem", subject.problem.clone().map(Value::from));
    set("severity", subject.severity.map(|severity| severity.name().into()));
    set("why", subject.why.clone().map(Value::from));
    set("level", subject.level.map(|level| level.name().into()));
    let requirement = Some(&subject.requirement).filter(|list| !list.is_empty());
    set("requirement", requirement.map(|list| list.iter().collect::<Array>().into()));
    let source = |text: String| Source { path: path.to_owned(), text };
    let written = source(document.to_string());
    let text = format(&written).map_err(|problems| Broken { source: written.into(), problems })?;
    Scenario::parse(name, source(text.clone()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use mock_idp::Message;
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn every_kind_begins_as_a_good_file(
        #[values(
            TemplateKind::Policy,
            TemplateKind::Claims,
            TemplateKind::Settings,
            TemplateKind::Adversarial,
            TemplateKind::Mobile,
            TemplateKind::Logout
        )]
        kind: TemplateKind,
    ) {
        let text = write(kind, &Subject::default(), "a/b", "a/b.toml".as_ref()).unwrap();
        assert_eq!(text, kind.text(), "it is in the house style");
        assert!(!kind.title().is_empty() && !kind.problem().is_empty() && !kind.requirement().is_empty());
    }

    #[test]
    fn what_is_said_of_it_stands_in_it() {
        let subject = Subject {
            title: Some("A \"title\"".into()),
            problem: Some("Accepts an old token".into()),
            severity: Some(Severity::Low),
            requirement: vec!["RFC 9207 §2.4".into()],
            why: Some("Because.".into()),
            level: Some(Level::Should),
            quirk: Some("expired".into()),
        };
        let text = write(TemplateKind::Adversarial, &subject, "a/b", "a/b.toml".as_ref()).unwrap();
        let scenario = Scenario::parse("a/b", Source { path: "b.toml".into(), text }).unwrap();
        let shape = scenario.shape().unwrap();
        assert_eq!((&shape.title, &shape.requirement), (&subject.title.unwrap(), &subject.requirement));
        assert_eq!((&shape.problem, shape.severity), (&subject.problem.unwrap(), Severity::Low));
        assert_eq!((&shape.why, shape.level), (&subject.why, Level::Should));
        assert_eq!(shape.provider.quirks.written().keys().collect::<Vec<_>>(), ["expired"]);
    }

    #[rstest]
    #[case(TemplateKind::Policy, "expired")]
    #[case(TemplateKind::Mobile, "expired")]
    #[case(TemplateKind::Logout, "expired")]
    #[case(TemplateKind::Logout, "logout-wrong-audience")]
    fn a_quirk_is_added_to_a_file_that_is_not_about_it(#[case] kind: TemplateKind, #[case] name: &str) {
        assert!(kind.meets(quirk(name).unwrap()));
        let subject = Subject { quirk: Some(name.into()), ..Subject::default() };
        let text = write(kind, &subject, "a/b", "a/b.toml".as_ref()).unwrap();
        let scenario = Scenario::parse("a/b", Source { path: "b.toml".into(), text }).unwrap();
        let shape = scenario.shape().unwrap();
        assert_eq!((shape.title.clone(), shape.requirement.clone()), (kind.title(), kind.requirement()));
        assert_eq!(shape.provider.quirks.written().keys().collect::<Vec<_>>(), [name]);
    }

    #[rstest]
    fn a_sign_in_meets_no_quirk_of_logout_tokens(
        #[values(TemplateKind::Policy, TemplateKind::Mobile)] kind: TemplateKind,
    ) {
        assert!(!kind.meets(quirk("logout-wrong-audience").unwrap()));
    }

    #[test]
    fn every_quirk_has_a_file_in_which_it_can_show() {
        for quirk in mock_idp::QUIRKS {
            let subject = Subject { quirk: Some(quirk.name.into()), ..Subject::default() };
            let text = write(TemplateKind::Adversarial, &subject, "a/b", "a/b.toml".as_ref()).unwrap();
            let of_logout_tokens = text.contains("backchannel-logout.as");
            assert!(text.contains(&format!("quirks.{}", quirk.name)), "{}: {text}", quirk.name);
            let (first, _) = quirk.touches[0];
            assert!(first == Message::LogoutToken || !of_logout_tokens, "{}", quirk.name);
            assert!(of_logout_tokens || !quirk.name.starts_with("logout-") || first != Message::LogoutToken);
        }
    }

    #[test]
    fn a_clause_of_nothing_is_refused() {
        let subject = Subject { requirement: vec!["RFC 1".into()], ..Subject::default() };
        assert!(write(TemplateKind::Policy, &subject, "a/b", "a/b.toml".as_ref()).is_err());
    }
}

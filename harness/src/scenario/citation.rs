//! What scenarios may cite as requirements: clauses of specifications,
//! settings and routes of Immich. A citation that leads nowhere is worse than
//! none. The lists that they stand for rows of are in [`crate::coverage`].

use crate::diagnostic::closest;
use crate::immich::{ApiRoute, SETTINGS, setting};

/// The specifications, by the names under which people know them.
pub const SPECIFICATIONS: &[&str] = &[
    "OIDC Core",
    "OIDC Discovery",
    "OIDC Back-Channel Logout",
    "OIDC RP-Initiated Logout",
    "OAuth 2.0 Form Post Response Mode",
    "OAuth 2.0 Multiple Response Types",
    "JARM",
    "RFC 3986",
    "RFC 6265",
    "RFC 6749",
    "RFC 6585",
    "RFC 6750",
    "RFC 7009",
    "RFC 7235",
    "RFC 7515",
    "RFC 7516",
    "RFC 7517",
    "RFC 7518",
    "RFC 7519",
    "RFC 7636",
    "RFC 7797",
    "RFC 8252",
    "RFC 8259",
    "RFC 8414",
    "RFC 8725",
    "RFC 9068",
    "RFC 9101",
    "RFC 9110",
    "RFC 9112",
    "RFC 9126",
    "RFC 9207",
    "RFC 9449",
    "RFC 9700",
];

/// Subjects of Immich's contract that are neither a setting nor a route.
const SUBJECTS: &[&str] = &["account name", "account email", "account picture", "session cookies", "login page"];

/// The routes of Immich's contract that a scenario can be about.
fn routes() -> impl Iterator<Item = &'static str> {
    ApiRoute::CITED.iter().map(|route| route.name())
}

/// Returns the URL of the section that a requirement cites; none for Immich's own
/// contract and for what is no citation.
pub fn address(text: &str) -> Option<String> {
    let (specification, clause) = text.split_once(" §").filter(|_| requirement(text).is_ok())?;
    let section = clause.split(' ').next()?;
    let page = page(specification)?;
    let is_rfc = specification.starts_with("RFC ");
    Some(match (is_rfc, section.starts_with(|letter: char| letter.is_ascii_digit())) {
        (true, true) => format!("{page}#section-{section}"),
        (true, false) => format!("{page}#appendix-{section}"),
        (false, _) => format!("{page}#rfc.section.{section}"),
    })
}

/// Returns the URL of a specification; none if it is not one of
/// [`SPECIFICATIONS`].
pub fn page(specification: &str) -> Option<String> {
    let page = match specification {
        "OIDC Core" => "openid-connect-core-1_0",
        "OIDC Discovery" => "openid-connect-discovery-1_0",
        "OIDC Back-Channel Logout" => "openid-connect-backchannel-1_0",
        "OIDC RP-Initiated Logout" => "openid-connect-rpinitiated-1_0",
        "OAuth 2.0 Form Post Response Mode" => "oauth-v2-form-post-response-mode-1_0",
        "OAuth 2.0 Multiple Response Types" => "oauth-v2-multiple-response-types-1_0",
        "JARM" => "oauth-v2-jarm",
        _ => {
            let known = SPECIFICATIONS.iter().find(|known| **known == specification)?;
            return Some(format!("https://www.rfc-editor.org/rfc/rfc{}", known.strip_prefix("RFC ")?));
        }
    };
    Some(format!("https://openid.net/specs/{page}.html"))
}

/// What is wrong with a requirement.
pub fn requirement(text: &str) -> Result<(), String> {
    if let Some(subject) = text.strip_prefix("immich: ") {
        let is_setting = subject.split_once('.').is_some_and(|(section, name)| setting(section, name).is_some());
        return if is_setting || routes().chain(SUBJECTS.iter().copied()).any(|known| known == subject) {
            Ok(())
        } else {
            Err(format!("unknown requirement `{text}`"))
        };
    }
    let Some((specification, clause)) = text.split_once(" §") else {
        return Err(format!("invalid requirement `{text}`"));
    };
    if !SPECIFICATIONS.contains(&specification) {
        return Err(format!("unknown specification `{specification}`"));
    }
    // `3.1.3.7 (3)`, or an appendix such as `B`.
    let (section, _) = clause.split_once(' ').unwrap_or((clause, ""));
    let is_part = |part: &str| {
        let is_number = part.parse::<u8>().is_ok_and(|number| number > 0) && !part.starts_with(['0', '+']);
        is_number || matches!(part.as_bytes(), [letter] if letter.is_ascii_uppercase())
    };
    if section.split('.').all(is_part) { Ok(()) } else { Err(format!("invalid clause `§{clause}`")) }
}

/// What to write for an unknown requirement of Immich.
pub(super) fn subject_help() -> String {
    format!(
        "cite a setting (`immich: oauth.scope`), a route (`immich: {}`), or one of {}",
        ApiRoute::CALLBACK,
        SUBJECTS.join(", ")
    )
}

/// The existing citation that is closest to an unknown one.
pub(super) fn meant(text: &str) -> Option<String> {
    if let Some(subject) = text.strip_prefix("immich: ") {
        if let Some((section, name)) = subject.split_once('.') {
            let names = SETTINGS.iter().filter(|setting| setting.section == section).map(|setting| setting.name);
            return closest(name, names).map(|name| format!("immich: {section}.{name}"));
        }
        let known = SUBJECTS.iter().copied().chain(routes());
        return closest(subject, known).map(|subject| format!("immich: {subject}"));
    }
    if let Some((name, clause)) = text.split_once(" §") {
        // Any number of an RFC is near some other.
        let is_number = name.strip_prefix("RFC ").is_some_and(|number| number.parse::<u32>().is_ok());
        let specification = closest(name, SPECIFICATIONS.iter().copied()).filter(|_| !is_number)?;
        return Some(format!("{specification} §{clause}"));
    }
    let clause = |name: &&str| {
        let clause = text.strip_prefix(*name)?.trim_start_matches([' ', ',', '§']);
        let clause = clause.trim_start_matches("section ").trim_start_matches("Section ");
        clause.starts_with(|first: char| first.is_ascii_digit()).then(|| format!("{name} §{clause}"))
    };
    SPECIFICATIONS.iter().find_map(clause)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("OIDC Core §3.1.3.7 (3)", true)]
    #[case("RFC 9207 §2.4", true)]
    #[case("immich: oauth.scope", true)]
    #[case("immich: POST /api/oauth/link", true)]
    #[case("OIDC Cor §2", false)]
    #[case("OIDC Core §the third", false)]
    #[case("OIDC Core §3..1", false)]
    #[case("immich: POST /api/oauth/callbak", false)]
    #[case("RFC 6749", false)]
    #[case("immich: oauth.scop", false)]
    #[case("because", false)]
    fn requirements_lead_somewhere(#[case] text: &str, #[case] good: bool) {
        assert_eq!(requirement(text).is_ok(), good);
    }

    #[rstest]
    #[case("OIDC Core §3.1.3.7 (3)", Some("https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.3.7"))]
    #[case("RFC 9207 §2.4", Some("https://www.rfc-editor.org/rfc/rfc9207#section-2.4"))]
    #[case("RFC 6749 §A.5", Some("https://www.rfc-editor.org/rfc/rfc6749#appendix-A.5"))]
    #[case("RFC 1 §2", None)]
    #[case("immich: oauth.scope", None)]
    fn a_citation_has_an_address(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(address(text).as_deref(), expected);
    }

    #[test]
    fn every_specification_has_an_address() {
        let without = SPECIFICATIONS.iter().filter(|name| address(&format!("{name} §1")).is_none());
        assert_eq!(without.collect::<Vec<_>>(), Vec::<&&str>::new());
    }

    #[rstest]
    #[case("OIDC Core 3.1.3.7", Some("OIDC Core §3.1.3.7"))]
    #[case("RFC 6749, section 4.1", Some("RFC 6749 §4.1"))]
    #[case("OIDC Cor §2", Some("OIDC Core §2"))]
    #[case("RFC6749 §4.1", Some("RFC 6749 §4.1"))]
    #[case("RFC 1234 §2", None)]
    #[case("RFC 6749", None)]
    #[case("immich: oauth.autoregister", Some("immich: oauth.autoRegister"))]
    #[case("immich: oauth.nothing", None)]
    #[case("immich: POST /api/oauth/callbak", Some("immich: POST /api/oauth/callback"))]
    #[case("immich: account mail", Some("immich: account email"))]
    #[case("because", None)]
    fn a_misspelt_citation_gets_a_suggestion(#[case] text: &str, #[case] citation: Option<&str>) {
        assert_eq!(meant(text).as_deref(), citation);
        assert!(citation.is_none_or(|citation| requirement(citation).is_ok()));
    }
}

//! What scenarios may cite as requirements: clauses of specifications,
//! settings and routes of Immich. A citation that leads nowhere is worse than
//! none. The lists that they stand for rows of are in [`crate::coverage`].

use crate::target::setting;

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

/// What is wrong with a requirement.
pub(super) fn requirement(text: &str) -> Result<(), String> {
    if let Some(subject) = text.strip_prefix("immich: ") {
        let is_setting = subject.split_once('.').is_some_and(|(section, name)| setting(section, name).is_some());
        let is_route = ["GET ", "POST ", "PUT ", "DELETE "].iter().any(|method| {
            subject
                .strip_prefix(method)
                .is_some_and(|path| path.starts_with("/api/") || path.starts_with("/.well-known/"))
        });
        return if is_setting || is_route || SUBJECTS.contains(&subject) {
            Ok(())
        } else {
            Err(format!("`{subject}` is neither a setting nor a route of Immich, nor one of {}", SUBJECTS.join(", ")))
        };
    }
    let Some((specification, _)) = text.split_once(" §") else {
        return Err("a requirement is a clause, such as `RFC 6749 §4.1.3`, or `immich: oauth.scope`".to_owned());
    };
    if SPECIFICATIONS.contains(&specification) {
        Ok(())
    } else {
        Err(format!("the specification `{specification}` is not in the list"))
    }
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
    #[case("RFC 6749", false)]
    #[case("immich: oauth.scop", false)]
    #[case("because", false)]
    fn requirements_lead_somewhere(#[case] text: &str, #[case] good: bool) {
        assert_eq!(requirement(text).is_ok(), good);
    }
}

//! The versions of Immich whose contract the reference server can have, in one
//! table of what came with which: an older server is the newest one without
//! that. What it decides stays conforming wherever the contract leaves it open.

use semver::Version;

use super::rules::{Rules, role_as_text};

/// What came with a version.
struct Addition {
    since: Version,
    /// Makes a server as it was before.
    undo: fn(&mut Rules),
}

/// The oldest version that the table knows.
const OLDEST: Version = Version::new(2, 7, 0);

/// The newest version that the table knows, which a server has by default.
pub const NEWEST: Version = Version::new(3, 3, 0);

static ADDITIONS: &[Addition] = &[
    Addition {
        since: Version::new(3, 0, 0),
        undo: |rules| {
            rules.api.backchannel_logout = false;
            rules.api.settings_not_there.extend(["prompt", "endSessionEndpoint", "allowInsecureRequests"]);
            rules.discovery.insecure = |_| true;
            rules.fetch.insecure_endpoints = |issuer, _| issuer.starts_with("http:");
        },
    },
    Addition {
        since: Version::new(3, 1, 0),
        undo: |rules| {
            rules.account.role_each_time = false;
            rules.account.role = role_as_text;
        },
    },
    Addition {
        since: Version::new(3, 2, 0),
        undo: |rules| {
            rules.api.configurations = false;
            rules.api.settings_not_there.push("accountManagementUrl");
        },
    },
];

/// Reads a version such as `3.1` or `3.1.0`.
///
/// # Errors
/// What is wrong with it, as a clause.
pub fn known_version(text: &str) -> Result<Version, String> {
    let full = if text.matches('.').count() == 1 { format!("{text}.0") } else { text.to_owned() };
    let version = Version::parse(&full).map_err(|_| "a version has two or three numbers, such as 3.1".to_owned())?;
    if version < OLDEST || (version.major, version.minor) > (NEWEST.major, NEWEST.minor) {
        return Err(format!(
            "the reference server knows Immich {}.{} to {}.{}",
            OLDEST.major, OLDEST.minor, NEWEST.major, NEWEST.minor
        ));
    }
    Ok(version)
}

impl Rules {
    /// How a conforming server of this version decides.
    pub fn of_version(version: &Version) -> Self {
        let mut rules = Self::honest();
        for addition in ADDITIONS.iter().filter(|addition| addition.since > *version) {
            (addition.undo)(&mut rules);
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2.7", Some(Version::new(2, 7, 0)))]
    #[case("2.7.5", Some(Version::new(2, 7, 5)))]
    #[case("3.3.1", Some(Version::new(3, 3, 1)))]
    #[case("2.6.9", None)]
    #[case("3.4", None)]
    #[case("3", None)]
    #[case("newest", None)]
    fn a_version_is_one_of_the_table(#[case] text: &str, #[case] version: Option<Version>) {
        assert_eq!(known_version(text).ok(), version);
    }

    #[test]
    fn an_older_server_lacks_what_came_later() {
        let settings = |version: &str| {
            let rules = Rules::of_version(&known_version(version).unwrap_or(OLDEST));
            (rules.api.settings_not_there.len(), rules.api.backchannel_logout, rules.api.configurations)
        };
        assert_eq!(settings("2.7"), (4, false, false));
        assert_eq!(settings("3.0.3"), (1, true, false));
        assert_eq!(settings("3.1"), (1, true, false));
        assert_eq!(settings("3.2"), (0, true, true));
    }
}

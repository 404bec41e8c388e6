//! The list of profiles. A new one is a file beside this one and a line here.

use super::{Profile, ProfileError};

macro_rules! profiles {
    ($($name:literal,)*) => {
        /// The names of all profiles.
        pub const PROFILES: &[&str] = &[$($name),*];

        fn text(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!($name, ".toml"))),)*
                _ => None,
            }
        }
    };
}

profiles! {
    "auth0",
    "authelia",
    "authentik",
    "cloudflare-access",
    "dex",
    "entra-id",
    "gitlab",
    "google",
    "kanidm",
    "keycloak",
    "okta",
    "pocket-id",
    "rauthy",
    "zitadel",
}

/// The profile of that name.
pub fn profile(name: &str) -> Result<Profile, ProfileError> {
    let text = text(name).ok_or_else(|| ProfileError::Unknown(name.to_owned()))?;
    Profile::parse(name, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_sound() {
        for name in PROFILES {
            let profile = profile(name);
            assert!(profile.is_ok(), "{}", profile.map_or_else(|error| error.to_string(), |_| String::new()));
        }
    }
}

//! The list of profiles. A new one is a file beside this one and a line here.

use std::sync::OnceLock;

use super::{Profile, ProfileError};

macro_rules! profiles {
    ($($name:literal,)*) => {
        /// The names of all profiles.
        pub const PROFILES: &[&str] = &[$($name),*];

        /// The profile of that name, read when it is first asked for.
        pub fn profile(name: &str) -> Result<&'static Profile, ProfileError> {
            match name {
                $($name => {
                    static PROFILE: OnceLock<Result<Profile, ProfileError>> = OnceLock::new();
                    let read = || Profile::parse($name, include_str!(concat!($name, ".toml")));
                    PROFILE.get_or_init(read).as_ref().map_err(Clone::clone)
                })*
                _ => Err(ProfileError::Unknown(name.to_owned())),
            }
        }
    };
}

profiles! {
    "auth0",
    "authelia",
    "authentik",
    "cloudflare-access",
    "cognito",
    "dex",
    "entra-id",
    "gitlab",
    "google",
    "kanidm",
    "keycloak",
    "lemonldap",
    "okta",
    "pocket-id",
    "rauthy",
    "slack",
    "synology",
    "zitadel",
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

//! How a run may deal with the settings of its target, and the permissions that
//! an administrator's key needs for that. [`super::api`] asks for those of a key.

use super::{ConfigurationFile, SettingsRoutes};

/// How a run may deal with the settings of its target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Access {
    /// It changes them over the API.
    #[default]
    Api,
    /// It changes them in the file that the target reads.
    File(ConfigurationFile),
    /// They stay as they are, and the provider is what they say.
    Fixed,
    /// It has no administrator's key, and changes nothing at all.
    ReadOnly,
}

impl Access {
    /// The file, if it is that way.
    pub fn file(&self) -> Option<&ConfigurationFile> {
        match self {
            Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// Whether settings may be changed.
    pub fn changes_settings(&self) -> bool {
        matches!(self, Self::Api | Self::File(_))
    }

    /// The permissions that an administrator's key needs for it at a server
    /// with these routes.
    pub fn permissions(&self, routes: SettingsRoutes) -> Vec<&'static str> {
        let settings: &[&str] = match self {
            Self::Api => &[routes.read, routes.update],
            Self::File(_) | Self::Fixed => &[routes.read],
            Self::ReadOnly => return Vec::new(),
        };
        [settings, &["adminUser.create", "adminUser.read", "adminUser.delete"]].concat()
    }

    /// Those of them that a key with `permissions` lacks. Up to Immich 1.136
    /// the names began with `admin.user`.
    pub(crate) fn missing(&self, routes: SettingsRoutes, permissions: &[String]) -> Vec<String> {
        let has = |name: &str| {
            let old = name.replace("adminUser", "admin.user");
            permissions.iter().any(|one| one == "all" || one == name || *one == old)
        };
        self.permissions(routes).into_iter().filter(|name| !has(name)).map(ToOwned::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(SettingsRoutes::NEW, &["all"], &[])]
    #[case(
        SettingsRoutes::OLD,
        &["systemConfig.read", "systemConfig.update", "admin.user.create", "admin.user.read", "admin.user.delete"],
        &[],
    )]
    #[case(
        SettingsRoutes::OLD,
        &["systemConfig.read", "systemConfig.update", "adminUser.create"],
        &["adminUser.read", "adminUser.delete"],
    )]
    #[case(
        SettingsRoutes::NEW,
        &["adminConfig.read", "systemConfig.update", "adminUser.create", "adminUser.read", "adminUser.delete"],
        &["adminConfig.update"],
    )]
    fn missing_permissions_are_named(
        #[case] routes: SettingsRoutes,
        #[case] permissions: &[&str],
        #[case] expected: &[&str],
    ) {
        let permissions: Vec<String> = permissions.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(Access::Api.missing(routes, &permissions), expected);
    }
}

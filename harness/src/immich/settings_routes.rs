//! The routes of the settings, and the permissions that they need: those of
//! Immich 3.2, and the older ones, which 3.2 still has.
//! [`super::settings_in_force`] finds out which a server has.

use super::ApiRoute;

/// Routes that read and replace the same settings document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingsRoutes {
    /// Returns the settings.
    pub get: ApiRoute,
    /// Replaces the settings.
    pub put: ApiRoute,
    /// Returns the settings of a fresh server.
    pub defaults: ApiRoute,
    /// The permission to read them.
    pub read: &'static str,
    /// The permission to replace them.
    pub update: &'static str,
}

impl SettingsRoutes {
    /// Those that came with Immich 3.2.
    pub const NEW: Self = Self {
        get: ApiRoute::ADMIN_CONFIG,
        put: ApiRoute::PUT_ADMIN_CONFIG,
        defaults: ApiRoute::DEFAULT_ADMIN_CONFIG,
        read: "adminConfig.read",
        update: "adminConfig.update",
    };

    /// Those of every Immich so far; deprecated since 3.2.
    pub const OLD: Self = Self {
        get: ApiRoute::SYSTEM_CONFIG,
        put: ApiRoute::PUT_SYSTEM_CONFIG,
        defaults: ApiRoute::DEFAULT_SYSTEM_CONFIG,
        read: "systemConfig.read",
        update: "systemConfig.update",
    };

    /// All of them, in the order in which the harness tries them.
    pub const ALL: [Self; 2] = [Self::NEW, Self::OLD];
}

//! What is looked at before anything is changed.
//!
//! Each check says what it found, or what to do. That the target reaches the
//! provider can only be seen once it has been told of it, so that check
//! belongs to the runner, under the guard of the journal.

use super::{Capabilities, Immich, TargetError};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreflightCheck {
    /// What was looked at.
    pub name: &'static str,
    /// What was found.
    pub outcome: Result<String, TargetError>,
}

/// What was found before the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preflight {
    /// The checks, up to the first one that failed.
    pub checks: Vec<PreflightCheck>,
}

/// The permissions that a run needs.
const PERMISSIONS: &[&str] =
    &["systemConfig.read", "systemConfig.update", "adminUser.create", "adminUser.read", "adminUser.delete"];

impl Preflight {
    /// The first check that failed.
    pub fn failure(&self) -> Option<&TargetError> {
        self.checks.iter().find_map(|check| check.outcome.as_ref().err())
    }

    /// Notes a check; whether one may go on.
    pub fn note(&mut self, name: &'static str, outcome: Result<String, TargetError>) -> bool {
        let good = outcome.is_ok();
        self.checks.push(PreflightCheck { name, outcome });
        good
    }
}

/// Looks at the target and changes nothing. The capabilities are missing if
/// a check failed.
pub async fn preflight(target: &Immich) -> (Preflight, Option<Capabilities>) {
    let mut found = Preflight::default();
    let reachable = target.ping().await.map(|()| target.origin().to_owned());
    if !found.note("the server answers", reachable) {
        return (found, None);
    }
    let version = target.version().await.map(|version| format!("it calls itself {version}"));
    if !found.note("it is an Immich-compatible server", version)
        || !found.note("the API key is good", key(target).await)
    {
        return (found, None);
    }
    let initialized = administrator(target).await;
    let changeable = changeable(target).await;
    if !found.note("it has an administrator", initialized) || !found.note("its settings can be changed", changeable) {
        return (found, None);
    }
    match Capabilities::of(target).await {
        Ok(capabilities) => {
            let keys = capabilities.fingerprint().len();
            found.note("it says what it can do", Ok(format!("{keys} OAuth settings and routes")));
            (found, Some(capabilities))
        }
        Err(error) => {
            found.note("it says what it can do", Err(error));
            (found, None)
        }
    }
}

async fn key(target: &Immich) -> Result<String, TargetError> {
    // This one proves key and administrator at once.
    target.settings().await?;
    target.accounts().await?;
    let Some(permissions) = target.permissions().await? else { return Ok("it belongs to an administrator".to_owned()) };
    let missing = missing(&permissions);
    if missing.is_empty() {
        Ok("it belongs to an administrator".to_owned())
    } else {
        Err(TargetError::Permission(missing))
    }
}

/// Up to Immich 1.136 the names began with `admin.user`.
fn missing(permissions: &[String]) -> Vec<String> {
    let has = |name: &str| {
        let old = name.replace("adminUser", "admin.user");
        permissions.iter().any(|one| one == "all" || one == name || *one == old)
    };
    PERMISSIONS.iter().filter(|name| !has(name)).map(|name| (*name).to_owned()).collect()
}

async fn administrator(target: &Immich) -> Result<String, TargetError> {
    let public = target.public_configuration().await?;
    match public.get("isInitialized").and_then(serde_json::Value::as_bool) {
        Some(false) => Err(TargetError::NoAdministrator),
        _ => Ok("yes".to_owned()),
    }
}

async fn changeable(target: &Immich) -> Result<String, TargetError> {
    let features = target.features().await?;
    match features.get("configFile").and_then(serde_json::Value::as_bool) {
        Some(true) => Err(TargetError::ConfigurationFile),
        _ => Ok("no configuration file is in use".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["all"], &[])]
    #[case(&["systemConfig.read", "systemConfig.update", "admin.user.create", "admin.user.read", "admin.user.delete"], &[])]
    #[case(&["systemConfig.read", "systemConfig.update", "adminUser.create"], &["adminUser.read", "adminUser.delete"])]
    fn missing_permissions_are_named(#[case] permissions: &[&str], #[case] expected: &[&str]) {
        let permissions: Vec<String> = permissions.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(missing(&permissions), expected);
    }
}

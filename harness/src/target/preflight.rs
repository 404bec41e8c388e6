//! What is looked at before anything is changed.
//!
//! Each check says what it found, or what to do. That the target reaches the
//! provider can only be seen once it has been told of it, so that check
//! belongs to the runner, under the guard of the journal.

use serde_json::Value;

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

/// What whoever runs it agrees to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consents {
    /// That OAuth settings in use are replaced for the run.
    pub replace_oauth_settings: bool,
    /// That a server with many accounts is judged.
    pub production: bool,
}

/// A staging server has no more accounts than this.
const MANY_ACCOUNTS: usize = 10;

/// How far clocks may be apart, in seconds.
const CLOCK_TOLERANCE: i64 = 5;

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

/// Looks at the target and changes nothing; `now` is this machine's time in
/// seconds since 1970. The capabilities are missing if a check failed.
pub async fn preflight(target: &Immich, consents: Consents, now: i64) -> (Preflight, Option<Capabilities>) {
    let mut found = Preflight::default();
    let capabilities = look(target, consents, now, &mut found).await;
    (found, capabilities)
}

/// The checks in order; nothing after the first one that failed.
async fn look(target: &Immich, consents: Consents, now: i64, found: &mut Preflight) -> Option<Capabilities> {
    let reachable = target.ping().await.map(|()| target.origin().to_owned());
    let good = found.note("the server answers", reachable)
        && found.note("it is an Immich-compatible server", version(target).await)
        && found.note("its clock is right", clock(target, now).await)
        && found.note("the API key is good", key(target).await)
        && found.note("it has an administrator", administrator(target).await)
        && found.note("its settings can be changed", changeable(target).await)
        && found.note("nobody needs its OAuth settings", unused(target, consents).await)
        && found.note("it is no production server", staging(target, consents).await);
    if !good {
        return None;
    }
    let capabilities = Capabilities::of(target).await;
    let keys = capabilities.as_ref().map(|it| format!("{} OAuth settings and routes", it.fingerprint().len()));
    found.note("it says what it can do", keys.map_err(Clone::clone));
    capabilities.ok()
}

async fn version(target: &Immich) -> Result<String, TargetError> {
    target.version().await.map(|version| format!("it calls itself {version}"))
}

async fn clock(target: &Immich, now: i64) -> Result<String, TargetError> {
    let Some(theirs) = target.time().await? else { return Ok("it does not tell the time".to_owned()) };
    let apart = (theirs - now).abs();
    if apart > CLOCK_TOLERANCE { Err(TargetError::Clock(apart)) } else { Ok(format!("within {CLOCK_TOLERANCE} s")) }
}

async fn unused(target: &Immich, consents: Consents) -> Result<String, TargetError> {
    let settings = target.settings().await?;
    let oauth = settings.get("oauth");
    let issuer = oauth.and_then(|oauth| oauth.get("issuerUrl")).and_then(Value::as_str).unwrap_or_default();
    let enabled = oauth.and_then(|oauth| oauth.get("enabled")) == Some(&Value::Bool(true));
    match (enabled && !issuer.is_empty(), consents.replace_oauth_settings) {
        (true, false) => Err(TargetError::OAuthInUse(issuer.to_owned())),
        (true, true) => Ok(format!("{issuer} is replaced for the run, as agreed")),
        (false, _) => Ok("OAuth is off".to_owned()),
    }
}

async fn staging(target: &Immich, consents: Consents) -> Result<String, TargetError> {
    let accounts = target.accounts().await?.len();
    if accounts > MANY_ACCOUNTS && !consents.production {
        return Err(TargetError::ManyAccounts(accounts));
    }
    Ok(format!("accounts: {accounts}"))
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
    match public.get("isInitialized").and_then(Value::as_bool) {
        Some(false) => Err(TargetError::NoAdministrator),
        _ => Ok("yes".to_owned()),
    }
}

async fn changeable(target: &Immich) -> Result<String, TargetError> {
    let features = target.features().await?;
    match features.get("configFile").and_then(Value::as_bool) {
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

//! The checks before the first change.
//!
//! Each check says what it found, or what to do. Whether the target reaches the
//! provider shows only after a change of its settings. That check belongs to
//! the runner, under the guard of the journal.

use serde_json::Value;

use super::leftovers;
use crate::immich::{
    Access, Capabilities, Immich, TargetError, VariableFault, client_secret_of, differences, issuer_in_use, sections_of,
};
use crate::plural::counted;

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

/// The consents of the person who runs the harness.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consents {
    /// That OAuth settings in use are replaced for the run.
    pub replace_oauth_settings: bool,
    /// That a server with many accounts is judged.
    pub production: bool,
    /// That the accounts of the run stay, since the server cannot delete them.
    pub leave_accounts: bool,
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
pub async fn preflight(
    target: &Immich,
    access: &Access,
    consents: Consents,
    now: i64,
) -> (Preflight, Option<Capabilities>) {
    let mut found = Preflight::default();
    let capabilities = look(target, access, consents, now, &mut found).await;
    (found, capabilities)
}

/// The checks in order; nothing after the first one that failed.
async fn look(
    target: &Immich,
    access: &Access,
    consents: Consents,
    now: i64,
    found: &mut Preflight,
) -> Option<Capabilities> {
    let reachable = target.ping().await.map(|()| target.origin().to_owned());
    let good = found.note("server answers", reachable)
        && found.note("Immich-compatible server", version(target).await)
        && found.note("server clock", clock(target, now).await);
    if !good {
        return None;
    }
    if *access == Access::ReadOnly {
        let capabilities = Capabilities::public(target).await;
        let routes =
            capabilities.as_ref().map(|it| format!("{} of the routes that only some versions have", it.routes.len()));
        found.note("OAuth settings and routes found", routes.map_err(Clone::clone));
        return capabilities.ok();
    }
    let good = found.note("API key", key(target, access).await)
        && found.note("administrator account", administrator(target).await)
        && found.note("no other run uses this server", leftovers::look(target, !consents.leave_accounts).await)
        && match access {
            Access::Fixed => true,
            _ => {
                found.note("settings can be changed", changeable(target, access).await)
                    && found.note("client secret", shown(target, access).await)
                    && found.note("OAuth", unused(target, consents).await)
            }
        }
        && found.note("accounts can be deleted", deletable(target, consents).await)
        && found.note("staging server", staging(target, consents).await);
    if !good {
        return None;
    }
    let capabilities = Capabilities::of(target).await;
    let keys = capabilities.as_ref().map(|it| it.fingerprint().len().to_string());
    found.note("OAuth settings and routes found", keys.map_err(Clone::clone));
    capabilities.ok()
}

async fn version(target: &Immich) -> Result<String, TargetError> {
    target.version().await.map(|version| format!("version {version}"))
}

async fn clock(target: &Immich, now: i64) -> Result<String, TargetError> {
    let Some(theirs) = target.time().await? else { return Ok("the server sends no `Date` header".to_owned()) };
    let apart = (theirs - now).abs();
    if apart > CLOCK_TOLERANCE {
        Err(TargetError::Clock(apart))
    } else {
        Ok(format!("differs from this machine's clock by at most {CLOCK_TOLERANCE} s"))
    }
}

async fn unused(target: &Immich, consents: Consents) -> Result<String, TargetError> {
    let settings = target.settings().await?;
    match (issuer_in_use(&settings)?, consents.replace_oauth_settings) {
        (Some(issuer), false) => Err(TargetError::OAuthInUse(issuer.to_owned())),
        (Some(issuer), true) => Ok(format!("the run replaces the issuer {issuer}, as --replace-oauth-settings allows")),
        (None, _) => Ok("off, so no end-user needs the current settings".to_owned()),
    }
}

/// Whether the settings show the client secret, which no file has otherwise.
async fn shown(target: &Immich, access: &Access) -> Result<String, TargetError> {
    let settings = target.settings().await?;
    match client_secret_of(&settings) {
        _ if access.file().is_some() => Ok("it is in the configuration file, which the run restores".to_owned()),
        Some(Value::String(secret)) if secret.is_empty() => Ok("none, so the run need not restore it".to_owned()),
        Some(Value::String(secret)) if !is_masked(secret) => {
            Ok("the server shows it, so the run can restore it".to_owned())
        }
        _ => Err(TargetError::HiddenSecret),
    }
}

/// Whether what stands for a secret only says that there is one.
fn is_masked(secret: &str) -> bool {
    let word: String = secret.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(word.as_str(), "redacted" | "hidden" | "masked" | "removed") || word.chars().all(|c| c == 'x')
}

async fn deletable(target: &Immich, consents: Consents) -> Result<String, TargetError> {
    if consents.leave_accounts {
        return Ok("no; the accounts of the run stay, as --leave-accounts allows".to_owned());
    }
    target.try_deletion().await.map(|()| "yes".to_owned())
}

async fn staging(target: &Immich, consents: Consents) -> Result<String, TargetError> {
    // Accounts of earlier runs may stay; they are not those of users.
    let accounts = target.accounts().await?.iter().filter(|account| !leftovers::is_of_a_run(account)).count();
    if accounts > MANY_ACCOUNTS && !consents.production {
        return Err(TargetError::ManyAccounts(accounts));
    }
    Ok(counted(accounts, "account", "accounts"))
}

/// Whether the key does for `access`; all that it lacks is named at once,
/// if the server lists it.
pub(crate) async fn key(target: &Immich, access: &Access) -> Result<String, TargetError> {
    // These prove key and administrator at once.
    let proved = match target.settings().await {
        Ok(_) => target.accounts().await.map(drop),
        Err(error) => Err(error),
    };
    let missing = match &proved {
        Ok(()) | Err(TargetError::Permission(_)) => {
            let permissions = target.permissions().await?;
            let routes = target.settings_routes();
            permissions.map(|permissions| access.missing(routes, &permissions)).unwrap_or_default()
        }
        Err(_) => Vec::new(),
    };
    if !missing.is_empty() {
        return Err(TargetError::Permission(missing));
    }
    proved.map(|()| "belongs to an administrator".to_owned())
}

async fn administrator(target: &Immich) -> Result<String, TargetError> {
    if target.is_initialized().await? { Ok("exists".to_owned()) } else { Err(TargetError::NoAdministrator) }
}

async fn changeable(target: &Immich, access: &Access) -> Result<String, TargetError> {
    let from_file = target.reads_configuration_file().await?;
    let Some(file) = access.file() else {
        if from_file {
            return Err(TargetError::ConfigurationFile);
        }
        return Ok("through the API".to_owned());
    };
    let path = file.path().display().to_string();
    if !from_file && file.variables().is_none() {
        return Err(TargetError::NoConfigurationFile(path));
    }
    target.learn_secrets_of(file)?;
    let set = sections_of(&file.meaning(&file.read()?)?);
    file.try_writing()?;
    // What the file says of OAuth is what the server has: it reads this one.
    let mut shown = sections_of(&target.settings().await?);
    let unnamed = file.variables().map(|variables| variables.lacking(&shown)).unwrap_or_default();
    if !unnamed.is_empty() {
        return Err(file.variable_fault(VariableFault::Unnamed(unnamed)));
    }
    shown.retain(|name, section| {
        section.retain(|key, _| set.get(name).is_some_and(|set| set.contains_key(key)));
        !section.is_empty()
    });
    let mut known = set;
    known.retain(|_, section| !section.is_empty());
    let keys = differences(&shown, &known);
    if keys.is_empty() {
        Ok(format!("in the file {path}"))
    } else {
        Err(TargetError::AnotherConfigurationFile { path, keys })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("********", true)]
    #[case("••••", true)]
    #[case("<REDACTED>", true)]
    #[case("xxxxxxxx", true)]
    #[case("[hidden]", true)]
    #[case("*Gx7pQ2*", false)]
    #[case("a secret of theirs", false)]
    fn a_mask_is_no_secret(#[case] text: &str, #[case] masked: bool) {
        assert_eq!(is_masked(text), masked);
    }
}

//! What to do about an error of a target.

use std::borrow::Cow;

use super::TargetError;

impl TargetError {
    /// What to do about it.
    pub fn help(&self) -> Cow<'static, str> {
        let help = match self {
            Self::Address(_) => "give a scheme and a host, and a port if needed, such as https://staging.example.org",
            Self::Page { origin, .. } => return format!("remove the path: {origin}").into(),
            Self::Credentials(_) => {
                "remove the user name and the password: the harness must reach the server as apps do, without them"
            }
            Self::Unreachable { reason, .. } => reason.help(),
            Self::TimedOut(_) => {
                "look for an error in the server's log: it hangs, or it cannot reach its database or another service"
            }
            Self::Certificate { reason, .. } => certificate_help(reason),
            Self::NoTls(_) => "give the address with http://, or with the port for TLS",
            Self::NotImmich { found, .. } if found.contains("html") => {
                "give the address of Immich's web page. If that is what you gave, a proxy in front of the server may \
                 answer with its own sign-in page (Authelia, oauth2-proxy): give the address behind the proxy, or \
                 configure the proxy to pass API requests"
            }
            Self::NotImmich { found, .. } if found.starts_with("status 5") => {
                "look for the error in the log of the server and of the proxy in front of it"
            }
            Self::NotImmich { .. } => "give the address of Immich's web page",
            Self::Unreadable { .. } => {
                "compare the response with that of an Immich server; a proxy in front of the server may have changed it"
            }
            Self::Client(limit) => limit.help(),
            Self::KeyRefused => {
                "sign in to this server as an administrator, create a key under Account Settings > API Keys, and save \
                 only the key in the file"
            }
            Self::NotAdministrator => {
                "sign in as an administrator, create a key under Account Settings > API Keys, and use this key"
            }
            Self::Permission(_) => "create a key with these permissions, or with all permissions",
            Self::ConfigurationFile => {
                "pass this file with --config-file FILE, as a path on this machine: the run restores it byte for byte. \
                 Or use --fixed-settings to play only the tests that fit the current settings"
            }
            Self::NoConfigurationFile(_)
            | Self::AnotherConfigurationFile { .. }
            | Self::ConfigurationFileFault { .. }
            | Self::ConfigurationFileGone(_)
            | Self::Restart(_) => self.help_with_file(),
            Self::Variables { fault, .. } => fault.help(),
            Self::NotInForce(_) => {
                "pass the file that this server reads, not a copy. If the server reads its file only when it starts, \
                 add --restart-command COMMAND. If several servers share the address, add --replicas N"
            }
            Self::FixedSettings(_) => {
                "at the server, turn OAuth on and set `oauth.issuerUrl` to the address of the harness's provider. \
                 --idp-listen chooses this address; if the server reaches the provider at another address, add \
                 --idp-url"
            }
            Self::NoAdministrator => "open the server in a browser and sign up; the first account is the administrator",
            Self::OAuthInUse(_) => {
                "if no end-user needs to sign in during the run, add --replace-oauth-settings; the run restores the \
                 settings at its end"
            }
            Self::ManyAccounts(_) => "use a staging server; if this is one, add --yes",
            Self::Clock(_) => "synchronize the clocks with NTP",
            Self::Unexpected { .. } => "look for the error in the server's log",
            Self::SettingsRefused(_) => "compare the settings of the scenario with what this server accepts",
            Self::AnotherServer(_) => {
                "run `oidc-harness restore` with the server's address from the journal as --target. If both addresses \
                 belong to the same server, add --force"
            }
            Self::ChangedByOthers(_) => {
                "look at the OAuth settings: an administrator, another program or the server changed them. If you do \
                 not need this change, run `oidc-harness restore --force`: it restores the settings from before the \
                 run"
            }
            Self::OtherSettings(_) => {
                "run `oidc-harness restore --force`: it restores every setting that the server still has, and lists \
                 the others. Perhaps the server was updated since the run began"
            }
            Self::NotPutBack(_) => {
                "compare this setting in the server's settings page, and run `oidc-harness restore` again"
            }
            Self::NotGone(_) => {
                "check that the server's microservices worker is running, which deletes accounts. Then run \
                 `oidc-harness restore`"
            }
            Self::NotDeleted { .. } => {
                "delete the accounts with an email at `@harness.test` as an administrator, or run `oidc-harness \
                 restore` again"
            }
            Self::Leftovers { .. } => {
                "if another run is active, wait for its end. If a run was killed and its journal is lost, run \
                 `oidc-harness restore --to-defaults`: it turns OAuth off and deletes the accounts of runs"
            }
            Self::CannotDelete(_) => "add --leave-accounts: the run goes on, and its accounts stay on the server",
            Self::HiddenSecret => {
                "pass the server's configuration file with --config-file FILE, or use --fixed-settings to play only \
                 the tests that fit the current settings"
            }
            Self::SessionOpen(_) => {
                "sign in as this user, and end the session under Account Settings > Authorized Devices"
            }
        };
        help.into()
    }

    /// What to do about the file that the server reads its settings from.
    const fn help_with_file(&self) -> &'static str {
        match self {
            Self::NoConfigurationFile(_) => "remove --config-file: the run changes the settings over the API",
            Self::ConfigurationFileFault { .. } => {
                "check that this machine can read and write the file, that the disk has free space, and that the file \
                 is JSON or YAML"
            }
            Self::ConfigurationFileGone(_) => {
                "run `oidc-harness restore --force`: it writes the file as it was before the run"
            }
            Self::Restart(_) => {
                "run the command by hand, and look at its output: it must end with status 0 once the server has \
                 stopped or started again"
            }
            _ => {
                "pass the file that IMMICH_CONFIG_FILE names inside the server's container, or the file that sets its \
                 environment variables. If the container mounts it as a single file and you replaced it, restart the \
                 container"
            }
        }
    }
}

/// What to do about a certificate, by rustls's word for what is wrong.
fn certificate_help(reason: &str) -> &'static str {
    if reason.starts_with("UnknownIssuer") {
        "pass the certificate of the authority that signed it with --ca FILE. The server must also send its \
         intermediate certificates"
    } else if reason.contains("not valid for name") || reason.starts_with("NotValidForName") {
        "use a host name of the certificate in --target"
    } else if reason.contains("expired") || reason.starts_with("Expired") {
        "renew the certificate. If it is still valid, correct this machine's clock"
    } else {
        "run `openssl s_client -connect HOST:PORT`: its output says what is wrong with the certificate"
    }
}

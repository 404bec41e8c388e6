//! `oidc-harness ca`: a certificate authority that outlives a run, since a
//! server reads whom it trusts when it starts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use mock_idp::{AuthorityError, CertificateAuthority, Clock};

use super::output::{fail, print};
use crate::exit_code::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder for the CA certificate and its private key
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> ExitCode {
    let folder = &arguments.folder;
    if let Err(error) = CertificateAuthority::create(folder, Clock::system().now()) {
        let code = if matches!(error, AuthorityError::Exists(_)) { ExitCode::Usage } else { ExitCode::Harness };
        return fail(&error, Some(error.help()), code);
    }
    let path = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    print(&format!(
        "{}\n    the certificate, valid for ten years. Configure the server to trust it, and restart the server. For a \
         Node.js server such as Immich, set in its environment: NODE_EXTRA_CA_CERTS={}\n{}\n    the private key. Keep \
         it secret: an attacker who has it can impersonate every site to the server.\nthen: oidc-harness run --target \
         URL --idp-ca {}\n",
        folder.join("ca.pem").display(),
        path.join("ca.pem").display(),
        folder.join("ca.key").display(),
        folder.display(),
    ));
    ExitCode::Good
}

/// The authority in `folder`, if one is given.
pub(super) fn load(folder: Option<&Path>) -> Result<Option<Arc<CertificateAuthority>>, AuthorityError> {
    folder.map(|folder| CertificateAuthority::load(folder, Clock::system().now()).map(Arc::new)).transpose()
}

//! A private certificate authority: a root for peers to trust, and an
//! intermediate below it that signs.
//!
//! Made fresh, or kept in a folder, because a Node server reads the file of
//! the authorities that it trusts only when it starts. The intermediate is
//! made anew each time; peers that know the root follow it there.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData,
};
use time::OffsetDateTime;
use x509_parser::pem::parse_x509_pem;

use super::validity::{CertificateError, DAY, moment};

/// The certificate of the root, in its folder.
const CERTIFICATE: &str = "ca.pem";

/// The key of the root, in its folder.
const KEY: &str = "ca.key";

/// How long a root is good for: ten years.
const LIFETIME: i64 = 3653 * DAY;

/// A root and an intermediate below it.
#[derive(Debug)]
pub struct CertificateAuthority {
    pem: String,
    root: Issuer<'static, KeyPair>,
    pub(super) intermediate: CertifiedIssuer<'static, KeyPair>,
}

/// Why a certificate authority cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// One is there already.
    #[error("{0} already has a certificate authority, which servers may trust; it was not changed")]
    Exists(PathBuf),
    /// It cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It cannot be read.
    #[error("cannot read the certificate authority's file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{path} is not {what} in PEM format")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
    },
    /// It may not sign other certificates.
    #[error("the certificate {0} is not that of a certificate authority")]
    NotAnAuthority(PathBuf),
    /// Certificate and key do not belong together.
    #[error("the key {key} does not belong to the certificate {certificate}")]
    OtherKey {
        /// The key's file.
        key: PathBuf,
        /// The certificate's file.
        certificate: PathBuf,
    },
    /// Now is not within its lifetime.
    #[error("the certificate {path} is valid only from {from} to {to}")]
    NotInForce {
        /// The certificate's file.
        path: PathBuf,
        /// The first day.
        from: String,
        /// The last day.
        to: String,
    },
    /// A certificate cannot be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

impl AuthorityError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Exists(_) => "give another folder, or use the authority in this one",
            Self::Write { .. } => "give a folder that you can write to",
            Self::Read { .. } => "`oidc-harness ca DIR` creates a certificate authority in the folder DIR",
            Self::Malformed { .. } | Self::NotAnAuthority(_) | Self::OtherKey { .. } => {
                "use ca.pem and ca.key as `oidc-harness ca DIR` created them"
            }
            Self::NotInForce { .. } => {
                "create another one with `oidc-harness ca DIR`, and configure the server to trust it instead"
            }
            Self::Certificate(_) => "set the clock of this machine to the correct time",
        }
    }
}

impl CertificateAuthority {
    /// A new one, good for ten years from `now`, in seconds since 1970. It is
    /// nowhere but here.
    pub fn fresh(now: i64) -> Result<Self, CertificateError> {
        let (pem, root) = root(now)?;
        Self::with(pem, root, now)
    }

    /// The same, kept in `folder`, which is made if need be: the certificate
    /// as `ca.pem`, the key, for the owner's eyes only, as `ca.key`. None is
    /// ever replaced.
    pub fn create(folder: &Path, now: i64) -> Result<Self, AuthorityError> {
        let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
        if certificate.exists() || key.exists() {
            return Err(AuthorityError::Exists(folder.to_owned()));
        }
        let (pem, root) = root(now)?;
        std::fs::create_dir_all(folder).map_err(|source| AuthorityError::Write { path: folder.to_owned(), source })?;
        write(&key, &root.key().serialize_pem(), 0o600)?;
        write(&certificate, &pem, 0o644)?;
        Ok(Self::with(pem, root, now)?)
    }

    /// The one in `folder`, if it is in force at `now`.
    pub fn load(folder: &Path, now: i64) -> Result<Self, AuthorityError> {
        let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
        let read = |path: &Path| {
            std::fs::read_to_string(path).map_err(|source| AuthorityError::Read { path: path.to_owned(), source })
        };
        let (pem, key_pem) = (read(&certificate)?, read(&key)?);
        let malformed = || AuthorityError::Malformed { path: certificate.clone(), what: "a certificate" };
        let (_, block) = parse_x509_pem(pem.as_bytes()).map_err(|_| malformed())?;
        let parsed = block.parse_x509().map_err(|_| malformed())?;
        if !parsed.is_ca() {
            return Err(AuthorityError::NotAnAuthority(certificate));
        }
        let validity = parsed.validity();
        if !(validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now) {
            let day = |at: x509_parser::time::ASN1Time| at.to_datetime().date().to_string();
            let (from, to) = (day(validity.not_before), day(validity.not_after));
            return Err(AuthorityError::NotInForce { path: certificate, from, to });
        }
        let pair = KeyPair::from_pem(&key_pem)
            .map_err(|_| AuthorityError::Malformed { path: key.clone(), what: "a private key" })?;
        if pair.subject_public_key_info() != parsed.public_key().raw {
            return Err(AuthorityError::OtherKey { key, certificate });
        }
        let root = Issuer::from_ca_cert_pem(&pem, pair).map_err(|_| malformed())?;
        Ok(Self::with(pem, root, now)?)
    }

    /// The root's certificate in PEM, for peers that shall trust it.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    fn with(pem: String, root: Issuer<'static, KeyPair>, now: i64) -> Result<Self, CertificateError> {
        let intermediate = intermediate(&root, now)?;
        Ok(Self { pem, root, intermediate })
    }

    /// An intermediate that no peer has seen.
    pub(super) fn hidden_intermediate(&self, now: i64) -> Result<CertifiedIssuer<'static, KeyPair>, CertificateError> {
        intermediate(&self.root, now)
    }
}

fn intermediate(root: &Issuer<'_, KeyPair>, now: i64) -> Result<CertifiedIssuer<'static, KeyPair>, CertificateError> {
    let lifetime = (moment(now, -DAY)?, moment(now, LIFETIME)?);
    let params = authority("intermediate of mock-idp", BasicConstraints::Constrained(0), lifetime);
    Ok(CertifiedIssuer::signed_by(params, KeyPair::generate()?, root)?)
}

/// Each has a name of its own: peers that trust several distinguish them by it.
fn root(now: i64) -> Result<(String, Issuer<'static, KeyPair>), CertificateError> {
    let key = KeyPair::generate()?;
    let mark: String = key.public_key_raw().iter().rev().take(4).map(|byte| format!("{byte:02x}")).collect();
    let lifetime = (moment(now, -DAY)?, moment(now, LIFETIME)?);
    let params = authority(&format!("test authority {mark} of mock-idp"), BasicConstraints::Unconstrained, lifetime);
    let pem = params.self_signed(&key)?.pem();
    Ok((pem, Issuer::new(params, key)))
}

fn authority(
    name: &str,
    constraints: BasicConstraints,
    (from, to): (OffsetDateTime, OffsetDateTime),
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(constraints);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    (params.not_before, params.not_after) = (from, to);
    params
}

/// Writes a new file; one that is there is not touched.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), AuthorityError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| AuthorityError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn kept() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        CertificateAuthority::create(folder.path(), NOW).unwrap();
        folder
    }

    #[test]
    fn what_is_kept_is_found_again_and_never_replaced() {
        let folder = kept();
        let pem = std::fs::read_to_string(folder.path().join("ca.pem")).unwrap();
        assert_eq!(CertificateAuthority::load(folder.path(), NOW + LIFETIME - DAY).unwrap().pem(), pem);
        let error = CertificateAuthority::create(folder.path(), NOW).unwrap_err();
        assert!(matches!(error, AuthorityError::Exists(_)), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("ca.pem")).unwrap(), pem);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = kept();
        let mode = std::fs::metadata(folder.path().join("ca.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[rstest]
    #[case::no_certificate(|folder: &Path| std::fs::remove_file(folder.join("ca.pem")).unwrap(), "/ca.pem: ")]
    #[case::no_key(|folder: &Path| std::fs::remove_file(folder.join("ca.key")).unwrap(), "/ca.key: ")]
    #[case::prose(|folder: &Path| std::fs::write(folder.join("ca.pem"), "dear diary").unwrap(), "is not a certificate")]
    #[case::key_of_prose(|folder: &Path| std::fs::write(folder.join("ca.key"), "hush").unwrap(), "is not a private key")]
    #[case::other_key(
        |folder: &Path| {
            std::fs::copy(kept().path().join("ca.key"), folder.join("ca.key")).unwrap();
        },
        "does not belong to"
    )]
    #[case::no_authority(
        |folder: &Path| {
            let leaf = rcgen::generate_simple_self_signed(["a.test".to_owned()]).unwrap();
            std::fs::write(folder.join("ca.pem"), leaf.cert.pem()).unwrap();
        },
        "is not that of a certificate authority"
    )]
    fn mistakes_are_reported(#[case] spoil: fn(&Path), #[case] word: &str) {
        let folder = kept();
        spoil(folder.path());
        let error = CertificateAuthority::load(folder.path(), NOW).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }

    #[rstest]
    #[case(NOW - 2 * DAY)]
    #[case(NOW + LIFETIME + DAY)]
    fn it_has_its_time(#[case] now: i64) {
        let error = CertificateAuthority::load(kept().path(), now).unwrap_err().to_string();
        assert!(error.ends_with("is valid only from 2027-01-14 to 2037-01-15"), "{error}");
    }

    #[test]
    fn a_time_that_no_certificate_can_tell_is_an_error() {
        assert!(CertificateAuthority::fresh(i64::MAX).is_err());
    }
}

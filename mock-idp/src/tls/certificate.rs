//! The certificate that an issuer shows to clients: a good certificate, or one
//! that is wrong in one way.

use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::NoServerSessionStorage;

use super::validity::{CertificateError, DAY, moment};
use super::{CertificateAuthority, Tls};

/// A host that no issuer has.
const ELSEWHERE: &str = "elsewhere.test";

impl Tls {
    /// How to speak TLS with a certificate of this kind for `hosts`, made at
    /// `now`, in seconds since 1970.
    pub(crate) fn server_config(
        self,
        authority: &CertificateAuthority,
        hosts: &[String],
        now: i64,
    ) -> Result<ServerConfig, CertificateError> {
        let mut params = match self {
            Self::WrongHost => CertificateParams::new([ELSEWHERE.to_owned()])?,
            _ => CertificateParams::new(hosts)?,
        };
        params.distinguished_name.push(DnType::CommonName, "mock-idp");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let (from, to) = if self == Self::Expired { (-30 * DAY, -DAY) } else { (-DAY, 365 * DAY) };
        (params.not_before, params.not_after) = (moment(now, from)?, moment(now, to)?);
        let key = KeyPair::generate()?;
        let below = |intermediate: &CertifiedIssuer<'_, KeyPair>| -> Result<_, CertificateError> {
            Ok(vec![params.signed_by(&key, intermediate)?.der().clone(), intermediate.der().clone()])
        };
        let chain: Vec<CertificateDer<'static>> = match self {
            Self::SelfSigned => vec![params.self_signed(&key)?.der().clone()],
            Self::UnknownCa => below(&CertificateAuthority::fresh(now)?.intermediate)?,
            // Of its own, since some peers remember those that they have seen.
            Self::MissingIntermediate => below(&authority.hidden_intermediate(now)?)?.into_iter().take(1).collect(),
            _ => below(&authority.intermediate)?,
        };
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // A session that is taken up again shows no certificate.
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        Ok(config)
    }
}

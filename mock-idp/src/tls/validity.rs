//! When a certificate is valid, and why none can be made. What is in one is for
//! [`super::authority`] and [`super::certificate`].

use time::OffsetDateTime;
use tokio_rustls::rustls;

/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;

/// Why a certificate cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A certificate cannot contain this time.
    #[error("cannot create a certificate with the time {0} (in seconds since 1970)")]
    Time(i64),
    /// It cannot be made.
    #[error("cannot create the certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// TLS cannot be had with it.
    #[error("cannot use the certificate: {0}")]
    Use(#[from] rustls::Error),
}

/// The moment that many seconds after `now`, if its year has four digits.
pub(super) fn moment(now: i64, after: i64) -> Result<OffsetDateTime, CertificateError> {
    let seconds = now.saturating_add(after);
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| CertificateError::Time(seconds))
}

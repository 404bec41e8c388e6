//! The bytes of a published document, such as the discovery document. They are
//! made once and kept until the issuer changes. The endpoint makes them; the
//! gate decides whether they may be sent unchanged.

use std::sync::{PoisonError, RwLock};

use axum::body::Bytes;

/// The bytes, with the revision of the issuer that they are of.
#[derive(Debug, Default)]
pub(crate) struct CachedDocument(RwLock<Option<(u64, Bytes)>>);

impl CachedDocument {
    /// Returns the bytes of that revision. The caller reads the revision before
    /// `make` reads the issuer. So the bytes may be newer than `revision`, and
    /// are made again then, but never older.
    pub(crate) fn at<E>(&self, revision: u64, make: impl FnOnce() -> Result<Bytes, E>) -> Result<Bytes, E> {
        if let Some((made, bytes)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && *made == revision
        {
            return Ok(bytes.clone());
        }
        let bytes = make()?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((revision, bytes.clone()));
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn bytes_are_made_once_for_each_revision() {
        let document = CachedDocument::default();
        let at = |revision, text: &'static str| {
            document.at::<Infallible>(revision, || Ok(Bytes::from_static(text.as_bytes())))
        };
        assert_eq!(at(1, "first"), Ok("first".into()));
        assert_eq!(at(1, "second"), Ok("first".into()));
        assert_eq!(at(2, "third"), Ok("third".into()));
        assert_eq!(document.at(3, || Err("no keys")), Err("no keys"));
        assert_eq!(at(2, "fourth"), Ok("third".into()));
    }
}

//! A message that is the same until something changes, as bytes that are made
//! once. What they say is for the endpoint, whether they may be sent as they
//! are for the gate.

use std::sync::{PoisonError, RwLock};

use axum::body::Bytes;

/// The bytes, and under which revision of the issuer they were made.
#[derive(Debug, Default)]
pub(crate) struct Document(RwLock<Option<(u64, Bytes)>>);

impl Document {
    /// The bytes of that revision. `make` looks at the issuer only after the
    /// revision was read: what it finds may be newer than `revision`, and is
    /// made again then, but never older.
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
        let document = Document::default();
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

//! The provider's time: real, plus an offset that a test moves by hand.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The largest whole number that JSON carries exactly everywhere (RFC 8259 §6).
pub(crate) const FAR_AWAY: i64 = 9_007_199_254_740_991;

/// A clock that can be moved. Clones share the offset.
#[derive(Clone)]
pub struct Clock {
    base: Arc<dyn Fn() -> i64 + Send + Sync>,
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// The computer's clock.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
    pub fn system() -> Self {
        Self::from_fn(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
    }

    /// A clock that stands still until it is moved.
    pub fn frozen(seconds: i64) -> Self {
        Self::from_fn(move || seconds)
    }

    fn from_fn(base: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { base: Arc::new(base), offset: Arc::default() }
    }

    /// Seconds since 1970; never so far away that adding a lifetime would
    /// overflow.
    pub fn now(&self) -> i64 {
        (self.base)().saturating_add(self.offset()).clamp(-FAR_AWAY, FAR_AWAY)
    }

    /// Moves the clock by `seconds`, back if negative.
    pub fn advance(&self, seconds: i64) {
        let moved = |offset: i64| Some(offset.saturating_add(seconds));
        let _ = self.offset.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }

    /// How far it was moved, in seconds.
    pub fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    /// Moves it to where it was when [`Self::offset`] was this.
    pub fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::Relaxed);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_offset() {
        let clock = Clock::frozen(100);
        clock.clone().advance(5);
        assert_eq!(clock.now(), 105);
        for _ in 0..2 {
            clock.advance(i64::MAX);
            assert_eq!(clock.now(), FAR_AWAY);
        }
        assert!(clock.now().checked_add(i64::from(u32::MAX)).is_some());
    }
}

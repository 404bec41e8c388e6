//! Answers to the administrator that no play has judged yet. What is judged in
//! them is for [`crate::runner`].

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::exchange::Exchange;

/// Exchanges that wait for a play to judge them.
#[derive(Debug, Default)]
pub(super) struct Unjudged {
    waiting: Mutex<Vec<Exchange>>,
    /// Those that were taken, where they may have to be judged again.
    taken: Option<Mutex<Vec<Exchange>>>,
}

fn lock(exchanges: &Mutex<Vec<Exchange>>) -> MutexGuard<'_, Vec<Exchange>> {
    exchanges.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Unjudged {
    /// Keeps what is taken.
    pub(super) fn keeping() -> Self {
        Self { taken: Some(Mutex::default()), ..Self::default() }
    }

    /// Adds the last one.
    pub(super) fn push(&self, exchange: Exchange) {
        lock(&self.waiting).push(exchange);
    }

    /// Takes all that wait.
    pub(super) fn take(&self) -> Vec<Exchange> {
        let all = std::mem::take(&mut *lock(&self.waiting));
        if let Some(taken) = &self.taken {
            lock(taken).extend_from_slice(&all);
        }
        all
    }

    /// Puts exchanges before those that wait.
    pub(super) fn put_back(&self, mut earlier: Vec<Exchange>) {
        let mut waiting = lock(&self.waiting);
        earlier.append(&mut waiting);
        *waiting = earlier;
    }

    /// Takes over those that wait elsewhere, and `again` those that were taken
    /// there.
    pub(super) fn rejoin(&self, other: &Self, again: bool) {
        let taken = other.taken.as_ref().filter(|_| again);
        let mut all = taken.map(|taken| std::mem::take(&mut *lock(taken))).unwrap_or_default();
        all.append(&mut lock(&other.waiting));
        lock(&self.waiting).append(&mut all);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn exchange(url: &str) -> Exchange {
        Exchange { url: url.to_owned(), ..Exchange::default() }
    }

    fn urls(exchanges: Vec<Exchange>) -> Vec<String> {
        exchanges.into_iter().map(|exchange| exchange.url).collect()
    }

    #[test]
    fn what_is_put_back_is_judged_first() {
        let unjudged = Unjudged::default();
        unjudged.push(exchange("a"));
        let earlier = unjudged.take();
        unjudged.push(exchange("b"));
        unjudged.put_back(earlier);
        assert_eq!(urls(unjudged.take()), ["a", "b"]);
        assert_eq!(urls(unjudged.take()), [""; 0]);
    }

    /// A test that is played again finds all that it found before.
    #[rstest]
    #[case::passed(false, &["b"])]
    #[case::played_again(true, &["a", "b"])]
    fn what_was_judged_beside_others_is_judged_again(#[case] again: bool, #[case] expected: &[&str]) {
        let (own, beside) = (Unjudged::default(), Unjudged::keeping());
        beside.push(exchange("a"));
        beside.take();
        beside.push(exchange("b"));
        own.rejoin(&beside, again);
        assert_eq!(urls(own.take()), expected);
    }
}

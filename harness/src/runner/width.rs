//! How many tests a server plays side by side: as many as the user says, or more
//! and more as long as the server answers as fast. Where it does not, it tries again
//! later: the server may have been busy for a moment.

use std::num::NonZeroUsize;
use std::time::Duration;

/// So many at a time to begin with, unless a number is given.
const FEWEST: usize = 4;

/// No more at a time, unless a number is given.
const MOST: usize = 32;

/// So many tests, or twice as many as play at a time, are measured before the
/// number changes.
const MEASURED: usize = 8;

/// How many tests play side by side.
#[derive(Debug)]
pub(super) struct Width {
    at_once: usize,
    is_given: bool,
    /// How long an answer took at the present number, by test.
    times: Vec<Duration>,
    /// The median of that at half the number, if the number is on trial.
    before: Option<Duration>,
    /// How many trials failed.
    failed: u32,
    /// So many measures are to come before the next trial.
    rest: usize,
}

impl Width {
    /// The given number, or one that grows.
    pub(super) fn new(given: Option<NonZeroUsize>) -> Self {
        let at_once = given.map_or(FEWEST, NonZeroUsize::get);
        Self { at_once, is_given: given.is_some(), times: Vec::new(), before: None, failed: 0, rest: 0 }
    }

    /// How many may play now.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// In a test that passed an answer took so long. Doubles the number, and halves it
    /// again if the answers to twice as many tests take nearly twice as long. Each
    /// time, the next trial is twice as far away.
    pub(super) fn note(&mut self, answer_time: Duration) {
        if self.is_given {
            return;
        }
        self.times.push(answer_time);
        if self.times.len() < MEASURED.max(2 * self.at_once) {
            return;
        }
        self.times.sort_unstable();
        let median = self.times[self.times.len() / 2];
        self.times.clear();
        if self.before.take().is_some_and(|before| 4 * median > 7 * before) {
            self.at_once /= 2;
            self.failed += 1;
            self.rest = 2_usize.saturating_pow(self.failed);
        } else if self.rest > 0 {
            self.rest -= 1;
        } else if self.at_once < MOST {
            self.at_once *= 2;
            self.before = Some(median);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Plays tests that take so long at each number. Returns how many may play
    /// at once before each.
    fn numbers(tests: usize, time: impl Fn(usize) -> u64) -> Vec<usize> {
        let mut width = Width::new(None);
        let mut numbers = Vec::new();
        for _ in 0..=tests {
            numbers.push(width.at_once());
            width.note(Duration::from_millis(time(width.at_once())));
        }
        numbers
    }

    #[test]
    fn grows_while_tests_take_no_longer() {
        let numbers = numbers(400, |_| 600);
        assert_eq!([7, 8, 23, 24, 55, 56, 400].map(|tests| numbers[tests]), [4, 8, 8, 16, 16, 32, 32]);
    }

    /// Twice as many that take twice as long are done no sooner.
    #[rstest]
    #[case::never(4, |at_once| 600 * at_once as u64)]
    #[case::beyond_eight(8, |at_once| if at_once <= 8 { 600 } else { 1200 })]
    fn stays_where_the_server_is_busy(#[case] most: usize, #[case] time: fn(usize) -> u64) {
        let numbers = numbers(4000, time);
        assert_eq!(numbers.iter().max(), Some(&(2 * most)));
        let tried = numbers[400..].iter().filter(|number| **number > most).count();
        assert!(tried < 360, "{tried}");
    }

    #[test]
    fn grows_later_if_the_server_was_busy_only_once() {
        let mut width = Width::new(None);
        (0..8).for_each(|_| width.note(Duration::from_millis(600)));
        (0..16).for_each(|_| width.note(Duration::from_secs(2)));
        assert_eq!(width.at_once(), 4);
        (0..200).for_each(|_| width.note(Duration::from_millis(600)));
        assert_eq!(width.at_once(), 32);
    }

    #[test]
    fn a_given_number_stays() {
        let mut width = Width::new(NonZeroUsize::new(3));
        (0..100).for_each(|number| width.note(Duration::from_millis(number * number)));
        assert_eq!(width.at_once(), 3);
    }
}

//! Whether tests side by side save time at this server: what is red beside others is
//! played again alone, so at a server that fails most tests they may cost more than
//! they save. Pure; [`super::width`] says how many play at a time.

use std::time::Duration;

/// So many tests of each kind are measured before it is judged; and so many are to be
/// played again, to begin with, before that is done.
const MEASURED: u32 = 8;

/// So many tests play alone at first where side by side does not pay. Each time, twice
/// as many.
const ALONE: u32 = 64;

/// Tests, and how long they took together.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    tests: u32,
    time: Duration,
}

impl Sum {
    fn add(&mut self, tests: u32, time: Duration) {
        self.tests += tests;
        self.time += time;
    }

    /// How long one of them took; none before enough are measured.
    fn each(self) -> Option<Duration> {
        (self.tests >= MEASURED).then(|| self.time / self.tests)
    }
}

/// What tests side by side cost, and tests alone.
#[derive(Debug)]
pub(super) struct Payoff {
    /// Whether it says anything: not where the user says how many play at a time.
    is_asked: bool,
    beside: Sum,
    /// How many of those were to be played again.
    again: u32,
    alone: Sum,
    /// When so many are to be played again, they are, before others follow.
    limit: u32,
    /// So many tests are still to be played alone.
    rest: u32,
    /// How many will be, if it does not pay again.
    next_rest: u32,
}

impl Payoff {
    pub(super) fn new(is_asked: bool) -> Self {
        let (beside, alone) = (Sum::default(), Sum::default());
        Self { is_asked, beside, again: 0, alone, limit: MEASURED, rest: 0, next_rest: ALONE }
    }

    /// Whether tests may begin beside others.
    pub(super) const fn allows(&self) -> bool {
        self.rest == 0
    }

    /// Whether it is time to play `again` what is to be.
    pub(super) fn is_full(&self, again: usize) -> bool {
        again >= self.limit as usize
    }

    /// So many tests took so long side by side; so many of them are to be played again.
    pub(super) fn note_beside(&mut self, tests: u32, time: Duration, again: u32) {
        self.beside.add(tests, time);
        self.again += again;
    }

    /// A test took so long alone.
    pub(super) fn note_alone(&mut self, time: Duration) {
        self.alone.add(1, time);
        self.rest = self.rest.saturating_sub(1);
    }

    /// Judges, when no test is left to be played again.
    pub(super) fn judge(&mut self) {
        let (Some(beside), Some(alone), true) = (self.beside.each(), self.alone.each(), self.is_asked) else { return };
        if beside + alone * self.again / self.beside.tests < alone {
            self.limit = self.limit.saturating_mul(2);
        } else {
            self.rest = self.next_rest;
            self.next_rest = self.next_rest.saturating_mul(2);
            (self.beside, self.again, self.limit) = (Sum::default(), 0, MEASURED);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// A server at which a test takes so many milliseconds beside others and alone, and
    /// one of so many is red.
    #[rstest]
    #[case::near_and_green(40, 45, 100, true)]
    #[case::near_and_red(40, 45, 2, false)]
    #[case::far_and_red(250, 650, 2, true)]
    #[case::far_and_all_red(250, 650, 1, false)]
    fn it_pays_where_less_is_repeated_than_saved(
        #[case] beside: u64,
        #[case] alone: u64,
        #[case] red_of: u32,
        #[case] pays: bool,
    ) {
        let mut payoff = Payoff::new(true);
        assert!(payoff.allows(), "until it is known");
        payoff.note_beside(800, Duration::from_millis(beside) * 800, 800 / red_of);
        payoff.judge();
        assert!(payoff.allows(), "nothing was played alone");
        (0..MEASURED).for_each(|_| payoff.note_alone(Duration::from_millis(alone)));
        payoff.judge();
        assert_eq!(payoff.allows(), pays);
        assert_eq!(payoff.is_full(MEASURED as usize), !pays);
    }

    #[test]
    fn a_user_who_says_how_many_has_so_many() {
        let mut payoff = Payoff::new(false);
        payoff.note_beside(MEASURED, Duration::from_secs(8), MEASURED);
        (0..MEASURED).for_each(|_| payoff.note_alone(Duration::from_secs(1)));
        payoff.judge();
        assert!(payoff.allows());
    }

    /// The tests that follow may be other ones.
    #[test]
    fn it_is_tried_again_and_each_time_later() {
        let mut payoff = Payoff::new(true);
        for rest in [ALONE, 2 * ALONE, 4 * ALONE] {
            (0..MEASURED).for_each(|_| payoff.note_alone(Duration::from_secs(1)));
            payoff.note_beside(MEASURED, Duration::from_secs(8), MEASURED);
            payoff.judge();
            (0..rest).for_each(|_| {
                assert!(!payoff.allows());
                payoff.judge();
                payoff.note_alone(Duration::from_secs(1));
            });
            assert!(payoff.allows());
        }
    }
}

//! Whether tests side by side save time at this server: those whose result is not certain
//! are played again alone, so at a server that fails most tests they may cost more than
//! they save. Pure; [`super::width`] says how many play at a time.

use std::collections::VecDeque;
use std::time::Duration;

/// So many tests of each kind are measured before they are compared.
const MEASURED: u32 = 8;

/// So many tests to be played again end a round at first, and at most.
const REPEATED: (usize, usize) = (8, 64);

/// So many tests play alone at first where side by side costs more. Each time, twice as
/// many.
const ALONE: u32 = 64;

/// The last so many tests that played alone are compared with.
const LAST: usize = 32;

/// What tests cost side by side and alone.
#[derive(Debug)]
pub(super) struct Payoff {
    /// Whether the run chooses how many play at a time, and not the user.
    is_chosen: bool,
    /// How many tests played side by side since the last comparison, how long that took,
    /// and how many of them were to be played again.
    beside: (u32, Duration, usize),
    /// How long tests took alone.
    alone: VecDeque<Duration>,
    /// So many tests to be played again end a round.
    most_repeated: usize,
    /// So many tests are still to be played alone.
    still_alone: u32,
    /// How many will be if side by side costs more the next time.
    next_alone: u32,
}

impl Payoff {
    /// Nothing is measured; `is_chosen` says whether the run chooses how many play at a
    /// time.
    pub(super) const fn new(is_chosen: bool) -> Self {
        Self {
            is_chosen,
            beside: (0, Duration::ZERO, 0),
            alone: VecDeque::new(),
            most_repeated: REPEATED.0,
            still_alone: 0,
            next_alone: ALONE,
        }
    }

    /// Whether tests may begin beside others.
    pub(super) const fn allows(&self) -> bool {
        self.still_alone == 0
    }

    /// Whether no further test begins before so many have been played again.
    pub(super) const fn is_full(&self, repeated: usize) -> bool {
        self.is_chosen && repeated >= self.most_repeated
    }

    /// So many tests took so long side by side, and so many are to be played again.
    pub(super) fn note_beside(&mut self, tests: u32, time: Duration, repeated: usize) {
        let (all, whole, again) = self.beside;
        self.beside = (all + tests, whole + time, again + repeated);
    }

    /// A test took so long alone.
    pub(super) fn note_alone(&mut self, time: Duration) {
        if self.alone.len() == LAST {
            self.alone.pop_front();
        }
        self.alone.push_back(time);
        self.still_alone = self.still_alone.saturating_sub(1);
    }

    /// Compares, when no test is left to be played again.
    pub(super) fn judge(&mut self) {
        let (tests, time, repeated) = self.beside;
        let Some(alone) = self.alone_each().filter(|_| self.is_chosen && tests >= MEASURED) else { return };
        let again = alone * u32::try_from(repeated).unwrap_or(u32::MAX);
        if time + again >= alone * tests {
            (self.still_alone, self.most_repeated) = (self.next_alone, REPEATED.0);
            self.next_alone = self.next_alone.saturating_mul(2);
        } else if repeated >= self.most_repeated {
            self.most_repeated = REPEATED.1.min(2 * self.most_repeated);
        }
        self.beside = (0, Duration::ZERO, 0);
    }

    /// How long a test takes alone; none before enough are measured. One that waits for
    /// the server in vain does not count for many.
    fn alone_each(&self) -> Option<Duration> {
        let mut times: Vec<Duration> = self.alone.iter().copied().collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().filter(|_| times.len() >= MEASURED as usize)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Notes `tests` tests that played alone. Each took so many milliseconds.
    fn play_alone(payoff: &mut Payoff, tests: u32, milliseconds: u64) {
        (0..tests).for_each(|_| payoff.note_alone(Duration::from_millis(milliseconds)));
    }

    /// A server at which a test takes so many milliseconds beside others and alone, and
    /// one of so many is played again.
    #[rstest]
    #[case::near_and_green(40, 45, 100, true)]
    #[case::near_and_red(40, 45, 2, false)]
    #[case::far_and_red(250, 650, 2, true)]
    #[case::far_and_all_red(250, 650, 1, false)]
    fn it_pays_where_less_is_repeated_than_saved(
        #[case] beside: u64,
        #[case] alone: u64,
        #[case] repeated_of: usize,
        #[case] pays: bool,
    ) {
        let mut payoff = Payoff::new(true);
        payoff.note_beside(800, Duration::from_millis(beside) * 800, 800 / repeated_of);
        payoff.judge();
        assert!(payoff.allows(), "nothing was played alone");
        play_alone(&mut payoff, MEASURED, alone);
        payoff.note_alone(Duration::from_secs(60));
        payoff.judge();
        assert_eq!(payoff.allows(), pays);
        assert_eq!(payoff.is_full(REPEATED.0), !pays);
    }

    /// More would be uncertain for long.
    #[test]
    fn rounds_grow_while_they_are_full_and_pay() {
        let mut payoff = Payoff::new(true);
        play_alone(&mut payoff, MEASURED, 1000);
        for (repeated, ends_next) in [(8, 16), (15, 16), (16, 32), (32, 64), (64, 64)] {
            payoff.note_beside(100, Duration::from_secs(1), repeated);
            payoff.judge();
            assert!(payoff.is_full(ends_next) && !payoff.is_full(ends_next - 1), "{repeated}");
        }
    }

    #[test]
    fn a_user_who_says_how_many_has_so_many() {
        let mut payoff = Payoff::new(false);
        payoff.note_beside(MEASURED, Duration::from_secs(8), 8);
        play_alone(&mut payoff, MEASURED, 1000);
        payoff.judge();
        assert!(payoff.allows() && !payoff.is_full(1000));
    }

    /// The tests that follow may be other ones.
    #[test]
    fn it_is_tried_again_and_each_time_later() {
        let mut payoff = Payoff::new(true);
        play_alone(&mut payoff, MEASURED, 1000);
        for rest in [ALONE, 2 * ALONE, 4 * ALONE] {
            payoff.note_beside(MEASURED, Duration::from_secs(8), 8);
            payoff.judge();
            for _ in 0..rest {
                assert!(!payoff.allows());
                payoff.judge();
                play_alone(&mut payoff, 1, 1000);
            }
            assert!(payoff.allows());
        }
    }
}
